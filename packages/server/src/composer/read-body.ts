import type { BodyFormat } from '@linefinder/core'
import { htmlPieces } from './html-pieces.js'
import { decodeEntities, htmlToText } from './html-tokens.js'

/** A line, or in HTML a block, of a body. All of them in a row are the whole body. */
export interface Unit {
  readonly raw: string
  /** Its line end, as it is; undefined where nobody chose one. */
  readonly end: string | undefined
  /** What is compared: the same however a CRM spaces, escapes or wraps it. Empty for what nobody reads. */
  readonly text: string
  /** Whether a detail of ours would begin here. */
  readonly begins: boolean
}

/** One detail as we wrote it. */
export interface OwnBlock {
  /** Its label, with a number where several have the same. */
  readonly name: string
  readonly units: readonly Unit[]
}

export const readBody: Readonly<Record<BodyFormat, (body: string) => Unit[]>> = {
  plain: body => readLines(body, raw => ({ text: oneBlank(decodeEntities(raw)), begins: /^\S/.test(raw) })),
  markdown: body => readLines(body, raw => ({ text: markdownToText(raw), begins: raw.startsWith('- **') })),
  html: body => htmlPieces(body).map(({ raw, isBlock }) => ({
    raw, end: '', text: oneBlank(htmlToText(raw)), begins: isBlock && raw.startsWith('<div'),
  })),
}

/** The details of a body that we composed. */
export function ownBlocks(units: readonly Unit[]): Map<string, OwnBlock> {
  const blocks: Unit[][] = []
  for (const unit of units) {
    if (unit.begins || blocks.length === 0) blocks.push([unit])
    else blocks[blocks.length - 1]?.push(unit)
  }
  const named = new Map<string, OwnBlock>()
  for (const block of blocks) {
    const label = labelOf(block[0])
    let name = label
    for (let count = 2; named.has(name); count++) name = `${label}\n${count}`
    named.set(name, { name, units: block })
  }
  return named
}

/** What stands before the first colon, or all when there is none. */
export const labelOf = (unit: Unit | undefined): string => unit?.text.split(':', 1)[0] ?? ''

/** The texts by which the block is found again. */
export const textsOf = ({ units }: OwnBlock): string[] => units.map(({ text }) => text).filter(text => text !== '')

function readLines(body: string, read: (raw: string) => Pick<Unit, 'text' | 'begins'>): Unit[] {
  const parts = body.split(/(\r\n|\r|\n)/)
  const units: Unit[] = []
  for (let index = 0; index < parts.length; index += 2) {
    const [raw = '', end = ''] = [parts[index], parts[index + 1]]
    if (raw !== '' || end !== '') units.push({ raw, end, ...read(raw) })
  }
  return units
}

const oneBlank = (text: string): string => text.normalize('NFC').replace(/[^\S\n]+/g, ' ').trim()

/** Without list mark and hard break, and with either mark of strong emphasis around the label. */
function markdownToText(raw: string): string {
  const text = raw.trim()
    .replace(/^[-*+]\s+/, '')
    .replace(/(^|[^\\])((?:\\\\)*)\\$/, '$1$2')
    .replace(/^(\*\*|__)(.+?)\1\s*:/, '$2:')
    .replace(/\\([!-/:-@[-`{-~])/g, '$1')
  return oneBlank(decodeEntities(text))
}
