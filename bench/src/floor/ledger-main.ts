import { randomUUID } from 'node:crypto'
import type { AddressInfo } from 'node:net'
import express from 'express'
import pg from 'pg'
import * as z from 'zod'
import { floorInsert, floorValues, jobInsert } from '../ledger-tables.js'
import { announce } from '../parts/announce.js'

/*
 * The least that could keep a call log: an Express route that writes the same JSON in a transaction of its own. No authentication,
 * no log, no checks, no question whose call it is. With `withJob` it also enqueues a job for its delivery.
 */
const { databaseUrl, connection, withJob } = z.object({
  databaseUrl: z.string(), connection: z.object({ id: z.string(), tenantId: z.string(), crmAccountId: z.string(), agentId: z.string() }), withJob: z.boolean(),
}).parse(JSON.parse(process.argv[2] ?? ''))

const pool = new pg.Pool({ connectionString: databaseUrl, max: 10 })
const app = express()
app.disable('x-powered-by')
app.set('etag', false)
app.use(express.json())

app.put('/call-logs/:callId', async (request, response) => {
  // The benchmark sends calls only.
  const call = request.body as { startedAt: string }
  const client = await pool.connect()
  try {
    await client.query('BEGIN')
    await client.query({ ...floorInsert, values: floorValues(randomUUID(), connection, request.params.callId, call) })
    if (withJob) await client.query({ ...jobInsert, values: [JSON.stringify({ id: connection.id })] })
    await client.query('COMMIT')
  } finally {
    client.release()
  }
  response.status(201).json({ ...call, callId: request.params.callId })
})

const server = app.listen(0, '127.0.0.1', () => {
  // A server that listens on TCP has an address of this form.
  announce(`127.0.0.1:${String((server.address() as AddressInfo).port)}`)
})
