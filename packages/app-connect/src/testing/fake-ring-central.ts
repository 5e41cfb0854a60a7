import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

export interface FakeRcUser {
  readonly account: string
  readonly extension: string
  readonly isAdmin: boolean
}

export interface FakeRingCentral {
  readonly origin: string
  /** By their access token. */
  readonly users: Map<string, FakeRcUser>
  /** What it was asked, in order. */
  readonly asked: string[]
  isDown: boolean
  stop(): Promise<void>
}

/** As much of RingCentral's API as says who somebody is. */
export async function startFakeRingCentral(): Promise<FakeRingCentral> {
  const fake = { origin: '', users: new Map<string, FakeRcUser>(), asked: [] as string[], isDown: false, stop: async () => { /* below */ } }
  const server = createServer((request, response) => {
    fake.asked.push(`${request.method ?? ''} ${request.url ?? ''}`)
    const user = fake.users.get((request.headers.authorization ?? '').replace('Bearer ', ''))
    response.setHeader('Content-Type', 'application/json')
    if (fake.isDown) response.writeHead(500).end('{}')
    else if (!user || request.url !== '/restapi/v1.0/account/~/extension/~') response.writeHead(401).end('{"errorCode":"TokenInvalid"}')
    else response.end(JSON.stringify({ id: Number(user.extension), account: { id: user.account }, permissions: { admin: { enabled: user.isAdmin } } }))
  })
  await new Promise<void>(resolve => { server.listen(0, '127.0.0.1', resolve) })
  fake.origin = `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`
  fake.stop = () => new Promise(resolve => {
    server.closeAllConnections()
    server.close(() => { resolve() })
  })
  return fake
}
