import { describe, expect, it } from '@jest/globals'
import { bodyDetails, type BodyDetail, type BodyFormat } from '@linefinder/core'
import { composeBody, type ComposableLog, type ComposeOptions } from './compose.js'

const call: ComposableLog = {
  direction: 'inbound', from: { number: '+31612345678', name: 'Jan' }, to: { number: '+31413741741' },
  startedAt: '2026-11-24T14:04:00Z',
}
const everything: ComposableLog = {
  ...call, contactName: 'Jan de Vries', note: 'Wants a quote\n\nfor <two> sites', agent: { name: 'Anna', extension: '201' },
  result: 'no_answer', disposition: 'Sale & more', answeredAt: '2026-11-24T14:04:10Z', endedAt: '2026-11-24T15:06:13Z', durationSeconds: 3723,
  queue: { name: 'Sales', number: '400' },
  legs: [
    { kind: 'ring', name: 'Bob', startedAt: '2026-11-24T14:04:00Z', endedAt: '2026-11-24T14:04:05Z', result: 'missed' },
    { kind: 'agent', name: 'Anna', extension: '201', startedAt: '2026-11-24T14:04:10Z', durationSeconds: 62 },
  ],
  fields: { case_id: 12, vip: true, tags: ['a', 'b'], empty: '' },
  recordingUrl: 'https://pbx.example/r?id=1&t=2', summary: 'A quote', transcript: 'Jan: hello\nAnna: hi', callId: 'call-1',
}

const compose = (log: ComposableLog, options: Partial<ComposeOptions> = {}): string =>
  composeBody(log, { format: 'plain', details: bodyDetails, timeZone: 'Europe/Amsterdam', locale: 'en-GB', ...options })
const one = (detail: BodyDetail, log: Partial<ComposableLog>, options: Partial<ComposeOptions> = {}): string =>
  compose({ ...call, ...log }, { details: [detail], ...options })

describe('a body with every detail', () => {
  it('is a line for each in plain text, with the further lines of a text indented', () => {
    expect(compose(everything, { fieldLabels: { case_id: 'Case' } })).toBe(`Note: Wants a quote

  for <two> sites
Agent: Anna (ext. 201)
Contact: Jan de Vries
Number: +31612345678
Direction: Inbound
Result: No answer
Disposition: Sale & more
Started: 24 Nov 2026, 15:04 CET
Answered: 24 Nov 2026, 15:04 CET
Ended: 24 Nov 2026, 16:06 CET
Duration: 1 h 02 min 03 s
Queue: Sales (400)
Call path:
  - 15:04:00 Ringing: Bob, missed, 5 s
  - 15:04:10 Agent: Anna (ext. 201), 1 min 02 s
Case: 12
vip: Yes
tags: a, b
Recording: https://pbx.example/r?id=1&t=2
Summary: A quote
Transcript: Jan: hello
  Anna: hi
Call ID: call-1`)
  })

  it('is a block for each in HTML', () => {
    expect(compose(everything, { format: 'html', details: ['note', 'legs', 'disposition', 'recording'] })).toBe([
      '<div><b>Note</b>: Wants a quote<br><br>for &lt;two&gt; sites</div>',
      '<div><b>Call path</b>:</div>',
      '<ul><li>15:04:00 Ringing: Bob, missed, 5 s</li><li>15:04:10 Agent: Anna (ext. 201), 1 min 02 s</li></ul>',
      '<div><b>Disposition</b>: Sale &amp; more</div>',
      '<div><b>Recording</b>: <a href="https://pbx.example/r?id=1&amp;t=2">https://pbx.example/r?id=1&amp;t=2</a></div>',
    ].join(''))
  })

  it('is a list item for each in Markdown', () => {
    expect(compose(everything, { format: 'markdown', details: ['note', 'legs', 'fields', 'recording'] })).toBe(`- **Note**: Wants a quote\\
  \\
  for &lt;two&gt; sites
- **Call path**:
  - 15:04:00 Ringing: Bob, missed, 5 s
  - 15:04:10 Agent: Anna (ext. 201), 1 min 02 s
- **case\\_id**: 12
- **vip**: Yes
- **tags**: a, b
- **Recording**: <https://pbx.example/r?id=1&t=2>`)
  })
})

it('takes the details in the order asked for, each once, with labels of one’s own', () => {
  expect(compose(everything, { details: ['result', 'agent', 'result'], labels: { result: 'Resultaat', agent: ' ' } }))
    .toBe('Resultaat: No answer\nAgent: Anna (ext. 201)')
})

it('leaves no line for what is absent or blank', () => {
  expect(compose({ ...call, note: ' \n\t', disposition: '', fields: {}, legs: [], agent: {}, queue: {} }))
    .toBe('Contact: Jan\nNumber: +31612345678\nDirection: Inbound\nStarted: 24 Nov 2026, 15:04 CET')
})

it('tells the number called when the call went out, and a withheld one in words', () => {
  expect(one('number', { direction: 'outbound' })).toBe('Number: +31413741741')
  expect(one('number', { from: { number: 'anonymous' } })).toBe('Number: Withheld')
})

describe('dates', () => {
  it('tell the hours apart that Amsterdam has twice on 25 October 2026', () => {
    expect(one('started', { startedAt: '2026-10-25T00:30:00Z' })).toBe('Started: 25 Oct 2026, 02:30 CEST')
    expect(one('started', { startedAt: '2026-10-25T01:30:00Z' })).toBe('Started: 25 Oct 2026, 02:30 CET')
  })

  it.each([
    ['en-US', 'America/New_York', 'Started: Nov 24, 2026, 9:04 AM EST'],
    ['nl-NL', 'Europe/Amsterdam', 'Started: 24 nov 2026, 15:04 CET'],
    ['en-GB', 'Asia/Kolkata', 'Started: 24 Nov 2026, 19:34 GMT+5:30'],
    ['no locale!', 'Europe/Amsterdam', 'Started: 24 Nov 2026, 15:04 CET'],
    ['zz-ZZ', 'Mars/Olympus', 'Started: 24 Nov 2026, 14:04 UTC'],
    ['', '', 'Started: 24 Nov 2026, 14:04 UTC'],
  ])('are written for %s in %s', (locale, timeZone, written) => {
    expect(one('started', {}, { locale, timeZone })).toBe(written)
  })

  it.each([
    ['iso', '2026-11-24 15:04 CET'], ['us', '11/24/2026 3:04 PM CET'], ['eu', '24-11-2026 15:04 CET'],
  ] as const)('are written in the format %s, whatever the locale', (dateFormat, written) => {
    expect(one('started', {}, { dateFormat, locale: 'ar-EG' })).toBe(`Started: ${written}`)
  })

  it('are written at midnight, and left out when they are none', () => {
    expect(one('started', { startedAt: '2026-11-23T23:00:00Z' }, { dateFormat: 'iso' })).toBe('Started: 2026-11-24 00:00 CET')
    expect(one('started', { startedAt: 'yesterday' }, { dateFormat: 'iso' })).toBe('')
  })
})

it.each([[0, '0 s'], [59, '59 s'], [60, '1 min 00 s'], [3600, '1 h 00 min 00 s'], [3723, '1 h 02 min 03 s'], [360_000, '100 h 00 min 00 s']])(
  'writes %d seconds as %s', (durationSeconds, written) => {
    expect(one('duration', { durationSeconds })).toBe(`Duration: ${written}`)
  })

describe('a value', () => {
  const written = (note: string, format: BodyFormat): string => one('note', { note }, { format, labels: { note: 'N' } })

  it('keeps right-to-left words and joined emoji, and loses what would reorder or hide', () => {
    expect(written('שלום 👩‍👩‍👧 \u202Egnp.exe\u0007\u0000 \uD83D', 'plain')).toBe('N: שלום 👩‍👩‍👧 gnp.exe')
  })

  it('of one line stays in one', () => {
    expect(one('disposition', { disposition: 'a\r\nResult: Sold\u2028b' })).toBe('Disposition: a Result: Sold b')
  })

  it('is no HTML', () => {
    expect(written(`<img src=x onerror="a('b')">&amp;`, 'html'))
      .toBe('<div><b>N</b>: &lt;img src=x onerror=&quot;a(&#39;b&#39;)&quot;&gt;&amp;amp;</div>')
  })

  it.each([
    ['a\n# b', 'a\\\n  \\# b'], ['a\n- b', 'a\\\n  \\- b'], ['a\n===', 'a\\\n  \\==='], ['a\n12. b', 'a\\\n  12\\. b'], ['a\n> b', 'a\\\n  &gt; b'],
    ['*b* _i_ `c`', '\\*b\\* \\_i\\_ \\`c\\`'], ['[a](http://b)', '\\[a\\](http\\://b)'], ['www.a.example', 'www\\.a.example'],
    ['<b>', '&lt;b&gt;'], ['&lt;', '&amp;lt;'], ['a\\', 'a\\\\'], ['~~a~~ |', '\\~\\~a\\~\\~ \\|'], ['a\n```\nb', 'a\\\n  \\`\\`\\`\\\n  b'],
    ['5 - 3 = 2. Done!', '5 - 3 = 2. Done!'],
  ])('is no Markdown: %j', (note, expected) => {
    expect(written(note, 'markdown')).toBe(`- **N**: ${expected}`)
  })

  it.each(['javascript:alert(1)', 'ftp://a/b', 'nowhere'])('is no link to %s', recordingUrl => {
    expect(one('recording', { recordingUrl }, { format: 'html' })).toBe('')
  })

  it('of a link has nothing that would end it', () => {
    expect(one('recording', { recordingUrl: 'https://a.example/"x y>?<' }, { format: 'markdown' }))
      .toBe('- **Recording**: <https://a.example/%22x%20y%3E?%3C>')
  })

  it('of a field is found by its own name only', () => {
    expect(compose({ ...call, fields: { constructor: 'x' } }, { details: ['fields'], fieldLabels: {} })).toBe('constructor: x')
  })
})

describe('a body too long', () => {
  const long: ComposableLog = { ...call, note: 'n'.repeat(50), summary: 's'.repeat(50), transcript: 't'.repeat(50), result: 'missed' }
  const details: BodyDetail[] = ['note', 'result', 'summary', 'transcript']
  const cut = (maxLength: number): string => compose(long, { details, maxLength })

  it('loses of the transcript first, then of the summary, then of the note', () => {
    expect(cut(1000)).toBe(compose(long, { details }))
    expect(cut(150)).toBe(`Note: ${long.note}\nResult: Missed\nSummary: ${long.summary}\nTranscript: ${'t'.repeat(5)}…`)
    expect(cut(100)).toBe(`Note: ${long.note}\nResult: Missed\nSummary: ${'s'.repeat(18)}…`)
    expect(cut(40)).toBe(`Note: ${'n'.repeat(18)}…\nResult: Missed`)
  })

  it('then loses details from the end', () => {
    expect(cut(14)).toBe('Result: Missed')
    expect(cut(13)).toBe('')
  })

  it('is not cut within a character', () => {
    const note = 'ab👩‍👩‍👧cd'
    const lengths = Array.from({ length: 12 }, (_each, index) => index + 7)
    for (const maxLength of lengths) {
      expect(['', 'Note: a…', 'Note: ab…', `Note: ab👩‍👩‍👧…`, `Note: ab👩‍👩‍👧c…`, `Note: ${note}`]).toContain(one('note', { note }, { maxLength }))
    }
  })

  it('is not cut within an entity or a tag', () => {
    expect(one('note', { note: '<<<<' }, { format: 'html', maxLength: 30 })).toBe('<div><b>Note</b>: &lt;…</div>')
  })
})
