import { randomInt } from 'node:crypto'
import { createServer } from 'node:net'

/** Of 127.0.0.1; for programs that have to listen on the same port again. */
export async function findFreePort(): Promise<number> {
  // Below those that systems give to whoever asks for any: another could have it by the time that it is used.
  const port = randomInt(20_000, 32_000)
  const server = createServer()
  const isFree = await new Promise<boolean>(resolve => { server.once('error', () => { resolve(false) }).listen(port, '127.0.0.1', () => { resolve(true) }) })
  if (!isFree) return findFreePort()
  await new Promise(resolve => { server.close(resolve) })
  return port
}
