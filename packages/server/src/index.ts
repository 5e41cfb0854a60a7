export { createServer, type LinefinderServer, type ServerOptions } from './create-server.js'
export type { DatabaseOptions } from './database/open-database.js'
export { migrateOnly } from './database/migrate-only.js'
export { KeyRing } from './secrets/key-ring.js'
