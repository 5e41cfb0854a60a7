import type { ResponseTemplate } from '../../description.js'
import type { Findings } from '../findings.js'
import { memberOf, type ObjectPlace } from '../json-source.js'
import { asObject, asText, checkKeys } from '../shapes.js'

/** A tree of an answer: what is captured where. `items` is a list. */
interface Tree {
  readonly members: Map<string, Tree>
  items: Tree | null
  captures: string | null
}

const emptyTree = (): Tree => ({ members: new Map(), items: null, captures: null })

export interface Mapping {
  /** Keys with the parameter that each fills, or `null` where it has no counterpart. */
  readonly keys: Readonly<Record<string, string | null>>
  /** Paths that count where the document gives none. */
  readonly usual: Readonly<Record<string, string>>
  /** Where its records are: each key is relative to one of them. */
  readonly list?: 'item' | 'flat'
  /** Keys that mean nothing here, and need not be told of. */
  readonly ignored?: readonly string[]
}

const contact: Mapping = {
  keys: {
    idPath: 'contact_id', namePath: 'contact_name', phonePath: 'phone', typePath: 'contact_type', titlePath: 'job_title', companyPath: 'company_name',
    createdDatePath: 'created_at', mostRecentActivityDatePath: 'last_activity_at', additionalInfoPath: null,
  },
  usual: { idPath: 'id', namePath: 'name', phonePath: 'phone', typePath: 'type', titlePath: 'title', companyPath: 'company' },
  list: 'item',
}

export const mappings: Readonly<Record<string, Mapping>> = {
  getUserInfo: {
    keys: { idPath: 'user_id', namePath: 'user_name', emailPath: 'email', timezoneNamePath: 'timezone', overridingApiKeyPath: null },
    usual: {}, ignored: ['messagePath', 'platformAdditionalInfoPaths'],
  },
  findContact: contact,
  findContactWithName: contact,
  createContact: { keys: { idPath: 'contact_id', namePath: 'contact_name', typePath: 'contact_type' }, usual: { idPath: 'body.id' } },
  createCallLog: { keys: { idPath: 'activity_id' }, usual: {} },
  getCallLog: { keys: { subjectPath: 'subject', notePath: 'description', fullBodyPath: 'description' }, usual: {} },
  updateCallLog: { keys: {}, usual: {} },
  getUserList: { keys: { idPath: 'user_id', namePath: 'user_name', emailPath: 'email' }, usual: { idPath: 'id', namePath: 'name', emailPath: 'email' }, list: 'flat' },
}

/** @param place `responseMapping`; `null` where there is none */
export function readMapping(place: ObjectPlace | null, { keys, usual, list, ignored = [] }: Mapping, findings: Findings): ResponseTemplate | null {
  const root = emptyTree()
  const listKeys = list === undefined ? [] : ['listPath', ...(list === 'item' ? ['item'] : [])]
  if (place) checkKeys(place, [...listKeys, ...(list === 'item' ? [] : Object.keys(keys)), ...ignored], findings)
  const item = list === 'item' ? asObject(place && memberOf(place, 'item'), findings, '{"idPath": "id"}') : place
  if (list === 'item' && item) checkKeys(item, Object.keys(keys), findings)
  const start = list === undefined ? root : readList(place, root, findings)
  if (!start) return null
  const done = new Set<string>()
  // What is more specific comes later in the table, and goes first.
  for (const [key, parameter] of Object.entries(keys).reverse()) {
    const text = asText(item && memberOf(item, key), findings, 'body.id')
    if (text && parameter === null) {
      findings.warn('no_counterpart', text.path, `"${key}" has no counterpart here and does nothing.`, { about: 'key' })
      continue
    }
    const path = text?.value ?? usual[key]
    if (path === undefined || parameter === null || done.has(parameter)) continue
    done.add(parameter)
    const segments = list === undefined ? withinBody(path) : path.split('.')
    if (segments === null) findings.error('bad_path', text?.path ?? [], `"${path}" must begin with "body.": that is the answer's JSON.`, { suggestion: `"body.${path}"` })
    else if (!insert(start, segments, parameter)) findings.error('bad_path', text?.path ?? place?.path ?? [], `"${path}" cannot be read: of a list the first is meant by 0, and no other can be; nor can one place be two things.`)
  }
  return templateOf(root)
}

function readList(place: ObjectPlace | null, root: Tree, findings: Findings): Tree | null {
  const text = asText(place && memberOf(place, 'listPath'), findings, 'body.contacts')
  if (!text) {
    if (place) findings.error('key_missing', place.path, '"responseMapping" has no "listPath": where in the answer the list is, such as "body.contacts".', { about: 'key' })
    return null
  }
  const segments = withinBody(text.value)
  if (segments === null) {
    findings.error('bad_path', text.path, `"${text.value}" must begin with "body": that is the answer's JSON.`, { suggestion: `"body.${text.value}"` })
    return null
  }
  const tree = walk(root, segments)
  if (!tree) return null
  tree.items = emptyTree()
  return tree.items
}

/** `body` and, in older documents, `response` are the answer. */
function withinBody(path: string): string[] | null {
  if (path === '$') return []
  const [first, ...segments] = path.split('.')
  return first === 'body' || first === 'response' ? segments : null
}

function insert(start: Tree, segments: readonly string[], parameter: string): boolean {
  const tree = walk(start, segments)
  if (!tree || tree.captures !== null || tree.members.size > 0 || tree.items) return false
  tree.captures = parameter
  return true
}

/** The first of a list is meant by `0`. */
function walk(start: Tree, segments: readonly string[]): Tree | null {
  let tree = start
  for (const segment of segments) {
    if (tree.captures !== null) return null
    if (/^\d+$/.test(segment)) {
      if (segment !== '0' || tree.members.size > 0) return null
      tree = tree.items ??= emptyTree()
    } else {
      if (tree.items) return null
      const next = tree.members.get(segment) ?? emptyTree()
      tree.members.set(segment, next)
      tree = next
    }
  }
  return tree
}

function templateOf({ members, items, captures }: Tree): ResponseTemplate {
  if (captures !== null) return { kind: 'capture', template: [{ name: captures }] }
  if (items) return { kind: 'array', items: [templateOf(items)] }
  return { kind: 'object', members: [...members].map(([key, tree]) => [key, templateOf(tree)]) }
}
