import type { Problem } from '../description.js'
import type { Extension } from './extensions.js'
import { extensions } from './extensions.js'
import type { Path } from './json-source.js'

export interface Detail {
  readonly suggestion?: string | undefined
  readonly at?: { readonly offset: number; readonly length: number } | undefined
  readonly about?: 'key' | undefined
}

/** Who has more has something else than a document. */
export const maxProblems = 500

/** What a reader finds wrong, so that all of it is told at once. */
export class Findings {
  readonly problems: Problem[] = []

  constructor(private readonly isStrict: boolean) {}

  get hasErrors(): boolean {
    return this.problems.some(({ severity }) => severity === 'error')
  }

  /** Something is wrong within this place that may be the reason for what else seems wrong there. */
  hasAnyIn(path: Path): boolean {
    return this.problems.some(problem => (problem.severity === 'error' || problem.code === 'unknown_placeholder' || problem.code === 'other_form')
      && path.every((segment, index) => problem.path[index] === segment))
  }

  error(code: string, path: Path, message: string, detail: Detail = {}): void {
    this.#add('error', code, path, message, detail)
  }

  warn(code: string, path: Path, message: string, detail: Detail = {}): void {
    this.#add('warning', code, path, message, detail)
  }

  /** An extension is used here. */
  extension(name: Extension, path: Path, about: 'key' | 'value' = 'key'): void {
    if (!this.isStrict) return
    this.error('extension', path, `${extensions[name].title} is an extension of Linefinder, which the format itself does not have. Take it out, or check without --strict.`, about === 'key' ? { about } : {})
  }

  #add(severity: Problem['severity'], code: string, path: Path, message: string, { suggestion, at, about }: Detail): void {
    if (this.problems.length === maxProblems - 1) {
      this.problems.push({ severity: 'error', code: 'too_many_problems', path: [], message: `There is more than these ${String(maxProblems)}. Correct them first.` })
    }
    if (this.problems.length >= maxProblems) return
    this.problems.push({
      severity, code, path, message,
      ...(about === undefined ? {} : { about }), ...(at === undefined ? {} : { at }), ...(suggestion === undefined ? {} : { suggestion }),
    })
  }
}
