type Settings = Readonly<Record<string, unknown>>

const known = new Map<string, Settings>()
const mostKnown = 1000

/**
 * The settings of an installation from their JSON. The same text gives the same object, so that what is prepared for it, such
 * as the installation's own numbers, is prepared once and not for every request.
 */
export function parseSettings(json: string): Settings {
  const before = known.get(json)
  if (before) return before
  if (known.size >= mostKnown) known.clear()
  // The table holds an object; what is in it was checked when it was written.
  const settings = JSON.parse(json) as Settings
  known.set(json, settings)
  return settings
}
