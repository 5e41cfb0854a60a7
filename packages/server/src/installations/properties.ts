import type { CrmAdapter } from '@linefinder/core'
import { ApiError } from '../http/api-error.js'
import { pointerOf } from '../http/validate.js'

type Values = Readonly<Record<string, string>>

/** What an admin has filled in for an installation. */
export interface Filled {
  /** In clear, with the settings. */
  readonly properties: Values
  /** Opened. */
  readonly secrets: Values
}

const none: Values = Object.freeze({})

/** Those that are not secret, as the settings of an installation hold them. */
export const propertiesOf = ({ properties }: Readonly<Record<string, unknown>>): Values =>
  // Nothing else writes this setting.
  typeof properties === 'object' && properties !== null ? properties as Values : none

export const hasSecrets = ({ properties = [] }: CrmAdapter): boolean => properties.some(({ isSecret }) => isSecret)

/** The names of those without which nobody can connect. */
export const missingOf = ({ properties = [] }: CrmAdapter, filled: Filled): string[] =>
  properties
    .filter(({ name, isSecret, isRequired }) => isRequired && !Object.hasOwn(isSecret ? filled.secrets : filled.properties, name))
    .map(({ name }) => name)

/** As they become: `null` clears, what is left out stays. Throws `invalid_fields` that names every one that the adapter does not ask for. */
export function fillIn({ properties: declared = [] }: CrmAdapter, before: Filled, given: Readonly<Record<string, string | null>>): Filled {
  const [properties, secrets] = [new Map(Object.entries(before.properties)), new Map(Object.entries(before.secrets))]
  const unknown: string[] = []
  for (const [name, value] of Object.entries(given)) {
    const property = declared.find(each => each.name === name)
    // What another version of the adapter asked for can be cleared.
    const wasThere = [properties.delete(name), secrets.delete(name)].includes(true)
    if (property && value !== null) (property.isSecret ? secrets : properties).set(name, value)
    else if (!property && !(value === null && wasThere)) unknown.push(name)
  }
  if (unknown.length > 0) throw wrongProperties(unknown, 'is not known here')
  return { properties: Object.fromEntries(properties), secrets: Object.fromEntries(secrets) }
}

export const wrongProperties = (names: readonly string[], message: string): ApiError =>
  new ApiError('invalid_fields', { errors: names.map(name => ({ in: 'body', pointer: pointerOf(['properties', name]), message })) })

/** The settings of an installation with its properties, and without any that came by another way. */
export function withProperties({ properties: _replaced, ...settings }: Readonly<Record<string, unknown>>, properties: Values): Record<string, unknown> {
  return Object.keys(properties).length === 0 ? settings : { ...settings, properties }
}
