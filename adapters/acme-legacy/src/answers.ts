import { z } from 'zod'
import { CrmError, type AdapterContext, type CrmErrorCode } from '@linefinder/core'
import { parseXml } from './xml.js'

const isYes = z.enum(['J', 'N']).transform(letter => letter === 'J')

export const user = z.object({
  user: z.object({ '@id': z.string(), '@name': z.string(), '@email': z.string(), '@mandant': z.string(), '@mandantname': z.string(), '@zone': z.string() }),
})

/** A record has elements, a line of the search attributes. */
const record = z.object({
  '@id': z.string(), name: z.string(), company: z.string(), email: z.string(), active: isYes, created: z.string(), lastcall: z.string(),
  phone: z.array(z.object({ '#text': z.string(), '@kind': z.string() })).default([]),
}).transform(({ '@id': id, phone, ...rest }) => ({ id, ...rest, phones: phone.map(each => ({ number: each['#text'], label: each['@kind'] })) }))

const row = z.object({ '@id': z.string(), '@name': z.string(), '@company': z.string(), '@phone1': z.string(), '@phone2': z.string(), '@active': isYes })
  .transform(found => ({
    id: found['@id'], name: found['@name'], company: found['@company'], active: found['@active'],
    phones: [{ number: found['@phone1'], label: 'main' }, { number: found['@phone2'], label: 'other' }].filter(({ number }) => number !== ''),
  }))

/** A line of the search lacks what is optional here. */
export interface Customer extends z.infer<typeof row> {
  readonly email?: string
  readonly created?: string
  readonly lastcall?: string
}

export const rows = z.object({ customer: z.array(row) })
export const customers = z.object({ '@page': z.coerce.number(), '@pages': z.coerce.number(), customer: z.array(record) })
export const created = z.object({ customer: z.tuple([record]) })

const activity = z.object({ '@no': z.string(), '@customer': z.string(), date: z.string(), text: z.string() })
  .transform(({ '@no': no, '@customer': customer, ...rest }) => ({ no, customer, ...rest }))
export type Activity = z.infer<typeof activity>

export const activities = z.object({ '@page': z.coerce.number(), '@pages': z.coerce.number(), activity: z.array(activity) })
export const written = z.object({ activity: z.tuple([z.object({ '@no': z.string() })]) })

const answer = z.union([
  z.object({ response: z.object({ '@status': z.literal('nodata') }) }).transform(() => null),
  z.object({ response: z.looseObject({ '@status': z.literal('ok') }) }).transform(({ response }) => response),
  z.object({ error: z.object({ '@code': z.string(), '@field': z.string().optional(), '@seconds': z.coerce.number().optional() }) }).transform(({ error }) => failure(error)),
])

export interface Question {
  readonly http: AdapterContext['http']
  readonly path: string
  /** Encoded already. */
  readonly query?: string
  /** Makes it a POST. */
  readonly form?: Readonly<Record<string, string>>
}

/** `null`: the CRM has nothing. Throws `CrmError` for a document that tells an error, which comes with the status 200 like any other. */
export async function ask<Schema extends z.ZodType>({ http, path, query = '', form }: Question, schema: Schema): Promise<z.output<Schema> | null> {
  const { data } = await http.request<Uint8Array>({
    url: query === '' ? path : `${path}?${query}`, responseType: 'arraybuffer', headers: { Accept: 'text/xml' },
    ...(form && { method: 'POST', data: new URLSearchParams(form) }),
  })
  const told = answer.parse(parseXml(data))
  if (told instanceof CrmError) throw told
  return told === null ? null : schema.parse(told)
}

const codes: Readonly<Record<string, CrmErrorCode>> = {
  AUTH: 'unauthorized', RIGHT: 'forbidden', BUSY: 'rate_limited', VALID: 'rejected', NOTFOUND: 'not_found', FAULT: 'server_error',
}

/** The CRM's own words are left out: they may quote what was sent. */
function failure({ '@code': code, '@field': field, '@seconds': seconds }: { '@code': string; '@field'?: string | undefined; '@seconds'?: number | undefined }): CrmError {
  return new CrmError(codes[code] ?? 'bad_response', {
    crmStatus: 200,
    ...(field === undefined ? {} : { detail: `The CRM refuses the field ${field}.` }),
    ...(seconds === undefined ? {} : { retryAfterMs: seconds * 1000 }),
  })
}
