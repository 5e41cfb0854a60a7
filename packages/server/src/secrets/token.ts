import { createHash, randomBytes } from 'node:crypto'

/** 256 random bits as base64url, after a prefix that tells people and secret scanners what it is. */
export const newToken = (prefix = ''): string => prefix + randomBytes(32).toString('base64url')

/** What is stored of a token. Looking it up by hash also keeps comparison times from telling anything. */
export const hashToken = (token: string): Buffer => createHash('sha256').update(token).digest()

/** RFC 7636 §4.2, method S256. */
export const codeChallengeOf = (verifier: string): string => hashToken(verifier).toString('base64url')
