import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { readRecords, spansOf, type CsvRecord } from './csv-records.js'

async function* inPieces(bytes: Buffer, size: number): AsyncGenerator<Buffer> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size)
}

async function read(text: string, { size = 1000, delimiter = ',' } = {}): Promise<CsvRecord[]> {
  const records: CsvRecord[] = []
  for await (const batch of readRecords(inPieces(Buffer.from(text, 'latin1'), size), delimiter)) records.push(...batch)
  return records
}

it('tells each record’s fields, its own text and the line it begins at', async () => {
  expect(await read('a,b\r\n"1\n2",\n\n"""x""",y')).toEqual([
    { text: 'a,b\r\n', cells: ['a', 'b'], line: 1 },
    { text: '"1\n2",\n', cells: ['1\n2', ''], line: 2 },
    { text: '\n', cells: [''], line: 4 },
    { text: '"""x""",y', cells: ['"x"', 'y'], line: 5 },
  ])
})

it('gives the whole file, and the place of each field, however it comes', async () => {
  const field = fc.record({ value: fc.string({ unit: fc.constantFrom('a', '1', ' ', ',', ';', '"', '\n', '\r', '\r\n', '\xE9'), maxLength: 5 }), isQuoted: fc.boolean() })
    .map(({ value, isQuoted }) => ({ value, text: isQuoted || /[,"\r\n]/.test(value) ? `"${value.replaceAll('"', '""')}"` : value }))
  const row = fc.record({ fields: fc.array(field, { minLength: 1, maxLength: 4 }), end: fc.constantFrom('\n', '\r\n') })
  await fc.assert(fc.asyncProperty(fc.array(row, { maxLength: 6 }), fc.integer({ min: 1, max: 7 }), async (rows, size) => {
    const text = rows.map(({ fields, end }) => fields.map(each => each.text).join(',') + end).join('')
    const records = await read(text, { size })
    expect(records.map(record => record.text).join('')).toBe(text)
    expect(records.map(({ cells }) => cells)).toEqual(rows.map(({ fields }) => fields.map(({ value }) => value)))
    for (const [index, record] of records.entries()) {
      expect(spansOf(record).map(({ start, end }) => record.text.slice(start, end))).toEqual(rows[index]!.fields.map(each => each.text))
    }
  }), { numRuns: 300, seed: 1 })
})

describe('what is no good CSV is named by its line', () => {
  it.each([
    ['a,b\n1,2\n"3,4\n5,6\n', 'A quote is never closed in the record that begins at line 3.'],
    ['a,b\n1,x"y"\n', 'A quote begins in the middle of a field in the record that begins at line 2.'],
    ['a,b\n1,"y"z\n', 'A quote is closed in the middle of a field in the record that begins at line 2.'],
    [`a,b\n1,"${'x'.repeat(2 ** 20 + 1)}`, 'There is more than 1 MiB in the record that begins at line 2.'],
  ])('%.20j', async (text, message) => {
    await expect(read(text)).rejects.toThrow(message)
  })
})

it('fails as its source does', async () => {
  const failing = async function* () {
    yield Buffer.from('a,b\n1,2\n')
    throw new Error('the disk is gone')
  }
  await expect((async () => { for await (const _ of readRecords(failing(), ',')) { /* goes on */ } })()).rejects.toThrow('the disk is gone')
})
