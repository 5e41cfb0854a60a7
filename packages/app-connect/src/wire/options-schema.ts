import { z } from 'zod'
import { jsonValue } from '@linefinder/core'
import type { AppConnectOptions } from './options.js'

const json = z.record(z.string(), jsonValue)
const origin = z.string().refine(text => URL.canParse(text) && new URL(text).origin === text, 'must be an origin such as https://phone.example.com')

const schema = z.strictObject({
  path: z.string().optional(),
  clientApp: z.string().min(1).optional(),
  platforms: z.record(z.string().regex(/^[A-Za-z][\w-]{0,99}$/), z.strictObject({ installation: z.uuid(), manifest: json.optional() })).optional(),
  manifest: json.optional(),
  authorName: z.string().min(1).optional(),
  hashKey: z.string().min(8).optional(),
  queryCredentials: z.boolean().optional(),
  origins: z.array(origin).optional(),
  extensions: z.array(z.string().regex(/^[\w-]{1,100}$/)).optional(),
  tokenDays: z.number().min(1).max(365).optional(),
  keepsUsedTokens: z.boolean().optional(),
  requiresOwnState: z.boolean().optional(),
  deliveryWaitMs: z.int().min(0).max(20_000).optional(),
  lookupDeadlineMs: z.int().min(0).max(25_000).optional(),
  admin: z.strictObject({ by: z.enum(['ringcentral', 'apiKey']).optional(), rcAccounts: z.array(z.string().min(1)).optional() }).optional(),
  rcApi: z.url({ protocol: /^https?$/ }).optional(),
  rcUserForm: z.enum(['auto', 'one', 'list']).optional(),
})

/** Options that come from outside. Throws naming what is wrong. */
export function readAppConnectOptions(value: unknown): AppConnectOptions {
  const result = schema.safeParse(value)
  if (!result.success) throw new Error(result.error.issues.map(({ path, message }) => `${path.join('.') || 'it'}: ${message}`).join('; '))
  // zod leaves out what was left out, which its types cannot say.
  return result.data as AppConnectOptions
}
