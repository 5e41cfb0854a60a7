import { activityId, apiKey, CrmError, type AdapterContext, type ContactId, type CrmAdapter } from '@linefinder/core'
import { entriesAfter, markOf, toEntry, type Entry } from './activities.js'
import * as answers from './answers.js'
import { toDayBefore } from './local-time.js'
import { fromContactInput, toContactPage, toContacts, toQuery, toUser } from './mapping.js'
import { toPhoneFormat } from './phone-format.js'

/** Acme Legacy: an API key, XML, numbers in one format, and activities that cannot be changed. */
export const acmeLegacy: CrmAdapter = {
  id: 'acme-legacy',
  name: 'Acme Legacy',
  contractVersion: 1,
  baseUrl: 'https://{hostname}/api',
  // It compares text, but keeps one format only, which is made of the E.164 number.
  phoneSearch: 'e164',
  bodyFormat: 'plain',
  contactLagMs: 0,
  auth: apiKey({
    fields: [{ name: 'key', label: 'API key', secret: true, help: 'Your administrator has it.' }],
    placements: [{ in: 'header', field: 'key', name: 'X-Acme-Key' }],
  }),

  async getUserInfo({ http }) {
    return toUser(found(await answers.ask({ http, path: '/whoami' }, answers.user)))
  },

  async findContact(ctx, { e164 }) {
    const phone = e164 === null ? null : toPhoneFormat(ctx.phone.parse(e164), ctx.phone.parse)
    return phone === null ? [] : search(ctx, { phone })
  },

  async searchContacts(ctx, name, limit) {
    return (await search(ctx, { name })).slice(0, limit)
  },

  async listContacts(ctx, since, cursor) {
    const zone = await timeZoneOf(ctx)
    const query = toQuery({ page: cursor ?? '1', ...(since !== null && { since: toDayBefore(since, zone) }) }) ?? ''
    return toContactPage(await answers.ask({ http: ctx.http, path: '/customers', query }, answers.customers), zone)
  },

  async createContact(ctx, input) {
    // What is no number goes as it is: the CRM then says that it does not take it.
    const phone = toPhoneFormat(ctx.phone.parse(input.phone), ctx.phone.parse) ?? input.phone
    const { customer } = found(await answers.ask({ http: ctx.http, path: '/customers', form: fromContactInput(input, phone) }, answers.created))
    const [contact] = toContacts(customer, await timeZoneOf(ctx))
    return found(contact)
  },

  async createCallLog(ctx, log) {
    if (log.contactId === undefined) throw new CrmError('rejected', { detail: 'Acme Legacy keeps calls on a customer only.' })
    return { id: activityId.parse(await write(ctx, toEntry(log, log.contactId, await timeZoneOf(ctx)))) }
  },

  async updateCallLog(ctx, ref, log, changed) {
    const known = await aboutCall(ctx, markOf(log.externalId))
    if (known.length === 0) throw new CrmError('not_found', { crmStatus: 200 })
    for (const entry of entriesAfter(known, ref, log, changed, await timeZoneOf(ctx))) await write(ctx, entry)
  },

  async findCallLog(ctx, externalId) {
    const [first] = await aboutCall(ctx, markOf(externalId))
    return first ? { id: activityId.parse(first.no) } : null
  },

  async logout() { /* The CRM's administrator ends a key. */ },

  contactUrl: ({ hostname }, id: ContactId) => `https://${hostname}/customers/${encodeURIComponent(id)}`,
}

export default acmeLegacy

async function search(ctx: AdapterContext, params: Readonly<Record<string, string>>) {
  const query = toQuery(params)
  if (query === null) return []
  const answer = await answers.ask({ http: ctx.http, path: '/customers/search', query }, answers.rows)
  return toContacts(answer?.customer ?? [], await timeZoneOf(ctx))
}

/** Every entry with that mark, oldest first. */
async function aboutCall({ http }: AdapterContext, mark: string): Promise<answers.Activity[]> {
  const entries: answers.Activity[] = []
  for (let page = 1, pages = 1; page <= pages; page += 1) {
    const answer = await answers.ask({ http, path: '/activities', query: toQuery({ text: mark, page: String(page) }) ?? '' }, answers.activities)
    entries.push(...answer?.activity ?? [])
    pages = answer?.['@pages'] ?? 0
  }
  return entries
}

async function write({ http }: AdapterContext, entry: Entry): Promise<string> {
  const { activity: [{ '@no': no }] } = found(await answers.ask({ http, path: '/activities', form: { ...entry } }, answers.written))
  return no
}

/** The CRM tells it with the user. */
async function timeZoneOf(ctx: AdapterContext): Promise<string> {
  return ctx.connection.user?.timezone ?? found((await acmeLegacy.getUserInfo(ctx)).timezone)
}

/** For what the CRM always answers. */
function found<Value>(value: Value | null | undefined): Value {
  if (value === null || value === undefined) throw new CrmError('bad_response')
  return value
}
