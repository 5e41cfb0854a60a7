import type { TestServer } from './test-server.js'

/** What calls have said of their CRMs is forgotten, as if every pause were over and each CRM had answered since. */
export const forgetHealth = ({ server }: TestServer) => server.services.database.query({
  text: `UPDATE connections SET failures = 0, paused_until = NULL, paused_by = NULL, trial_until = NULL, state = CASE state WHEN 'degraded' THEN 'healthy' ELSE state END`,
}, [])
