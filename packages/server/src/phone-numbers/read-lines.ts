export interface Line {
  /** From 1. */
  readonly number: number
  /** Without the line feed; `null` when there were too many, which nobody keeps. */
  readonly bytes: Buffer | null
}

/**
 * Lines in batches, each given out as soon as its last byte is there. The last line may lack its line feed. Holds one chunk
 * and `maxBytes` at most.
 */
export async function* readLines(chunks: AsyncIterable<Buffer>, { maxBytes, perBatch }: { maxBytes: number; perBatch: number }): AsyncGenerator<Line[]> {
  const line = new UnfinishedLine(maxBytes)
  let number = 0
  for await (const chunk of chunks) {
    let batch: Line[] = []
    let start = 0
    for (let end = chunk.indexOf('\n'); end !== -1; end = chunk.indexOf('\n', start)) {
      line.append(chunk.subarray(start, end))
      batch.push({ number: number += 1, bytes: line.take() })
      start = end + 1
      if (batch.length === perBatch) {
        yield batch
        batch = []
      }
    }
    line.append(chunk.subarray(start))
    if (batch.length > 0) yield batch
  }
  if (!line.isEmpty) yield [{ number: number + 1, bytes: line.take() }]
}

class UnfinishedLine {
  #pieces: Buffer[] = []
  #size = 0

  constructor(private readonly maxBytes: number) {}

  get isEmpty(): boolean {
    return this.#size === 0
  }

  append(piece: Buffer): void {
    this.#size += piece.length
    if (this.#size > this.maxBytes) this.#pieces = []
    else if (piece.length > 0) this.#pieces.push(piece)
  }

  take(): Buffer | null {
    const [pieces, size] = [this.#pieces, this.#size]
    this.#pieces = []
    this.#size = 0
    if (size > this.maxBytes) return null
    return pieces.length === 1 && pieces[0] ? pieces[0] : Buffer.concat(pieces)
  }
}
