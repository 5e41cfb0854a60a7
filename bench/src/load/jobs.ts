import type { ForkedPart } from '../parts/forked-part.js'
import type { ServerProcess } from '../parts/server-process.js'
import type { Settings } from '../settings.js'
import type { LoadJob, NumberQuestions } from './load-job.js'

export type Asked = Pick<NumberQuestions, 'from' | 'to' | 'order' | 'which'>

/** Any number of these contacts, again and again. */
export const anyOf = (from: number, to: number): Asked => ({ from, to, order: 'random', which: 'any' })

/** The first number of each of these contacts: as many numbers as contacts. */
export const firstOf = (from: number, to: number, order: Asked['order']): Asked => ({ from, to, order, which: 'first' })

export const askFloor = (settings: Settings, floor: ForkedPart, connections: number, asked: Asked, headers: Record<string, string> = {}): LoadJob => ({
  ...lengthOf(settings), connections, headers, questions: questionsOf(settings, asked, null),
  url: `http://${floor.host}`, path: '/contacts?phone=', serverPid: floor.pid,
})

/** With an agent's session. `sources`: of which one must have given the answer. */
export const askServer = (settings: Settings, server: ServerProcess, token: string, connections: number, asked: Asked, sources: NumberQuestions['sources']): LoadJob => ({
  ...lengthOf(settings), connections, headers: { Authorization: `Bearer ${token}` }, questions: questionsOf(settings, asked, sources),
  url: server.url, path: '/v1/contacts?phone=', serverPid: server.pid,
})

const json = { 'Content-Type': 'application/json' }

export const writeToFloor = (settings: Settings, floor: ForkedPart, connections: number): LoadJob => ({
  ...lengthOf(settings), connections, headers: json, questions: { of: 'call writes', seed: settings.seed },
  url: `http://${floor.host}`, path: '/call-logs/', serverPid: floor.pid,
})

export const writeToServer = (settings: Settings, server: ServerProcess, token: string, connections: number, waitSeconds = 0): LoadJob => ({
  ...lengthOf(settings), connections, headers: { ...json, Authorization: `Bearer ${token}`, ...(waitSeconds === 0 ? {} : { Prefer: `wait=${String(waitSeconds)}` }) },
  questions: { of: 'call writes', seed: settings.seed, isInCrm: waitSeconds > 0 },
  url: server.url, path: '/v1/call-logs/', serverPid: server.pid,
})

export const readFromServer = (settings: Settings, server: ServerProcess, token: string, connections: number, count: number): LoadJob => ({
  ...lengthOf(settings), connections, headers: { Authorization: `Bearer ${token}` }, questions: { of: 'call reads', seed: settings.seed, count },
  url: server.url, path: '/v1/call-logs/', serverPid: server.pid,
})

/** With a token of App Connect's client, where it puts it. `baseUrl`: of the peer, or of the surface. */
export const askWire = (settings: Settings, side: WireSide, connections: number, { from, to, order, which }: Asked): LoadJob => ({
  ...lengthOf(settings), connections, headers: {}, questions: { of: 'wire numbers', from, to, order, which, contacts: settings.contacts, seed: settings.seed },
  url: new URL(side.baseUrl).origin, path: `${pathOf(side)}/contact?jwtToken=${side.token}&overridingFormat=&isExtension=false&phoneNumber=`, serverPid: side.pid,
})

export const writeToWire = (settings: Settings, side: WireSide, connections: number, isInCrm: boolean): LoadJob => ({
  ...lengthOf(settings), connections, headers: json, questions: { of: 'wire writes', seed: settings.seed, isInCrm },
  url: new URL(side.baseUrl).origin, path: `${pathOf(side)}/callLog?jwtToken=${side.token}`, serverPid: side.pid,
})

/** Who speaks as App Connect does: the peer, or our surface. */
export interface WireSide {
  readonly pid: number
  readonly baseUrl: string
  readonly token: string
}

const pathOf = ({ baseUrl }: WireSide): string => new URL(baseUrl).pathname.replace(/\/$/, '')

const questionsOf = ({ contacts, seed }: Settings, asked: Asked, sources: NumberQuestions['sources']): NumberQuestions =>
  ({ of: 'numbers', ...asked, contacts, seed, sources })

const lengthOf = ({ seconds, warmUpSeconds }: Settings) => ({ warmUpSeconds, length: { seconds } })
