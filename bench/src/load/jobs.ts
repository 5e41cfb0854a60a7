import type { ForkedPart } from '../parts/forked-part.js'
import type { ServerProcess } from '../parts/server-process.js'
import type { Settings } from '../settings.js'
import type { LoadJob, Questions } from './load-job.js'

export type Asked = Omit<Questions, 'seed'>

/** Any number of these contacts, again and again. */
export const anyOf = (from: number, to: number): Asked => ({ from, to, order: 'random', which: 'any' })

/** The first number of each of these contacts: as many numbers as contacts. */
export const firstOf = (from: number, to: number, order: Asked['order']): Asked => ({ from, to, order, which: 'first' })

export const askFloor = (settings: Settings, floor: ForkedPart, connections: number, asked: Asked, headers: Record<string, string> = {}): LoadJob => ({
  ...commonOf(settings, asked), connections, headers,
  url: `http://${floor.host}`, path: '/contacts?phone=', sources: null, serverPid: floor.pid,
})

/** With an agent's session. `sources`: of which one must have given the answer. */
export const askServer = (settings: Settings, server: ServerProcess, token: string, connections: number, asked: Asked, sources: LoadJob['sources']): LoadJob => ({
  ...commonOf(settings, asked), connections, headers: { Authorization: `Bearer ${token}` },
  url: server.url, path: '/v1/contacts?phone=', sources, serverPid: server.pid,
})

const commonOf = ({ contacts, seconds, warmUpSeconds, seed }: Settings, asked: Asked) =>
  ({ contacts, warmUpSeconds, length: { seconds }, questions: { ...asked, seed } })
