import { readFileSync } from 'node:fs'
import { z } from 'zod'

/** What a new adapter is made against: the versions that belong to this executable. */
export interface Versions {
  readonly linefinder: string
  readonly core: string
  readonly conformance: string
  readonly zod: string
}

const packageJson = z.object({ version: z.string(), dependencies: z.record(z.string(), z.string()) })

export function ownVersions(): Versions {
  const { version, dependencies } = packageJson.parse(JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')))
  const of = (name: string): string => dependencies[name] ?? version
  return { linefinder: version, core: of('@linefinder/core'), conformance: of('@linefinder/conformance'), zod: of('zod') }
}
