import { createServer, type AddressInfo } from 'node:net'

/** Of 127.0.0.1; for programs that have to listen on the same port again. */
export async function findFreePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>(resolve => { server.listen(0, '127.0.0.1', resolve) })
  // A server that listens on TCP has an address of this form.
  const { port } = server.address() as AddressInfo
  await new Promise(resolve => { server.close(resolve) })
  return port
}
