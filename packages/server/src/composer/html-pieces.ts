import { htmlTokens } from './html-tokens.js'

/** Elements that hold blocks. */
const wrappers = 'html body div section article main header footer aside nav blockquote center form fieldset table thead tbody tfoot tr td th p h1 h2 h3 h4 h5 h6'
/** Elements taken as one block, whatever is in them. */
const wholes = 'ul ol dl pre script style'

const wrapperNames: ReadonlySet<string> = new Set(wrappers.split(' '))
const wholeNames: ReadonlySet<string> = new Set(wholes.split(' '))

interface Block {
  readonly name: string
  readonly start: number
  /** Where its content begins and ends. */
  readonly from: number
  to: number
  end: number
  hasBlocks: boolean
  /** Elements of its own name that are open, for a block that is taken whole. */
  depth: number
}

/**
 * The text in pieces: each innermost block is one, and so are the tags around blocks and what stands between them. A block piece can be
 * taken away or replaced and leaves the others as well formed as they were.
 */
export function htmlPieces(text: string): { readonly raw: string; readonly isBlock: boolean }[] {
  const blocks = blocksOf(text)
  const innermost = new Map(blocks.filter(block => !block.hasBlocks).map(({ start, end }) => [start, end]))
  const cuts = new Set([0, text.length, ...blocks.flatMap(({ hasBlocks, start, from, to, end }) => hasBlocks ? [start, from, to, end] : [start, end])])
  const sorted = [...cuts].sort((a, b) => a - b)
  return sorted.slice(0, -1).map((start, index) => {
    const end = sorted[index + 1] ?? text.length
    return { raw: text.slice(start, end), isBlock: innermost.get(start) === end }
  })
}

function blocksOf(text: string): Block[] {
  const blocks: Block[] = []
  const open: Block[] = []
  /** Ends the block at `index`, and those in it that nothing closed. */
  const close = (index: number, to: number, end: number): void => {
    const [closed, ...unclosed] = open.splice(index)
    for (const block of unclosed) [block.to, block.end] = [to, to]
    if (closed !== undefined) [closed.to, closed.end] = [to, end]
  }
  for (const { kind, name, start, end } of htmlTokens(text)) {
    if (!wrapperNames.has(name) && !wholeNames.has(name)) continue
    const innermost = open[open.length - 1]
    if (innermost !== undefined && wholeNames.has(innermost.name)) {
      if (name !== innermost.name) continue
      innermost.depth += kind === 'open' ? 1 : -1
      if (innermost.depth > 0) continue
    }
    if (kind === 'close') {
      const index = open.findLastIndex(block => block.name === name)
      if (index >= 0) close(index, start, end)
      continue
    }
    // HTML ends a paragraph by itself where the next block begins.
    if (innermost?.name === 'p') close(open.length - 1, start, start)
    const outer = open[open.length - 1]
    if (outer !== undefined) outer.hasBlocks = true
    const block: Block = { name, start, from: end, to: text.length, end: text.length, hasBlocks: false, depth: 1 }
    blocks.push(block)
    open.push(block)
  }
  return blocks
}
