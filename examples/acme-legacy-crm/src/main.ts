#!/usr/bin/env node
import { startAcmeLegacy } from './index.js'

const { HOST, PORT, ACME_LEGACY_FILE, ACME_LEGACY_TIME_ZONE } = process.env
const crm = await startAcmeLegacy({
  port: Number(PORT ?? 4110),
  file: ACME_LEGACY_FILE ?? '.acme/legacy.ndjson',
  log: console.error,
  ...(HOST && { host: HOST }),
  ...(ACME_LEGACY_TIME_ZONE && { timeZone: ACME_LEGACY_TIME_ZONE }),
})
console.log(`Acme Legacy  ${crm.url}/customers
API          ${crm.url}/api, header X-Acme-Key: legacy-key-ann, legacy-key-ben or legacy-key-reception (who may only read)`)

for (const signal of ['SIGTERM', 'SIGINT'] as const) {
  process.once(signal, () => {
    void crm.stop().then(() => process.exit(0))
  })
}
