import { describe, expect, it } from '@jest/globals'
import { bodyDetails, bodyFormats, callResult, type BodyFormat } from '@linefinder/core'
import fc from 'fast-check'
import { composeBody, recomposeBody, type ComposableLog, type ComposeOptions } from './compose.js'

const runs = { numRuns: 300, seed: 20261025 }

const anyText = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 60 }), fc.string({ unit: 'grapheme', maxLength: 60 }),
  fc.string({ unit: fc.constantFrom(...'<>&"\'\\`*_[]()#+-=.!|~:/ \n\r\t\u20281aب😀;%'.split('')), maxLength: 60 }),
)
const word = fc.string({ unit: fc.constantFrom(...'abcéش😀<&*_'.split('')), minLength: 1, maxLength: 6 })
const words = fc.array(word, { minLength: 1, maxLength: 4 }).map(each => each.join('\n'))
const format = fc.constantFrom(...bodyFormats)

const logOf = (text: fc.Arbitrary<string>, longText: fc.Arbitrary<string>): fc.Arbitrary<ComposableLog> => fc.record({
  direction: fc.constantFrom('inbound' as const, 'outbound' as const),
  from: fc.record({ number: fc.constantFrom('+31612345678', 'anonymous') }), to: fc.constant({ number: '+31413741741' }),
  startedAt: fc.constantFrom('2026-10-25T00:30:00Z', '2026-11-24T14:04:00Z'),
  note: longText, result: fc.constantFrom(...callResult.options), disposition: text, durationSeconds: fc.nat(10_000),
  agent: fc.record({ name: text }), legs: fc.array(fc.record({
    kind: fc.constantFrom('ring' as const, 'agent' as const), name: text, startedAt: fc.constant('2026-11-24T14:04:00Z'),
  }), { maxLength: 3 }),
  fields: fc.dictionary(text, text, { maxKeys: 2 }), summary: longText, transcript: longText,
}, { requiredKeys: ['direction', 'from', 'to', 'startedAt'] })

const options = (as: BodyFormat, more: Partial<ComposeOptions> = {}): ComposeOptions =>
  ({ format: as, details: bodyDetails, timeZone: 'Europe/Amsterdam', locale: 'en-GB', ...more })

const tagsOf = (html: string): string[] => (html.match(/<[^>]*>/g) ?? []).map(tag => tag.replace(/ .*/s, '>'))

describe('composing any call', () => {
  it('gives HTML with the tags of the same call in plain letters', () => {
    fc.assert(fc.property(anyText, anyText, (text, note) => {
      const tags = (of: (value: string) => string): string[] => tagsOf(composeBody(sample({
        note: of(note), disposition: of(text), agent: { name: of(text) }, fields: { [`f${of(text)}`]: of(note) },
        legs: [{ kind: 'agent', name: of(text), startedAt: '2026-11-24T14:04:00Z' }],
      }), options('html')))
      expect(tags(value => value)).toEqual(tags(value => value.replace(/[^\s\p{Cc}\p{Cs}\u202A-\u202E\u2066-\u2069]/gu, 'w')))
    }), runs)
  })

  it('gives lines of plain text that are a detail each, or indented', () => {
    fc.assert(fc.property(logOf(anyText, anyText), log => {
      const labels = ['Note', 'Summary', 'Transcript', 'Call path', 'Agent', 'Number', 'Direction', 'Result', 'Disposition', 'Started', 'Duration']
      const details = bodyDetails.filter(detail => detail !== 'fields')
      for (const line of composeBody(log, options('plain', { details })).split('\n')) {
        expect(line === '' || line.startsWith('  ') || labels.includes(line.split(':')[0]!)).toBe(true)
        expect(line).not.toMatch(/[\p{Cc}\p{Cs}]/u)
      }
    }), runs)
  })

  it('gives Markdown in which no value has a mark that counts', () => {
    fc.assert(fc.property(anyText, note => {
      const body = composeBody(sample({ note }), options('markdown', { details: ['note'] }))
      for (const [index, line] of body.replace(/^- \*\*Note\*\*: /, '').split('\n').entries()) {
        const bare = line.trim().replace(/\\[!-/:-@[-`{-~]|&(lt|gt|amp);/g, '').replace(/\\$/, '')
        expect(bare).not.toMatch(/[\\`*_[\]~|<>&]|:\/\//)
        if (index > 0) expect(line).toMatch(/^ {2}(?! |[#+=>-]|\d+[.)])/)
      }
    }), runs)
  })

  it('keeps to the length, and gives a body that could be whole', () => {
    fc.assert(fc.property(logOf(anyText, anyText), format, fc.nat(400), (log, as, maxLength) => {
      const body = composeBody(log, options(as, { maxLength }))
      expect(body.length).toBeLessThanOrEqual(maxLength)
      expect(body).not.toMatch(/\p{Cs}/u)
      if (as !== 'html') return
      expect(body).not.toMatch(/&(?!(amp|lt|gt|quot|#39);)|<[^>]*$/)
      expect(tagsOf(body).filter(tag => tag.startsWith('</')).length * 2).toBe(tagsOf(body).filter(tag => tag !== '<br>').length)
    }), runs)
  })
})

const sample = (more: Partial<ComposableLog>): ComposableLog => ({
  direction: 'inbound', from: { number: '+31612345678' }, to: { number: '+31413741741' }, startedAt: '2026-11-24T14:04:00Z', ...more,
})

/** What a person, or a CRM, does with the lines or blocks of a body. */
type Edit = { readonly at: number; readonly kind: 'add' | 'delete' | 'change' }
const edits = fc.array(fc.record({ at: fc.nat(40), kind: fc.constantFrom('add' as const, 'delete' as const, 'change' as const) }), { maxLength: 5 })
const normalising = fc.constantFrom<(body: string, as: BodyFormat) => string>(
  body => body,
  (body, as) => as === 'html' ? body.replace(/<br>/g, '<br />\n').replace(/<(\/?)b>/g, '<$1strong>') : body.replace(/\n/g, ' \r\n'),
  (body, as) => as === 'html' ? `<div class="x">\n${body.replace(/<div>/g, '<p dir="auto">').replace(/<\/div>/g, '</p>\n')}</div>` : body.replace(/^ +/gm, ''),
)

const unitsOf = (body: string, as: BodyFormat): string[] => as === 'html' ? body.split(/(?<=<\/div>|<\/ul>)/) : body.split('\n')
const joined = (units: readonly string[], as: BodyFormat): string => units.join(as === 'html' ? '' : '\n')
const mine = (number: number, as: BodyFormat): string => as === 'html' ? `<p>Mine ${number}</p>` : `Mine ${number}`

function edited(body: string, as: BodyFormat, given: readonly Edit[]): { readonly body: string; readonly own: readonly string[] } {
  const units = unitsOf(body, as)
  for (const [number, { at, kind }] of given.entries()) {
    const index = at % (units.length + 1)
    if (kind === 'add') units.splice(index, 0, mine(number, as))
    else if (kind === 'delete' && units[index] !== undefined && !units[index].includes('Mine ')) units.splice(index, 1)
    else if (kind === 'change' && units[index] !== undefined) units[index] = as === 'html' ? units[index].replace(/<\/(div|p|ul)>$/, `Mine ${number}</$1>`) : `${units[index]}Mine ${number}`
  }
  const text = joined(units, as)
  return { body: text, own: text.match(/Mine \d/g) ?? [] }
}

const visible = (body: string): string => body.replace(/<br ?\/?>/g, '\n').replace(/<[^>]*>/g, '').replace(/\\$/gm, '').replace(/[^\S\n]+/g, ' ')

describe('composing again', () => {
  const log = logOf(word, words)

  it('keeps every line of people, in its order, and changes nothing the second time', () => {
    fc.assert(fc.property(log, log, format, edits, normalising, (one, two, as, given, normalise) => {
      const [previous, next] = [composeBody(one, options(as)), composeBody(two, options(as))]
      const theirs = edited(previous, as, given)
      const current = normalise(theirs.body, as)
      const merged = recomposeBody({ previous, current, next, format: as })
      expect(merged.match(/Mine \d/g) ?? []).toEqual(theirs.own)
      expect(recomposeBody({ previous, current: merged, next, format: as })).toBe(merged)
      expect(recomposeBody({ previous: next, current: merged, next, format: as })).toBe(merged)
    }), { ...runs, numRuns: 600 })
  })

  it('has each value that changed', () => {
    fc.assert(fc.property(log, log, format, edits, (one, two, as, given) => {
      const [previous, next] = [composeBody(one, options(as)), composeBody(two, options(as))]
      const merged = visible(recomposeBody({ previous, current: edited(previous, as, given).body, next, format: as }))
      for (const detail of bodyDetails) {
        const [before, after] = [one, two].map(each => composeBody(each, options(as, { details: [detail] })))
        if (detail === 'fields' || before === after) continue
        for (const line of visible(after!).split('\n')) expect(merged).toContain(line)
      }
    }), runs)
  })

  it('leaves the body as it is when our values are the same', () => {
    fc.assert(fc.property(log, format, edits, normalising, (one, as, given, normalise) => {
      const body = composeBody(one, options(as))
      const current = normalise(edited(body, as, given).body, as)
      expect(recomposeBody({ previous: body, current, next: body, format: as })).toBe(current)
    }), runs)
  })

  it('gives the new body where nobody touched the one before, however the CRM writes it', () => {
    fc.assert(fc.property(log, log, format, (one, two, as) => {
      const [previous, next] = [composeBody(one, options(as)), composeBody(two, options(as))]
      expect(recomposeBody({ previous, current: previous, next, format: as })).toBe(next)
      const trimmed = recomposeBody({ previous, current: `${previous}\n`, next, format: as }).trimEnd()
      expect(unitsOf(trimmed, as).toSorted()).toEqual(unitsOf(next, as).toSorted())
    }), runs)
  })

  it('never throws, whatever the CRM holds, and keeps what it does not know', () => {
    fc.assert(fc.property(anyText, anyText, log, format, (previous, current, two, as) => {
      const next = composeBody(two, options(as))
      recomposeBody({ previous, current, next, format: as })
      const merged = recomposeBody({ previous: null, current, next, format: as })
      expect(merged.includes(current.trimEnd())).toBe(true)
    }), runs)
  })
})
