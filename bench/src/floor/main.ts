import type { AddressInfo } from 'node:net'
import express from 'express'
import pg from 'pg'
import * as z from 'zod'
import { lookupStatement, lookupValues } from '../directory-tables.js'
import { announce } from '../parts/announce.js'

/*
 * The least that could answer a lookup: an Express route with one prepared SELECT on the server's own tables. No
 * authentication, no log, no checks; nor the headers that Express adds by itself. With `layerCount`, behind as many of the layers.
 */
const { databaseUrl, directoryId, layerCount } = z.object({ databaseUrl: z.string(), directoryId: z.string(), layerCount: z.int() })
  .parse(JSON.parse(process.argv[2] ?? ''))

const pool = new pg.Pool({ connectionString: databaseUrl, max: 10 })
const app = express()
app.disable('x-powered-by')
app.set('etag', false)
// Loaded only where they are wanted: the bare floor shall not carry their memory.
if (layerCount > 0) for (const layer of (await import('./layers.js')).layers.slice(0, layerCount)) app.use(layer.create(pool))

app.get('/contacts', async (request, response) => {
  const { rows } = await pool.query({ ...lookupStatement, values: lookupValues(directoryId, String(request.query['phone'])) })
  response.json({ contacts: rows })
})

const server = app.listen(0, '127.0.0.1', () => {
  // A server that listens on TCP has an address of this form.
  announce(`127.0.0.1:${String((server.address() as AddressInfo).port)}`)
})
