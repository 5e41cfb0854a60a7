import { BlockList, isIP } from 'node:net'

/**
 * Whether a host, as `URL` spells it, is plainly not on the public internet: `localhost`, or a literal address of a range
 * that is not (IANA special-purpose registries). A name that resolves to such an address is found when connecting.
 */
export function isPrivateHost(hostname: string): boolean {
  const host = hostname.replace(/^\[|\]$/g, '').replace(/\.$/, '')
  if (host === 'localhost' || host.endsWith('.localhost')) return true
  const family = isIP(host)
  if (family === 4) return special.check(host, 'ipv4')
  return family === 6 && (special.check(host, 'ipv6') || !globalUnicast.check(host, 'ipv6'))
}

const special = new BlockList()
for (const [network, bits] of [
  ['0.0.0.0', 8], ['10.0.0.0', 8], ['100.64.0.0', 10], ['127.0.0.0', 8], ['169.254.0.0', 16], ['172.16.0.0', 12], ['192.0.0.0', 24],
  ['192.0.2.0', 24], ['192.168.0.0', 16], ['198.18.0.0', 15], ['198.51.100.0', 24], ['203.0.113.0', 24], ['224.0.0.0', 3],
] as const) special.addSubnet(network, bits, 'ipv4')
for (const [network, bits] of [['2001::', 23], ['2001:db8::', 32], ['2002::', 16]] as const) special.addSubnet(network, bits, 'ipv6')

const globalUnicast = new BlockList()
globalUnicast.addSubnet('2000::', 3, 'ipv6')
