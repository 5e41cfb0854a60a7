import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { messageId, messageLogInput, type BodyFormat, type MessageLogInput } from '@linefinder/core'
import { recomposeBody } from './compose.js'
import { composeMessages } from './compose-messages.js'

const jan = { number: '+31612345678', name: 'Jan de Vries' }
const office = { number: '+31413700700' }
const first = { id: 'm1', kind: 'sms', direction: 'inbound', from: jan, to: office, sentAt: '2026-03-02T09:15:00+01:00', text: 'Can you\ncome today?' }
const second = {
  id: 'm2', kind: 'mms', direction: 'outbound', from: office, to: jan, sentAt: '2026-03-02T08:20:00Z', attachments: [{ url: 'https://files.example.test/1?a=b&c', name: 'map.png' }],
}
const dayOf = (messages: readonly object[], note?: string): MessageLogInput => messageLogInput.parse({ messages, note })
const compose = (log: MessageLogInput, format: BodyFormat = 'plain') =>
  composeMessages(log, { format, timeZone: 'Europe/Amsterdam', locale: 'en-GB', dateFormat: 'iso' })

describe('the text of a day of messages', () => {
  it('has the note, and each message with its time, who wrote to whom, and links', () => {
    expect(compose(dayOf([first, second], 'Likes texting.'))).toBe([
      'Note: Likes texting.',
      '2026-03-02 09:15 CET Jan de Vries (+31612345678) → +31413700700: Can you',
      '  come today?',
      '2026-03-02 09:20 CET +31413700700 → Jan de Vries (+31612345678): (attached)',
      'Attachment map.png: https://files.example.test/1?a=b&c',
    ].join('\n'))
  })

  it('is one block each in HTML', () => {
    expect(compose(dayOf([{ ...first, text: '<b>bold</b>' }, second]), 'html')).toBe(
      '<div><b>2026-03-02 09:15 CET Jan de Vries (+31612345678) → +31413700700</b>: &lt;b&gt;bold&lt;/b&gt;</div>'
      + '<div><b>2026-03-02 09:20 CET +31413700700 → Jan de Vries (+31612345678)</b>: (attached)</div>'
      + '<div><b>Attachment map.png</b>: <a href="https://files.example.test/1?a=b&amp;c">https://files.example.test/1?a=b&amp;c</a></div>')
  })

  it('is one item each in Markdown', () => {
    expect(compose(dayOf([{ ...first, text: '# *now*' }]), 'markdown')).toMatch(/^- \*\*2026-03-02 09:15 CET Jan de Vries .*\*\*: # \\\*now\\\*$/)
  })

  it.each([
    [{ kind: 'voicemail', durationSeconds: 62, text: 'Please call.' }, 'Voicemail (1 min 02 s)\n  Please call.'],
    [{ kind: 'voicemail', text: undefined }, 'Voicemail'],
    [{ kind: 'fax', pageCount: 1, text: undefined }, 'Fax (1 page)'],
    [{ kind: 'fax', pageCount: 3, text: undefined }, 'Fax (3 pages)'],
    [{ kind: 'sms', text: ' ' }, '(empty)'],
  ])('says of %j what it is', (changes, said) => {
    expect(compose(dayOf([{ ...first, ...changes }])).endsWith(`: ${said}`)).toBe(true)
  })

  it('has as many blocks as messages, whatever they say', () => {
    fc.assert(fc.property(fc.array(fc.string({ unit: 'grapheme', maxLength: 80 }), { minLength: 1, maxLength: 5 }), fc.string({ maxLength: 20 }), (texts, name) => {
      const log: MessageLogInput = { messages: texts.map((text, n) => ({ ...dayOf([first]).messages[0]!, id: messageId.parse(`m${String(n)}`), from: { number: '1', name }, text })) }
      expect(compose(log, 'html').match(/<div>/g)).toHaveLength(texts.length)
      expect(compose(log, 'plain').split('\n').filter(line => /^\S/.test(line))).toHaveLength(texts.length)
      expect(compose(log, 'markdown').split('\n').filter(line => line.startsWith('- **'))).toHaveLength(texts.length)
    }))
  })
})

describe('a text that people have edited in the CRM', () => {
  it.each(['plain', 'html', 'markdown'] as const)('takes in new messages and keeps what they wrote, in %s', format => {
    const [previous, next] = [compose(dayOf([first]), format), compose(dayOf([first, second]), format)]
    const theirs = { plain: '\nSpoke to him.', html: '<p>Spoke to him.</p>', markdown: '\n\nSpoke to him.' }[format]
    const merged = recomposeBody({ previous, current: `${previous}${theirs}`, next, format })
    expect(merged).toContain('Spoke to him.')
    expect(merged).toContain('Attachment map')
    expect(merged.match(/come today/g)).toHaveLength(1)
    expect(recomposeBody({ previous: next, current: merged, next, format })).toBe(merged)
  })
})
