import { randomUUID } from 'node:crypto'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

export interface Card {
  id: string
  name: string
  phones: string[]
}

export interface Entry {
  id: string
  cardId: string
  text: string
  reference: string
  outcome: string | null
  files: Map<string, number>
}

/** A card file with an API: calls are one text on a card. Its people get in by a key, by Basic, or by a login whose sessions end. */
export interface CardCrm {
  readonly origin: string
  readonly cards: Map<string, Card>
  readonly entries: Map<string, Entry>
  readonly sessions: Map<string, string>
  /** By key, which is also the password. */
  readonly people: Map<string, string>
  stop(): Promise<void>
}

export const outcomes = ['Interested', 'Not now', 'Never']

export async function startCardCrm(): Promise<CardCrm> {
  const cards = new Map<string, Card>()
  const entries = new Map<string, Entry>()
  const sessions = new Map<string, string>()
  const people = new Map([['key-of-ann-1', 'ann'], ['key-of-ben-2', 'ben']])

  function whoAsks({ headers }: IncomingMessage): string | undefined {
    const basic = Buffer.from(headers.authorization?.replace('Basic ', '') ?? '', 'base64').toString().split(':')[1] ?? ''
    return people.get(String(headers['x-key'])) ?? people.get(basic) ?? sessions.get(String(headers['x-session']))
  }

  async function answer(request: IncomingMessage): Promise<unknown> {
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://cards')
    const [, kind = '', id = '', part = '', name = ''] = pathname.split('/').map(decodeURIComponent)
    if (kind === 'login') {
      const who = people.get(String((await jsonOf(request))['password']))
      if (who === undefined) throw new Refused(401)
      const session = `session-${randomUUID()}`
      sessions.set(session, who)
      return { session }
    }
    const who = whoAsks(request)
    if (who === undefined) throw new Refused(401)
    if (kind === 'me') return userOf(who)
    if (kind === 'users') return [...people.values()].map(userOf)
    if (kind === 'outcomes') return outcomes
    if (kind === 'logout') return { isOver: sessions.delete(String(request.headers['x-session'])) }
    if (kind === 'cards' && request.method === 'POST') {
      const { name: called, phone } = await jsonOf(request)
      const card: Card = { id: randomUUID(), name: String(called), phones: [String(phone)] }
      cards.set(card.id, card)
      return card
    }
    if (kind === 'cards') return [...cards.values()].filter(({ phones }) => phones.some(text => text.includes(searchParams.get('phone') ?? '')))
    if (kind === 'entries' && request.method === 'POST') {
      const given = await jsonOf(request)
      if (!cards.has(String(given['cardId']))) throw new Refused(422)
      const entry: Entry = { id: randomUUID(), cardId: String(given['cardId']), text: String(given['text']), reference: String(given['reference']), outcome: null, files: new Map() }
      entries.set(entry.id, entry)
      return shown(entry)
    }
    if (kind === 'entries' && id === '') return [...entries.values()].filter(({ reference }) => reference === searchParams.get('reference')).map(shown)
    const entry = entries.get(id)
    if (kind !== 'entries' || !entry) throw new Refused(404)
    if (part === 'files') {
      let size = 0
      for await (const piece of request) size += (piece as Buffer).length
      entry.files.set(name, size)
    } else if (request.method === 'PATCH') Object.assign(entry, await jsonOf(request))
    return shown(entry)
  }

  const server = createServer((request, response) => {
    void answer(request).then(body => { send(response, 200, body) }, (error: unknown) => {
      request.resume()
      send(response, error instanceof Refused ? error.status : 500, { error: 'refused' })
    })
  })
  await new Promise<void>(resolve => { server.listen(0, '127.0.0.1', resolve) })
  return {
    origin: `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`, cards, entries, sessions, people,
    async stop() {
      server.closeAllConnections()
      await new Promise(resolve => server.close(resolve))
    },
  }
}

export const userOf = (name: string) => ({ id: name, name, email: `${name}@cards.example` })

class Refused extends Error {
  constructor(readonly status: number) {
    super('refused')
  }
}

const shown = ({ files, ...entry }: Entry) => ({ ...entry, files: [...files.keys()] })

function send(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'Content-Type': 'application/json' }).end(JSON.stringify(body))
}

async function jsonOf(request: IncomingMessage): Promise<Record<string, unknown>> {
  const pieces: Buffer[] = []
  for await (const piece of request) pieces.push(piece as Buffer)
  return JSON.parse(Buffer.concat(pieces).toString()) as Record<string, unknown>
}
