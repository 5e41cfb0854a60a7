import { capabilityMembers, type Capability } from '@linefinder/core'
import { CommandError } from '../command-error.js'
import type { ApiShape } from './api-shape.js'
import type { Versions } from './versions.js'

/** Everything that the files of a new adapter depend on. */
export interface AdapterPlan {
  /** Such as `card-file`. */
  readonly id: string
  /** Such as `Card file`. */
  readonly name: string
  /** Such as `cardFile`. */
  readonly identifier: string
  readonly packageName: string
  readonly shape: ApiShape
  readonly capabilities: ReadonlySet<Capability>
  /** Beside this project's own adapters, with its compiler options and test runner. */
  readonly isInRepository: boolean
  readonly versions: Versions
  /** For the README: what an OpenAPI document showed. `null` when there was none. */
  readonly proposal: Proposal | null
}

export interface Proposal {
  /** Such as `Card file API 2.1`. */
  readonly document: string
  readonly found: readonly Finding[]
  readonly notFound: readonly Finding[]
}

export interface Finding {
  readonly what: string
  /** Where it is, or what was taken instead. */
  readonly where: string
}

/** Throws `CommandError` when it cannot be an adapter's id. */
export function checkedId(text: string): string {
  if (text.length <= 60 && /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(text)) return text
  throw new CommandError(`"${text}" cannot be the name of an adapter: lower case letters, digits and hyphens, beginning with a letter, 60 at most. For example: card-file`)
}

export const nameOf = (id: string): string => (id.charAt(0).toUpperCase() + id.slice(1)).replaceAll('-', ' ')

/** A name that is a word of the language, or one that the file imports, gets an ending. */
export function identifierOf(id: string): string {
  const name = id.replace(/-([a-z0-9])/g, (_, letter: string) => letter.toUpperCase())
  return takenNames.has(name) ? `${name}Crm` : name
}

const takenNames = new Set((
  'answers distinct custom basic oauth2 contact activity field break case catch class const continue debugger default delete do else enum export extends false finally for function if import in '
  + 'instanceof new null return super switch this throw true try typeof var void while with yield let static await async implements interface package '
  + 'private protected public eval arguments undefined object string number boolean symbol any unknown never'
).split(' '))

/** What goes only with something else brings it along. */
const companions: Readonly<Partial<Record<Capability, readonly Capability[]>>> = {
  setDisposition: ['listDispositions'],
  createMessageLog: ['updateMessageLog'], updateMessageLog: ['createMessageLog'],
  getMessageLog: ['createMessageLog', 'updateMessageLog'], findMessageLog: ['createMessageLog', 'updateMessageLog'],
  createTask: ['updateTask'], updateTask: ['createTask'], findTask: ['createTask', 'updateTask'],
}

/** Reads names parted by commas. Throws `CommandError` that names those there are. */
export function checkedCapabilities(text: string): ReadonlySet<Capability> {
  const names = text.split(',').map(name => name.trim()).filter(name => name !== '')
  if (names.length === 1 && names[0] === 'all') return new Set(capabilityMembers)
  const unknown = names.filter(name => !isCapability(name))
  if (unknown.length > 0) throw new CommandError(`No such capability: ${unknown.join(', ')}. There are: ${capabilityMembers.join(', ')}, or "all".`)
  return new Set(names.filter(isCapability).flatMap(name => [name, ...companions[name] ?? []]))
}

// A list of literals only takes its own members as arguments.
const isCapability = (name: string): name is Capability => (capabilityMembers as readonly string[]).includes(name)
