import type { Problem } from '../description.js'
import { rangeOf, treeOf } from './locate.js'

/** As a reader of the document comes upon them; errors before warnings at one place. */
export function inOrder(text: string, problems: readonly Problem[]): Problem[] {
  if (problems.length < 2) return [...problems]
  const tree = treeOf(text, problems)
  const placed = problems.map(problem => ({ problem, offset: rangeOf(text, tree, problem).offset }))
  return placed.sort((a, b) => a.offset - b.offset || rank(a.problem) - rank(b.problem)).map(({ problem }) => problem)
}

const rank = ({ severity }: Problem): number => severity === 'error' ? 0 : 1
