import type { Problem } from '../description.js'
import { positionAt, rangeOf, treeOf } from './locate.js'

/** A longer line is shown around the place. */
const shownWidth = 110

/** Every problem with its line and a mark below the place, as compilers show theirs. `name` begins each. */
export function printProblems(text: string, problems: readonly Problem[], name: string): string {
  const tree = treeOf(text, problems)
  const lines = text.split(/\r?\n/)
  return problems.map(problem => {
    const { offset, length } = rangeOf(text, tree, problem)
    const { line, column } = positionAt(text, offset)
    const { shown, mark } = excerpt(lines[line - 1] ?? '', column - 1, length)
    const number = String(line)
    const margin = ' '.repeat(number.length)
    return [
      `${name}:${number}:${String(column)} ${problem.severity} ${problem.code}`,
      `  ${number} | ${shown}`.trimEnd(),
      `  ${margin} | ${mark}`,
      `  ${problem.message}${problem.suggestion === undefined ? '' : ` Did you mean ${problem.suggestion}?`}`,
      '',
    ].join('\n')
  }).join('\n')
}

/** Such as `2 errors, 1 warning`. */
export function countProblems(problems: readonly Problem[]): string {
  const errors = problems.filter(({ severity }) => severity === 'error').length
  const say = (count: number, word: string) => `${String(count)} ${word}${count === 1 ? '' : 's'}`
  return `${say(errors, 'error')}, ${say(problems.length - errors, 'warning')}`
}

function excerpt(line: string, column: number, length: number): { shown: string; mark: string } {
  const start = line.length <= shownWidth || column < shownWidth / 2 ? 0 : column - shownWidth / 2
  const shown = line.slice(start, start + shownWidth).replaceAll('\t', ' ')
  const at = column - start
  return { shown, mark: ' '.repeat(at) + '^'.repeat(Math.max(1, Math.min(length, shown.length - at))) }
}
