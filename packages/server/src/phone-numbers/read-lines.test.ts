import { expect, it } from '@jest/globals'
import { readLines } from './read-lines.js'

async function* of(...chunks: string[]): AsyncGenerator<Buffer> {
  for (const chunk of chunks) yield Buffer.from(chunk)
}

async function read(chunks: string[], { maxBytes = 10, perBatch = 100 } = {}): Promise<[number, string | null][][]> {
  const batches: [number, string | null][][] = []
  for await (const batch of readLines(of(...chunks), { maxBytes, perBatch })) {
    batches.push(batch.map(({ number, bytes }) => [number, bytes === null ? null : bytes.toString('latin1')]))
  }
  return batches
}

it('gives out each line with the chunk that ends it, and the last one without a line feed', async () => {
  expect(await read(['a\nb', 'c', '\n\nd'])).toEqual([[[1, 'a']], [[2, 'bc'], [3, '']], [[4, 'd']]])
})

it('has no line in an empty body, and none after the last line feed', async () => {
  expect(await read([])).toEqual([])
  expect(await read(['', 'a\n'])).toEqual([[[1, 'a']]])
})

it('cuts batches at the number asked for', async () => {
  expect(await read(['a\nb\nc\nd\ne\n'], { perBatch: 2 })).toEqual([[[1, 'a'], [2, 'b']], [[3, 'c'], [4, 'd']], [[5, 'e']]])
})

it('keeps a line of the greatest length, drops a longer one, and goes on behind it', async () => {
  expect(await read(['12345', '67890\nx\n'])).toEqual([[[1, '1234567890'], [2, 'x']]])
  expect(await read(['12345', '678901\nx\n'])).toEqual([[[1, null], [2, 'x']]])
  expect(await read(['12345678901', '2', '3\nx'])).toEqual([[[1, null]], [[2, 'x']]])
  expect(await read(['x\n', '12345678901'])).toEqual([[[1, 'x']], [[2, null]]])
})
