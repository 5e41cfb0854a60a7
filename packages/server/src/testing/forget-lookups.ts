import type { TestServer } from './test-server.js'

/** What CRMs have answered is remembered for a while; a test begins without. */
export const forgetLookups = ({ server }: TestServer) =>
  server.services.database.query({ text: 'TRUNCATE lookups, created_contacts' }, [])
