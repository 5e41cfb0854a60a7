import type { Property } from '@linefinder/core'
import type { ParameterType } from '../description.js'
import type { PlaceholderForm } from '../template.js'
import { parameterNames } from './parameter-facts.js'

/** What placeholders of a document may stand for. */
export interface Names {
  readonly form: PlaceholderForm
  readonly properties: ReadonlyMap<string, Property>
  readonly personal: ReadonlyMap<string, Property>
  /** As declared. */
  readonly types: ReadonlyMap<string, ParameterType>
  readonly variables: ReadonlySet<string>
  /** All of these, and the parameters that are not declared. */
  readonly known: ReadonlySet<string>
}

export const knownNames = (parts: Omit<Names, 'known'>): Names => ({
  ...parts,
  known: new Set([...parts.properties.keys(), ...parts.personal.keys(), ...parts.types.keys(), ...parts.variables, ...parameterNames]),
})

export function kindOfName({ properties, personal, variables }: Names, name: string): 'property' | 'personal' | 'variable' | 'parameter' {
  return properties.has(name) ? 'property' : personal.has(name) ? 'personal' : variables.has(name) ? 'variable' : 'parameter'
}

/** Known before any call: what an admin fills in. */
export const isOfInstallation = (names: Names, name: string): boolean => names.properties.has(name) || name === 'hostname'

/** As the document writes it. */
export const written = (form: PlaceholderForm, name: string): string => `${form.charAt(0)}${name}${form.charAt(1)}`
