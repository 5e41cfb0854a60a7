import { problemCodes, type ProblemCode } from '@linefinder/core'
import type { Access, Endpoint } from '@linefinder/core/api'

/** Every code with which an endpoint may answer: those it declares, and those that come with what it takes. */
export function problemCodesOf({ access, params, query, body, format, errors }: Endpoint): ProblemCode[] {
  const codes = new Set<ProblemCode>([
    ...errors,
    ...(body ? format === 'ndjson' ? ['unsupported_media_type'] as const : format === 'form' ? ['body_too_large', 'unsupported_media_type'] as const : ['invalid_json', 'body_too_large', 'unsupported_media_type'] as const : []),
    ...(params ?? query ?? body ? ['invalid_fields'] as const : []),
    ...codesOfAccess[access],
    ...(errors.some(code => code.startsWith('crm_')) ? crmCodes : []),
    'internal',
  ])
  return problemCodes.filter(code => codes.has(code))
}

const ofSessions = ['unauthenticated', 'session_expired', 'origin_not_allowed', 'installation_disabled'] as const
const ofKeysOrSessions = [...ofSessions, 'missing_scope', 'not_found', 'invalid_fields'] as const

const codesOfAccess: Readonly<Record<Access, readonly ProblemCode[]>> = {
  public: [],
  session: ofSessions,
  lookup: ofKeysOrSessions,
  log: ofKeysOrSessions,
  admin: ['unauthenticated', 'missing_scope'],
  owner: [...ofSessions, 'missing_scope', 'not_found'],
}

/** Where a CRM is asked, it can fail in each of these ways. Refused credentials are told as `needs_reconnect` or `login_refused`. */
const crmCodes = problemCodes.filter(code => code.startsWith('crm_') && code !== 'crm_unauthorized')
