import * as z from 'zod'
import type { JsonValue } from '@linefinder/core'
import type { ReturnMessage } from '../extras.js'

const json = z.custom<JsonValue>()
export const jsonObject = z.record(z.string(), json)
const id = z.union([z.string().min(1), z.number()]).transform(String)

export const returnMessage = z.looseObject({
  message: z.string().optional(), messageType: z.string().optional(), ttl: z.number().optional(), details: z.array(json).optional(),
}).transform(said => said as ReturnMessage)

/** What every answer of a connector may say beside. */
const said = {
  successful: z.boolean().optional(),
  returnMessage: returnMessage.nullish().catch(undefined),
  extraDataTracking: z.looseObject({ statusCode: z.number().optional().catch(undefined) }).nullish().catch(undefined),
}
export const beside = z.looseObject(said).nullish().catch(undefined)

export const userInfo = z.looseObject({
  ...said,
  platformUserInfo: z.looseObject({
    id, name: z.string().min(1), email: z.string().optional().catch(undefined),
    timezoneName: z.string().nullish(), timezoneOffset: z.union([z.string(), z.number()]).nullish(),
    platformAdditionalInfo: jsonObject.nullish(),
    overridingHostname: z.string().nullish(), overridingApiKey: z.string().nullish(),
  }).optional(),
})
export const renamed = z.looseObject({ name: z.string().min(1).optional() }).nullish().catch(undefined)

/** As it would be sent: what is undefined is not there, and a date is a text. */
export const sent = (value: unknown): unknown => value === undefined ? undefined : JSON.parse(JSON.stringify(value)) as unknown

const contact = z.looseObject({ id: z.union([z.string(), z.number()]).transform(String), name: z.string().catch('') })
export type FoundContact = z.infer<typeof contact>
export const contacts = z.looseObject({ ...said, matchedContactInfo: z.preprocess(sent, z.array(contact).nullish()) })
export const createdContact = z.looseObject({ ...said, contactInfo: z.preprocess(sent, z.looseObject({ id, name: z.string().optional().catch(undefined) }).nullish()) })

export const logged = z.looseObject({ ...said, logId: id.nullish().or(z.literal('').transform(() => undefined)) })
export const changed = z.looseObject({ ...said, updatedNote: z.unknown().optional() }).nullish()
export const callLogRead = z.looseObject({ ...said, callLogInfo: z.preprocess(sent, jsonObject.nullish()) })
export const users = z.array(z.looseObject({ id, name: z.string().catch(''), email: z.string().nullish().catch(undefined) }))
export const license = z.looseObject({ isLicenseValid: z.boolean(), licenseStatus: z.string().nullish(), licenseStatusDescription: z.string().nullish() })
export const options = z.array(z.looseObject({ value: z.string(), label: z.string() }))
export const outcome = z.looseObject({ ...said, status: z.number().optional().catch(undefined) })

export const oauthInfo = z.looseObject({
  clientId: z.string().optional(), clientSecret: z.string().nullish(), accessTokenUri: z.string().optional(), redirectUri: z.string().optional(),
  authorizationUri: z.string().optional(), scopes: z.union([z.string(), z.array(z.string())]).optional(), hostname: z.string().optional(), failMessage: z.string().optional(),
})
