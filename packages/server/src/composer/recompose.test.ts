import { describe, expect, it } from '@jest/globals'
import type { BodyFormat } from '@linefinder/core'
import { composeBody, recomposeBody, type ComposableLog } from './compose.js'

const compose = (log: Partial<ComposableLog>, format: BodyFormat = 'plain'): string => composeBody({
  direction: 'inbound', from: { number: '+31612345678' }, to: { number: '+31413741741' }, startedAt: '2026-11-24T14:04:00Z', ...log,
}, { format, details: ['note', 'result', 'disposition', 'duration', 'legs', 'transcript'], timeZone: 'UTC', locale: 'en-GB' })

const ringing = { note: 'Calls back', result: 'missed', durationSeconds: 0 } as const
const ended = { note: 'Calls back', result: 'answered', durationSeconds: 62 } as const

/** The merged body, after making sure that the same again changes nothing. */
function recompose(current: string, previous: string | null, next: string, format: BodyFormat = 'plain'): string {
  const merged = recomposeBody({ previous, current, next, format })
  expect(recomposeBody({ previous, current: merged, next, format })).toBe(merged)
  expect(recomposeBody({ previous: next, current: merged, next, format })).toBe(merged)
  return merged
}

describe('in plain text', () => {
  it('brings our lines up to date where they stand, among lines that people added', () => {
    expect(recompose('Hello!\nNote: Calls back\nResult: Missed\nmine\nDuration: 0 s\n\nMy own remark', compose(ringing), compose(ended)))
      .toBe('Hello!\nNote: Calls back\nResult: Answered\nmine\nDuration: 1 min 02 s\n\nMy own remark')
  })

  it('puts a new detail beside its neighbours', () => {
    expect(recompose(`Above\n${compose(ringing)}\nBelow`, compose(ringing), compose({ ...ringing, disposition: 'Sold', transcript: 'a' })))
      .toBe('Above\nNote: Calls back\nResult: Missed\nDisposition: Sold\nDuration: 0 s\nTranscript: a\nBelow')
    expect(recompose('Above\nResult: Missed', 'Result: Missed', 'Note: x\nResult: Missed')).toBe('Above\nNote: x\nResult: Missed')
  })

  it('removes what is gone, unless somebody edited it', () => {
    expect(recompose('Note: Calls back\nResult: Missed\nmine', 'Note: Calls back\nResult: Missed', 'Result: Missed')).toBe('Result: Missed\nmine')
    expect(recompose('Note: Calls back!\nResult: Missed', 'Note: Calls back\nResult: Missed', 'Result: Missed'))
      .toBe('Note: Calls back!\nResult: Missed')
  })

  it('leaves what somebody edited or deleted while our value is the same', () => {
    const current = 'Note: Calls back tomorrow\nDuration: 0 s'
    expect(recompose(current, compose(ringing), compose(ringing))).toBe(current)
    expect(recompose(current, compose(ringing), compose({ ...ringing, durationSeconds: 5 }))).toBe('Note: Calls back tomorrow\nDuration: 5 s')
  })

  it('adds our new value after theirs when both changed', () => {
    expect(recompose('Note: Calls back tomorrow\nResult: Missed, alas\nDuration: 0 s', compose(ringing), compose({ ...ended, note: 'Called back' })))
      .toBe('Note: Calls back tomorrow\nNote: Called back\nResult: Missed, alas\nResult: Answered\nDuration: 1 min 02 s')
  })

  it('adds ours after the substitute when even the label is theirs, and where it was when they deleted it', () => {
    expect(recompose('Note: Calls back\nGemist\nDuration: 0 s', compose(ringing), compose(ended)))
      .toBe('Note: Calls back\nGemist\nResult: Answered\nDuration: 1 min 02 s')
    expect(recompose('Note: Calls back\nDuration: 0 s', compose(ringing), compose(ended)))
      .toBe('Note: Calls back\nResult: Answered\nDuration: 1 min 02 s')
  })

  it('adds ours after what is left of a text whose first line is gone', () => {
    expect(recompose('Result: Missed\n  two\n  two\nmine', 'Result: Missed\nNote: one\n  two\n  two', 'Result: Missed\nNote: one\n  two'))
      .toBe('Result: Missed\n  two\n  two\nmine\nNote: one\n  two')
  })

  it('takes a text of several lines as one detail', () => {
    const previous = compose({ ...ringing, note: 'one\n\nResult: Missed\nthree' })
    const next = compose({ ...ended, note: 'one\nthree' })
    expect(recompose(`${previous}\nmine`, previous, next)).toBe(`${next}\nmine`)
    expect(recompose(`${next}\nmine`, next, previous)).toBe(`${previous}\nmine`)
    expect(recompose('Note: one\n  two!\nResult: Missed', 'Note: one\n  two\nResult: Missed', 'Note: one\n  three\nResult: Missed'))
      .toBe('Note: one\n  two!\nNote: one\n  three\nResult: Missed')
    expect(recompose('Note: one\nmine\n  two\nResult: Missed', 'Note: one\n  two\nResult: Missed', 'Note: three\nResult: Missed'))
      .toBe('Note: three\nmine\nResult: Missed')
  })

  it('knows our lines again though the CRM changed line ends, blanks and entities', () => {
    expect(recompose('Note:  Tom &amp; Jerry \r\nResult: Missed\t\r\nmine  \r\n', 'Note: Tom & Jerry\nResult: Missed', 'Note: Tom & Jerry\nResult: Answered'))
      .toBe('Note:  Tom &amp; Jerry \r\nResult: Answered\r\nmine  \r\n')
  })

  it('appends to the text of a body of which we know nothing, but not what it has', () => {
    expect(recompose('Theirs', null, 'Note: a\nResult: Missed')).toBe('Theirs\n\nNote: a\nResult: Missed')
    expect(recompose('Theirs\nNote: a\nResult: Missed\n', null, 'Note: a\nResult: Missed')).toBe('Theirs\nNote: a\nResult: Missed\n')
    expect(recompose('Theirs\nNote: a\nmine', null, 'Note: a\nResult: Missed')).toBe('Theirs\nNote: a\nResult: Missed\nmine')
    expect(recompose(' \n', null, 'Note: a')).toBe('Note: a')
  })

  it('removes neither of two lines alike, for one may be a person’s', () => {
    expect(recompose('Result: Missed\nResult: Missed', 'Result: Missed', '')).toBe('Result: Missed\nResult: Missed')
  })
})

describe('in HTML', () => {
  const [before, after] = [compose(ringing, 'html'), compose(ended, 'html')]

  it('replaces our blocks only', () => {
    expect(recompose(`<p class="x">Hi<br>there</p>${before}<div>mine</div>`, before, after, 'html')).toBe(`<p class="x">Hi<br>there</p>${after}<div>mine</div>`)
  })

  it('knows our blocks again in paragraphs, with attributes, line ends, other tags and entities', () => {
    const previous = compose({ note: 'Café\n“Zoë” 5 < 6', result: 'missed' }, 'html')
    const current = '<div dir="auto">\n<p style="a>b"><strong>Note</strong>:&nbsp;Caf&eacute;<br />\n  &ldquo;Zo&#235;&rdquo; 5 &lt; 6</p>\n<p><b>Result</b>: Missed</p>\n<p>mine</p></div>'
    expect(recompose(current, previous, compose({ note: 'Café\n“Zoë” 5 < 6', result: 'answered' }, 'html'), 'html'))
      .toBe(current.replace('<p><b>Result</b>: Missed</p>', '<div><b>Result</b>: Answered</div>'))
  })

  it('replaces a list with its title', () => {
    const legs = (name: string) => compose({ ...ended, legs: [{ kind: 'agent', name, startedAt: '2026-11-24T14:04:00Z' }] }, 'html')
    expect(recompose(`${legs('Anna')}<ul><li>mine</li></ul>`, legs('Anna'), legs('Bob'), 'html')).toBe(`${legs('Bob')}<ul><li>mine</li></ul>`)
  })

  it('keeps theirs before ours in a wrapper when both changed', () => {
    expect(recompose('<div><div><b>Note</b>: mine</div></div>', compose({ note: 'a' }, 'html'), compose({ note: 'b' }, 'html'), 'html'))
      .toBe('<div><div><b>Note</b>: mine</div><div><b>Note</b>: b</div></div>')
  })

  it('appends within the page', () => {
    expect(recompose('<html><body><p>Hi</p></body></html>\n', null, '<div><b>Note</b>: a</div>', 'html'))
      .toBe('<html><body><p>Hi</p><div><b>Note</b>: a</div></body></html>\n')
  })

  it('keeps a body that has no words', () => {
    expect(recompose('<img src="a.png">', null, after, 'html')).toBe(`<img src="a.png">${after}`)
  })

  it('is quick with markup that never ends', () => {
    for (const piece of ['<!--', '<a "', '<', '<div>', '<ul>', '<p>', '</div>', '&', `<a '"`, '<script>', '<style></style']) {
      const current = piece.repeat(20_000)
      expect(recomposeBody({ previous: null, current, next: after, format: 'html' }).split(current)).toHaveLength(2)
    }
  })
})

describe('in Markdown', () => {
  it('knows our items again by other marks, and without hard breaks', () => {
    const [previous, next] = [compose({ ...ringing, note: 'a*b\n\nc' }, 'markdown'), compose({ ...ended, note: 'a*b\n\nc' }, 'markdown')]
    const current = 'Hi\n\n* __Note__: a\\*b\n  c\n* **Result**: Missed\n* __Duration__: 0 s\n\nmine'
    expect(recompose(current, previous, next, 'markdown'))
      .toBe('Hi\n\n* __Note__: a\\*b\n  c\n- **Result**: Answered\n- **Duration**: 1 min 02 s\n\nmine')
  })

  it('replaces a text with blank lines as a whole', () => {
    const [previous, next] = [compose({ note: 'a\n\nb' }, 'markdown'), compose({ note: 'c' }, 'markdown')]
    expect(recompose(`mine\n\n${previous}\n`, previous, next, 'markdown')).toBe(`mine\n\n${next}\n`)
  })
})
