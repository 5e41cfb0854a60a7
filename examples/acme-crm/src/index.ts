export { startAcme, type Acme, type AcmeOptions } from './start-acme.js'
export type { ConfiguredClient } from './oauth/clients.js'
