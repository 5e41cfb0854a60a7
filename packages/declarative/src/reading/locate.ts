import { findNodeAtLocation, parseTree, type Node } from 'jsonc-parser'
import type { Problem } from '../description.js'
import { withoutMark } from './json-source.js'

/** Both from 1; columns in UTF-16 units, as editors count them. */
export interface Position {
  readonly line: number
  readonly column: number
}

export interface Range {
  readonly offset: number
  readonly length: number
}

/** Where in its document a problem is. */
export function locate(text: string, problem: Problem): Position {
  return positionAt(text, rangeOf(text, treeOf(text, [problem]), problem).offset)
}

export function positionAt(text: string, offset: number): Position {
  const before = text.slice(0, offset)
  const lineStart = before.lastIndexOf('\n') + 1
  return { line: before.split('\n').length, column: offset - lineStart + 1 }
}

let last: { readonly text: string; readonly tree: Node | undefined } = { text: '', tree: undefined }

/** `undefined` where all is said by offsets in the text, which may be none that can be parsed. Of one text after another it is made once. */
export function treeOf(text: string, problems: readonly Problem[]): Node | undefined {
  if (problems.every(({ path }) => path.length === 0)) return undefined
  if (last.text !== text) last = { text, tree: parseTree(withoutMark(text), [], { disallowComments: true }) }
  return last.tree
}

export function rangeOf(text: string, tree: Node | undefined, { path, at, about }: Problem): Range {
  if (path.length === 0) return at ?? { offset: Math.max(0, text.search(/\S/)), length: 1 }
  const node = tree && nodeAt(tree, path)
  if (!node) return { offset: 0, length: 0 }
  if (about === 'key') {
    const key = node.parent?.children?.[0]
    return key && node.parent?.type === 'property' ? { offset: key.offset, length: key.length } : { offset: node.offset, length: 1 }
  }
  if (at && node.type === 'string') return withinText(text, node, at)
  const isContainer = node.type === 'object' || node.type === 'array'
  return { offset: node.offset, length: isContainer ? 1 : node.length }
}

/** The last of several members of one name, since that is the one that was read. */
function nodeAt(tree: Node, path: Problem['path']): Node | undefined {
  let node: Node | undefined = tree
  for (const segment of path) {
    if (node?.type === 'object' && typeof segment === 'string') {
      node = node.children?.findLast(({ children }) => children?.[0]?.value === segment)?.children?.[1]
    } else {
      node = node && findNodeAtLocation(node, [segment])
    }
  }
  return node
}

/** Counted in what the text says; in the document an escape takes more. */
function withinText(text: string, node: Node, at: Range): Range {
  const start = written(text, node.offset + 1, at.offset)
  return { offset: start, length: written(text, start, at.length) - start }
}

function written(text: string, from: number, units: number): number {
  let offset = from
  for (let read = 0; read < units; read++) offset += text[offset] !== '\\' ? 1 : text[offset + 1] === 'u' ? 6 : 2
  return offset
}
