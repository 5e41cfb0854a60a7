import { memory } from '@linefinder/adapter-memory'
import { createServer } from '@linefinder/server'

const server = await createServer({ adapters: [memory()] })
const adminKey = await server.services.tenants.ensureDefaults()
const url = await server.listen(Number(process.env.PORT ?? 4000))

const made = await fetch(`${url}/v1/admin/installations`, {
  method: 'POST',
  headers: { Authorization: `Bearer ${adminKey}`, 'Content-Type': 'application/json' },
  body: JSON.stringify({ adapter: 'memory', name: 'My CRM', settings: { country: 'NL' } }),
})
const { id } = await made.json()

console.log(`Open ${url}/docs. Admin key: ${adminKey}. For the commands in README.md, first:\n`)
console.log(`export URL=${url} CLIENT_ID=default INSTALLATION=${id} FIELDS='{"key":"demo-key-1"}'`)
process.once('SIGINT', () => server.stop())
