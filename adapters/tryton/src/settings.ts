import { CrmError, type InstallationFacts } from '@linefinder/core'

type Facts = Pick<InstallationFacts, 'settings'>

/** The Tryton database of the installation. Throws `CrmError('rejected')` where the admin named none. */
export function databaseOf({ settings }: Facts): string {
  const name = textIn(settings, 'database')
  if (name === null) throw new CrmError('rejected', { detail: 'The installation names no Tryton database: set its setting `database`.' })
  return name
}

/** The id of the party that keeps what belongs to nobody known, or `null`. */
export const partyForUnknownOf = ({ settings }: Facts): string | null => textIn(settings, 'partyForUnknown')

/** The page of a record in Tryton's web client. */
export const recordUrl = ({ hostname, settings }: InstallationFacts, model: string, id: string): string =>
  `https://${hostname}/#${encodeURIComponent(textIn(settings, 'database') ?? '')}/model/${model}/${encodeURIComponent(id)}`

function textIn(settings: Facts['settings'], name: string): string | null {
  const value = settings[name]
  const text = typeof value === 'number' ? String(value) : value
  return typeof text === 'string' && text !== '' ? text : null
}
