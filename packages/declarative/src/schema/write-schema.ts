import { writeFileSync } from 'node:fs'
import { ringotelSchema } from './json-schema.js'

writeFileSync(new URL('../../schema/ringotel.schema.json', import.meta.url), `${JSON.stringify(ringotelSchema(), null, 2)}\n`)
