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

export const writeToServer = (settings: Settings, server: ServerProcess, token: string, connections: number): LoadJob => ({
  ...lengthOf(settings), connections, headers: { ...json, Authorization: `Bearer ${token}` }, questions: { of: 'call writes', seed: settings.seed },
  url: server.url, path: '/v1/call-logs/', serverPid: server.pid,
})

export const readFromServer = (settings: Settings, server: ServerProcess, token: string, connections: number, count: number): LoadJob => ({
  ...lengthOf(settings), connections, headers: { Authorization: `Bearer ${token}` }, questions: { of: 'call reads', seed: settings.seed, count },
  url: server.url, path: '/v1/call-logs/', serverPid: server.pid,
})

const questionsOf = ({ contacts, seed }: Settings, asked: Asked, sources: NumberQuestions['sources']): NumberQuestions =>
  ({ of: 'numbers', ...asked, contacts, seed, sources })

const lengthOf = ({ seconds, warmUpSeconds }: Settings) => ({ warmUpSeconds, length: { seconds } })
