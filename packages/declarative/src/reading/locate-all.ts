import type { Problem } from '../description.js'
import { rangeOf, treeOf, type Position } from './locate.js'

/** Where in their document the problems are, in their order. However many there are, the text is taken apart once. */
export function locateAll(text: string, problems: readonly Problem[]): Position[] {
  const tree = treeOf(text, problems)
  const starts = lineStartsOf(text)
  return problems.map(problem => {
    const { offset } = rangeOf(text, tree, problem)
    const line = lineAt(starts, offset)
    return { line: line + 1, column: offset - (starts[line] ?? 0) + 1 }
  })
}

function lineStartsOf(text: string): number[] {
  const starts = [0]
  for (let end = text.indexOf('\n'); end !== -1; end = text.indexOf('\n', end + 1)) starts.push(end + 1)
  return starts
}

/** The last line that begins at or before the offset, from 0. */
function lineAt(starts: readonly number[], offset: number): number {
  let [low, high] = [0, starts.length - 1]
  while (low < high) {
    const middle = Math.ceil((low + high) / 2)
    if ((starts[middle] ?? 0) <= offset) low = middle
    else high = middle - 1
  }
  return low
}
