import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as wait } from 'node:timers/promises'
import * as z from 'zod'
import type { CrmRecords } from './crm-records.js'

/** Every key that begins with it is one of an own user. */
export const apiKeyPrefix = 'bench-key-'

const contactFields = z.object({
  name: z.string(),
  company: z.string().nullable(),
  email: z.string(),
  phones: z.array(z.object({ number: z.string(), label: z.string() })),
}).partial()

export const crmStats = z.object({ pages: z.int(), searches: z.int(), writes: z.int(), activities: z.int(), begun: z.int() })
export type CrmStats = z.infer<typeof crmStats>

/** How it behaves from now on; what is left out goes back to its default. */
export const crmManners = z.object({
  /** How long a search takes. */
  searchMs: z.int().min(0).default(0),
  /** How long it takes to log an activity. */
  activityMs: z.int().min(0).default(0),
  /** Whoever would log an activity is cut off. */
  isDown: z.boolean().default(false),
})
type Manners = z.infer<typeof crmManners>

export interface CrmServer {
  readonly host: string
  stop(): Promise<void>
}

/** Serves the records on a free port of 127.0.0.1. */
export async function startCrmServer(records: CrmRecords): Promise<CrmServer> {
  const server = createServer(createHandler(records))
  await new Promise<void>(resolve => { server.listen(0, '127.0.0.1', resolve) })
  // A server that listens on TCP has an address of this form.
  const { port } = server.address() as AddressInfo
  return { host: `127.0.0.1:${String(port)}`, stop: () => stop(server) }
}

function createHandler(records: CrmRecords) {
  const stats = { pages: 0, searches: 0, writes: 0, activities: 0, begun: 0 } satisfies CrmStats
  /** Pages of all contacts as they were sent, so that listing them again costs nothing. Empty after every change. */
  const pages = new Map<string, Buffer>()
  /** By the id that its maker gave. */
  const activityIds = new Map<string, string>()
  let manners: Manners = crmManners.parse({})

  function list(query: URLSearchParams, response: ServerResponse): void {
    stats.pages++
    const since = query.get('since')
    const known = since === null ? pages.get(query.toString()) : undefined
    const page = known ?? encode(records.page(query.get('cursor'), Number(query.get('limit') ?? 1000), since === null ? null : Date.parse(since)))
    if (since === null) pages.set(query.toString(), page)
    send(response, 200, page)
  }

  async function search(digits: string, response: ServerResponse): Promise<void> {
    stats.searches++
    if (manners.searchMs > 0) await wait(manners.searchMs)
    send(response, 200, encode({ items: records.search(digits), deleted: [], next_cursor: null }))
  }

  async function write(request: IncomingMessage, id: string | undefined, response: ServerResponse): Promise<void> {
    stats.writes++
    pages.clear()
    if (request.method === 'DELETE') { send(response, records.remove(id ?? '') ? 204 : 404); return }
    const fields = contactFields.safeParse(await readBody(request))
    if (!fields.success) { send(response, 422); return }
    const contact = id === undefined ? records.create(dropUndefined(fields.data)) : records.update(id, dropUndefined(fields.data))
    send(response, contact === null ? 404 : id === undefined ? 201 : 200, encode(contact))
  }

  async function setManners(request: IncomingMessage, response: ServerResponse): Promise<void> {
    manners = crmManners.parse(await readBody(request))
    send(response, 204)
  }

  async function logActivity(request: IncomingMessage, externalId: string | null, response: ServerResponse): Promise<void> {
    if (manners.isDown) { request.socket.destroy(); return }
    if (request.method === 'GET') { send(response, 200, encode({ id: activityIds.get(externalId ?? '') ?? null })); return }
    stats.begun++
    if (manners.activityMs > 0) await wait(manners.activityMs)
    stats.activities++
    if (request.method !== 'POST') { send(response, 204); return }
    const id = `a${String(stats.activities)}`
    if (externalId !== null) activityIds.set(externalId, id)
    send(response, 201, encode({ id }))
  }

  return (request: IncomingMessage, response: ServerResponse): void => {
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://crm')
    const [, collection, id] = pathname.split('/')
    const key = String(request.headers['x-api-key'] ?? '')
    const answer = async () => {
      if (collection === '_stats') send(response, 200, encode(stats))
      else if (collection === '_manners') await setManners(request, response)
      else if (!key.startsWith(apiKeyPrefix)) send(response, 401)
      else if (collection === 'me') send(response, 200, encode({ id: key.slice(apiKeyPrefix.length), account: 'bench' }))
      else if (collection === 'activities') await logActivity(request, searchParams.get('external_id'), response)
      else if (collection !== 'contacts') send(response, 404)
      else if (request.method !== 'GET') await write(request, id, response)
      else if (searchParams.has('phone')) await search(searchParams.get('phone') ?? '', response)
      else list(searchParams, response)
    }
    answer().catch(() => { send(response, 400) })
  }
}

const encode = (value: unknown): Buffer => Buffer.from(JSON.stringify(value))

function send(response: ServerResponse, status: number, body: Uint8Array = new Uint8Array()): void {
  response.writeHead(status, { 'Content-Type': 'application/json', 'Content-Length': body.length })
  response.end(body)
}

async function readBody(request: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = []
  // A request without an encoding yields buffers.
  for await (const chunk of request) chunks.push(chunk as Buffer)
  return JSON.parse(Buffer.concat(chunks).toString())
}

/** What zod leaves as `undefined` was not given, and must not overwrite. */
const dropUndefined = <Fields extends object>(fields: Fields): { [K in keyof Fields]?: Exclude<Fields[K], undefined> } =>
  // Only members that hold something are left.
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as never

async function stop(server: Server): Promise<void> {
  server.closeAllConnections()
  await new Promise(resolve => server.close(resolve))
}
