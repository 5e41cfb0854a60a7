import { z } from 'zod'
import { ask, jsonOf, type Asked } from '../../openapi/ask.js'
import type { Seen } from './needs.js'

const metadata = z.looseObject({
  authorization_endpoint: z.string().optional(), token_endpoint: z.string().optional(), revocation_endpoint: z.string().optional(),
  code_challenge_methods_supported: z.array(z.string()).optional(),
})
type OAuthMetadata = z.infer<typeof metadata>

export interface Live {
  readonly seen: readonly Seen[]
  /** Why there was no answer at all; `null` when there was one, or when it is the certificate that is not good. */
  readonly failure: string | null
}

/** What the CRM itself shows to somebody without credentials. @param protectedPath of something that needs them, where one is known */
export async function lookLive(address: URL, protectedPath: string | null): Promise<Live> {
  const { origin } = address
  const first = await ask(`${origin}/`)
  if ('failure' in first) return { failure: isAboutTls(first.failure) ? null : first.failure, seen: [tlsOf(origin, first)] }
  const found = await findMetadata(address)
  const guarded = protectedPath === null ? null : await ask(`${origin}${protectedPath}`)
  return {
    failure: null,
    seen: [
      tlsOf(origin, first),
      found ? { need: 'metadata', answer: 'yes', why: found.path } : { need: 'metadata', answer: 'no', why: 'not at /.well-known/oauth-authorization-server, nor where it often is' },
      ...guardedSeen(protectedPath, guarded),
      ...(found ? tokenSeen(found.metadata, found.path) : []),
    ],
  }
}

const isAboutTls = (failure: string): boolean => /CERT|SSL|TLS|SELF_SIGNED/i.test(failure)

function tlsOf(origin: string, asked: Asked): Seen {
  const { protocol, hostname } = new URL(origin)
  if ('failure' in asked) return { need: 'tls', answer: protocol === 'https:' && isAboutTls(asked.failure) ? 'no' : 'could not tell', why: asked.failure }
  if (protocol === 'https:') return { need: 'tls', answer: 'yes', why: origin }
  const isHere = hostname === 'localhost' || hostname === '[::1]' || hostname.startsWith('127.')
  return { need: 'tls', answer: isHere ? 'could not tell' : 'no', why: isHere ? 'it is on this machine' : `${origin} is not encrypted` }
}

/** For an issuer at the root, at the address that was given, and where authorisation servers often are. RFC 8414 §3.1 puts the issuer's path last; many put it first. */
function metadataPathsFor(path: string): string[] {
  const issuers = new Set(['', path.replace(/\/+$/, ''), '/oauth', '/oauth2'])
  return [...new Set([...issuers].flatMap(issuer => [
    `/.well-known/oauth-authorization-server${issuer}`, `${issuer}/.well-known/oauth-authorization-server`, `${issuer}/.well-known/openid-configuration`,
  ]))]
}

async function findMetadata({ origin, pathname }: URL): Promise<{ readonly path: string; readonly metadata: OAuthMetadata } | null> {
  for (const path of metadataPathsFor(pathname)) {
    const asked = await ask(`${origin}${path}`)
    if ('failure' in asked || asked.answer.status !== 200) continue
    const read = metadata.safeParse(jsonOf(asked.answer))
    if (read.success && read.data.token_endpoint !== undefined) return { path, metadata: read.data }
  }
  return null
}

function tokenSeen({ authorization_endpoint: authorize, revocation_endpoint: revoke, code_challenge_methods_supported: challenges = [] }: OAuthMetadata, path: string): Seen[] {
  const pkce = challenges.includes('S256') ? 'with PKCE' : 'without PKCE, as far as it says'
  return [
    { need: 'token', answer: authorize === undefined ? 'no' : 'yes', why: authorize === undefined ? `${path} names no authorization_endpoint` : `OAuth 2.0 ${pkce}` },
    ...(revoke === undefined ? [] : [{ need: 'logout', answer: 'yes', why: 'the revocation_endpoint' } as const]),
  ]
}

function guardedSeen(path: string | null, asked: Asked | null): Seen[] {
  if (path === null || asked === null) {
    const why = 'no address is known that needs a login: name one with --path'
    return [{ need: 'unauthorized', answer: 'could not tell', why }, { need: 'json', answer: 'could not tell', why }]
  }
  if ('failure' in asked) return [{ need: 'unauthorized', answer: 'could not tell', why: asked.failure }]
  const { status, contentType } = asked.answer
  const said = `GET ${path} says ${String(status)}`
  const unauthorized: Seen = status === 404 ? { need: 'unauthorized', answer: 'could not tell', why: said } : { need: 'unauthorized', answer: status === 401 ? 'yes' : 'no', why: said }
  const isJson = jsonOf(asked.answer) !== undefined
  // A 401 often has no content.
  const isSilent = asked.answer.text.trim() === ''
  return [unauthorized, { need: 'json', answer: isJson ? 'yes' : isSilent || status === 404 ? 'could not tell' : 'no', why: `${said}, with ${isSilent ? 'no content' : contentType || 'no content type'}` }]
}
