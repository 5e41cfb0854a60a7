import { isPlainPath } from './collections.js'

export interface ServerAddress {
  /** `null` where each customer has a host of its own, or the document names none. */
  readonly host: string | null
  /** Before every path, such as `/api`; empty for nothing. */
  readonly basePath: string
}

/** @param server an address as `servers` of a document has it, with placeholders or relative */
export function serverAddressOf(server: string): ServerAddress {
  const hasOwnHost = /\{/.test(/^https?:\/\/([^/]*)/.exec(server)?.[1] ?? '')
  const plain = server.replaceAll(/[{}]/g, '')
  const base = 'https://relative.invalid'
  const { host, hostname, pathname } = new URL(URL.canParse(plain, base) ? plain : '/', base)
  const isNowhere = hasOwnHost || /(^|\.)(invalid|localhost|test|example)$/.test(hostname) || /^[\d.]+$/.test(hostname)
  const path = pathname.replace(/\/+$/, '')
  return { host: isNowhere ? null : host, basePath: isPlainPath(path) ? path : '' }
}
