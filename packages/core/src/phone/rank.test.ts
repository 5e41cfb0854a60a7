import { describe, expect, it } from '@jest/globals'
import { parsePhone, rank, type Candidate, type PhoneOptions } from './index.js'

const nl = { country: 'NL' }
const ask = (raw: string, options: PhoneOptions = {}) => ({ parsed: parsePhone(raw, options), raw })
const dutch = ask('+31413741741')
const named = (name: string, number = '+31413741741', times: Partial<Candidate> = {}): Candidate => ({ name, phones: [{ number }], ...times })
const namesOf = (result: { matches: { candidate: Candidate }[] }) => result.matches.map(({ candidate }) => candidate.name)

describe('rank', () => {
  it('has nobody for a number that nobody has', () => {
    expect(rank(dutch, [named('A', '+31413741742')], nl)).toEqual({ matches: [], isAmbiguous: false })
    expect(rank(dutch, [], nl)).toEqual({ matches: [], isAmbiguous: false })
  })

  it('tells which number matched, and how', () => {
    const candidate = { name: 'A', phones: [{ number: '06 12345678' }, { number: '0413-741 741', label: 'work' }] }
    expect(rank(dutch, [candidate], nl)).toEqual({ matches: [{ candidate, matchedNumber: '0413-741 741', match: 'e164' }], isAmbiguous: false })
  })

  it('keeps only the surest kind of match', () => {
    const candidates = [named('local', '741741'), named('sure', '0413-741741')]
    expect(namesOf(rank(dutch, candidates, nl))).toEqual(['sure'])
    expect(rank(dutch, candidates, nl).isAmbiguous).toBe(false)
    expect(namesOf(rank(dutch, candidates.slice(0, 1), nl))).toEqual(['local'])
  })

  it('has each candidate once, by its surest number', () => {
    const candidate = { name: 'A', phones: [{ number: '741741' }, { number: '0413741741 x205' }, { number: '0413741741' }, { number: '0413741741 x204' }] }
    expect(rank(ask('+31413741741 x204'), [candidate], nl).matches).toEqual([{ candidate, matchedNumber: '0413741741 x204', match: 'e164' }])
  })

  it('puts first whoever has the extension that was asked for, and is sure then', () => {
    const candidates = [named('A'), named('B', '+31413741741 x204'), named('C', '+31413741741 x205')]
    const result = rank(ask('+31413741741 x204'), candidates, nl)
    expect(namesOf(result)).toEqual(['B', 'A'])
    expect(result.isAmbiguous).toBe(false)
    expect(rank(ask('+31413741741 x204'), [named('A'), named('D')], nl).isAmbiguous).toBe(true)
  })

  it('orders by the latest activity, whatever the offset of its time', () => {
    const candidates = [
      named('none'), named('old', undefined, { lastActivityAt: '2024-05-01T10:00:00Z' }),
      named('invalid', undefined, { lastActivityAt: 'yesterday' }), named('new', undefined, { lastActivityAt: '2024-05-01T09:30:00-01:00' }),
      named('ancient', undefined, { lastActivityAt: '1969-01-01T00:00:00Z' }),
    ]
    expect(namesOf(rank(dutch, candidates, nl))).toEqual(['new', 'old', 'ancient', 'invalid', 'none'])
    expect(rank(dutch, candidates, nl).isAmbiguous).toBe(true)
  })

  it('then orders by the newest record, then by name, then as they came', () => {
    const at = { lastActivityAt: '2024-05-01T10:00:00Z' }
    const first = named('b', undefined, at)
    const second = named('b', '0413-741741', at)
    const candidates = [first, named('B', undefined, at), second, named('z', undefined, { ...at, createdAt: '2024-01-01T00:00:00+02:00' })]
    expect(rank(dutch, candidates, nl).matches.map(({ candidate }) => candidate)).toEqual([candidates[3], candidates[1], first, second])
  })

  it('leaves the candidates as they were', () => {
    const candidates = [named('b'), named('a')]
    rank(dutch, candidates, nl)
    expect(candidates.map(({ name }) => name)).toEqual(['b', 'a'])
  })

  it('has nobody for our own main line', () => {
    const own = { ...nl, ownNumbers: ['0413-741741'] }
    expect(rank(dutch, [named('A'), named('B')], own)).toEqual({ matches: [], isAmbiguous: false })
  })
})
