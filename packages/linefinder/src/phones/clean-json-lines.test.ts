import { describe, expect, it } from '@jest/globals'
import { cleanJsonLines, type JsonLinesOptions } from './clean-json-lines.js'
import { Tally } from './tally.js'

const options: JsonLinesOptions = { columns: ['phone'], extensionColumn: undefined, phone: { country: 'NL' }, output: 'e164', acceptsPossible: false, movesExtension: false }

async function clean(text: string | Buffer, changes: Partial<JsonLinesOptions> = {}) {
  const tally = new Tally(true)
  const out: Buffer[] = []
  const bytes = Buffer.from(text)
  // In pieces that end anywhere.
  const pieces = async function* () { for (let at = 0; at < bytes.length; at += 7) yield bytes.subarray(at, at + 7) }
  for await (const piece of cleanJsonLines(pieces(), { ...options, ...changes }, tally)) out.push(piece)
  return { text: Buffer.concat(out).toString(), bytes: Buffer.concat(out), lefts: tally.takeLeftovers(), tally }
}

it('replaces the number and nothing else', async () => {
  const { text, lefts } = await clean('{"id": 12345678901234567890,  "phone" : "0413-741741", "b":1.0, "a":"é"}\r\n\n{"phone":"+31413741742"}')
  expect(text).toBe('{"id": 12345678901234567890,  "phone" : "+31413741741", "b":1.0, "a":"é"}\r\n\n{"phone":"+31413741742"}')
  expect(lefts).toEqual([])
})

it('reads whole numbers digit by digit, and writes digits as a number where there was one', async () => {
  const line = '{"phone":31413741741}\n{"phone":"0413 741741"}\n'
  expect((await clean(line)).text).toBe('{"phone":"+31413741741"}\n{"phone":"+31413741741"}\n')
  expect((await clean(line, { output: 'digits' })).text).toBe('{"phone":31413741741}\n{"phone":"31413741741"}\n')
})

it('counts a member that is missing, null or empty as no number', async () => {
  const { tally } = await clean('{"phone":null}\n{"phone":""}\n{"name":"x"}\n')
  expect(tally.summary()).toBe('3 rows: 0 cleaned, 0 clean already, 3 empty, 0 left as they are\n')
})

it('leaves what it cannot clean, and says where and why', async () => {
  const lines = ['{"phone":"204"}', '[1]', 'zz', '{"phone":["0413741741"]}', '{"phone":1.5}', '{"phone":true}']
  const { text, lefts } = await clean(lines.map(line => `${line}\n`).join(''))
  expect(text).toBe(lines.map(line => `${line}\n`).join(''))
  expect(lefts).toEqual([
    { line: 1, column: 'phone', value: '204', reason: 'internal' },
    { line: 2, column: '', value: '', reason: 'not_an_object' },
    { line: 3, column: '', value: '', reason: 'invalid_json' },
    { line: 4, column: 'phone', value: '["0413741741"]', reason: 'not_text' },
    { line: 5, column: 'phone', value: '1.5', reason: 'not_text' },
    { line: 6, column: 'phone', value: 'true', reason: 'not_text' },
  ])
})

it('keeps a line that is not UTF-8 byte by byte', async () => {
  const line = Buffer.from('{"phone":"0413741741","n":"\xE9"}\n', 'latin1')
  const { bytes, lefts } = await clean(line)
  expect(bytes.equals(line)).toBe(true)
  expect(lefts).toMatchObject([{ reason: 'invalid_json' }])
})

it('refuses a member that no line has, naming those of the first', async () => {
  await expect(clean('{"id":1,"tel":"0413741741"}\n')).rejects.toThrow('No line has a member "phone". The first one has: id, tel.')
  expect((await clean('')).text).toBe('')
})

describe('an extension', () => {
  const moving = { extensionColumn: 'ext', movesExtension: true }

  it('moves behind the number, or to the member that is there', async () => {
    expect((await clean('{"phone":"0413741741 x5","b":1}\n', moving)).text).toBe('{"phone":"+31413741741","ext":"5","b":1}\n')
    expect((await clean('{"ext":null,"phone":"0413741741 x5"}\n', moving)).text).toBe('{"ext":"5","phone":"+31413741741"}\n')
    expect((await clean('{"phone":"0413741741 x5","ext":"5"}\n', moving)).text).toBe('{"phone":"+31413741741","ext":"5"}\n')
  })

  it('never takes another one’s place', async () => {
    const line = '{"phone":"0413741741 x5","ext":"6"}\n'
    const { text, lefts } = await clean(line, moving)
    expect(text).toBe(line)
    expect(lefts).toMatchObject([{ reason: 'extension_taken' }])
  })
})
