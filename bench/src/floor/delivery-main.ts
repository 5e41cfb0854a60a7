import { Agent, request } from 'node:http'
import pg from 'pg'
import * as z from 'zod'
import { apiKeyPrefix } from '../crm/crm-server.js'
import { findWaiting, noteDelivered } from '../ledger-tables.js'
import { announce } from '../parts/announce.js'

/*
 * The least that could deliver: so many workers, each of which tells the CRM of one call log and then writes down that it has. No lease, no
 * attempt, no credentials to open. It says how many seconds it took, and ends.
 */
const { databaseUrl, crmHost, parallel } = z.object({ databaseUrl: z.string(), crmHost: z.string(), parallel: z.int() }).parse(JSON.parse(process.argv[2] ?? ''))

const pool = new pg.Pool({ connectionString: databaseUrl, max: 10 })
const agent = new Agent({ keepAlive: true })
const waiting = await findWaiting(pool)
const startedAt = performance.now()
await Promise.all(Array.from({ length: parallel }, async () => {
  for (let next = waiting.pop(); next; next = waiting.pop()) await noteDelivered(pool, next.id, await tellCrm(next.content))
}))
announce((performance.now() - startedAt) / 1000)

function tellCrm(content: unknown): Promise<unknown> {
  const body = JSON.stringify(content)
  return new Promise((resolve, reject) => {
    const asked = request(`http://${crmHost}/activities`, {
      method: 'POST', agent, headers: { 'Content-Type': 'application/json', 'Content-Length': Buffer.byteLength(body), 'X-Api-Key': `${apiKeyPrefix}floor` },
    }, response => {
      let text = ''
      response.on('data', (chunk: Buffer) => { text += chunk.toString() }).on('end', () => { resolve(JSON.parse(text)) })
    })
    asked.on('error', reject).end(body)
  })
}
