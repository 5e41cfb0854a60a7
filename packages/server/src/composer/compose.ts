import type { BodyFormat } from '@linefinder/core'
import type { ComposableLog } from './composable-log.js'
import { detailLines, type LabelOptions } from './detail-lines.js'
import { fitLines } from './fit-body.js'
import type { MomentOptions } from './moments.js'
import { separators, writers } from './write-body.js'

export type { ComposableLog } from './composable-log.js'
export { recomposeBody } from './recompose.js'

export interface ComposeOptions extends LabelOptions, MomentOptions {
  readonly format: BodyFormat
  /** UTF-16 units of the whole body. Default: any length. The transcript is cut first, then the summary, then the note. */
  readonly maxLength?: number | undefined
}

/** The text body of a call's activity, for a CRM that keeps a call only as that. Empty when no detail has a value. */
export function composeBody(log: ComposableLog, options: ComposeOptions): string {
  const [write, separator] = [writers[options.format], separators[options.format]]
  const lines = detailLines(log, options)
  const fitting = options.maxLength === undefined ? lines : fitLines(lines, options.maxLength, write, separator)
  return fitting.map(write).join(separator)
}
