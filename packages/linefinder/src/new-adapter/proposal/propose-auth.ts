import type { ApiDocument, SecurityScheme } from '../../openapi/read-document.js'
import type { Finding } from '../adapter-plan.js'
import { usualShape, type AuthKind, type AuthShape } from '../api-shape.js'

export interface ProposedAuth {
  readonly auth: AuthShape
  readonly found: readonly Finding[]
  readonly notFound: readonly Finding[]
}

/** @param wanted what the author says; `undefined`: the best that the document has */
export function proposeAuth({ securitySchemes, operations }: ApiDocument, host: string | null, wanted: AuthKind | undefined): ProposedAuth {
  const shapes = securitySchemes.flatMap(scheme => {
    const shape = shapeOf(scheme)
    return shape === null ? [] : [{ scheme, shape }]
  })
  const order: readonly AuthKind[] = wanted === undefined ? ['oauth2', 'apiKey', 'basic'] : [wanted]
  const best = order.flatMap(kind => shapes.find(({ shape }) => shape.kind === kind) ?? [])[0]
  if (!best) {
    const kind = wanted ?? 'apiKey'
    const known = securitySchemes.length === 0 ? 'the document names no security scheme' : `the document has ${securitySchemes.map(({ type }) => type).join(', ')}`
    return { auth: usualShape(kind).auth, found: [], notFound: [{ what: `how people connect by ${kind}`, where: `${known}; a usual \`${kind}\` is in \`src/index.ts\`` }] }
  }
  const { shape } = best
  if (shape.kind !== 'oauth2') return { auth: shape, found: [{ what: 'how people connect', where: wordsFor(shape) }], notFound: [] }
  const revoke = operations.find(({ method, path }) => method === 'post' && /revoke$/.test(path))
  const auth: AuthShape = { ...shape, revokeUrl: revoke ? `https://{hostname}${revoke.path}` : null }
  return { auth, found: [{ what: 'how people connect', where: wordsFor(auth) }], notFound: missingIn(best.scheme, host, revoke !== undefined) }
}

function shapeOf(scheme: SecurityScheme): AuthShape | null {
  switch (scheme.type) {
    case 'oauth2': {
      const flow = scheme.flows.authorizationCode
      if (!flow) return null
      return { kind: 'oauth2', authorizeUrl: atHostname(flow.authorizationUrl), tokenUrl: atHostname(flow.tokenUrl), revokeUrl: null, scopes: Object.keys(flow.scopes) }
    }
    case 'apiKey': return scheme.in === 'cookie' ? null : { kind: 'apiKey', in: scheme.in, name: scheme.name, prefix: null }
    case 'http': {
      if (scheme.scheme.toLowerCase() === 'basic') return { kind: 'basic' }
      return scheme.scheme.toLowerCase() === 'bearer' ? { kind: 'apiKey', in: 'header', name: 'Authorization', prefix: 'Bearer ' } : null
    }
    case 'openIdConnect': case 'mutualTLS': return null
  }
}

/** The fake CRM has one address, so every host is the installation's. */
const atHostname = (address: string): string => `https://{hostname}${new URL(address, 'https://relative.invalid').pathname}`

function wordsFor(auth: AuthShape): string {
  switch (auth.kind) {
    case 'oauth2': return `OAuth 2.0, authorisation code, at \`${auth.authorizeUrl}\` and \`${auth.tokenUrl}\``
    case 'apiKey': return `a key in the ${auth.in} \`${auth.name}\`${auth.prefix === null ? '' : ` after \`${auth.prefix.trim()}\``}`
    case 'basic': return 'user name and password (HTTP Basic)'
    case 'custom': return 'a login of its own'
  }
}

function missingIn(scheme: SecurityScheme, host: string | null, hasRevoke: boolean): Finding[] {
  const flow = scheme.type === 'oauth2' ? scheme.flows.authorizationCode : undefined
  const elsewhere = [flow?.authorizationUrl, flow?.tokenUrl].flatMap(address => address !== undefined && URL.canParse(address) && new URL(address).host !== host ? [new URL(address).host] : [])
  return [
    ...(hasRevoke ? [] : [{ what: 'where tokens are revoked (RFC 7009)', where: 'nothing: a connection that is ended forgets its tokens only. Add `revokeUrl` when there is one' }]),
    ...(elsewhere.length === 0 ? [] : [{ what: 'OAuth at the host of the API', where: `\`{hostname}\`; the document says ${[...new Set(elsewhere)].join(', ')}: put that into \`auth\` when you leave the fake` }]),
  ]
}
