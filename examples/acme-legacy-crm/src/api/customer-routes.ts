import { Router, type Response } from 'express'
import { isDay, localDay, localTime, sortableDay } from '../local-time.js'
import { phonePattern, type Customer } from '../records/customer.js'
import type { Records } from '../records/records.js'
import { needsRight } from './gate.js'
import { LegacyError } from './legacy-error.js'
import { latin1Query, pageOf } from './query.js'
import { element, sendXml, type Element } from './xml.js'

const pageSize = 50
const mostFound = 100

export interface CustomerRoutesOptions {
  readonly records: Records
  readonly timeZone: string
}

export function customerRoutes({ records, timeZone }: CustomerRoutesOptions): Router {
  const router = Router()

  router.get('/', (request, response) => {
    const query = latin1Query(request)
    const since = query.get('since')
    if (since !== undefined && !isDay(since)) throw new LegacyError('VALID', { field: 'since' })
    const changed = records.customers.filter(({ changedAt }) =>
      since === undefined || sortableDay(localDay(changedAt, timeZone)) >= sortableDay(since))
    const { items, page, pages } = pageOf(changed, query.get('page'), pageSize)
    sendCustomers(response, items.map(toElement), { page, pages })
  })

  router.get('/search', (request, response) => {
    const query = latin1Query(request)
    const [phone, name] = [query.get('phone'), query.get('name')?.toLowerCase()]
    if (phone === undefined && name === undefined) throw new LegacyError('VALID', { field: 'phone' })
    const found = records.customers.filter((customer) =>
      phone === undefined ? customer.name.toLowerCase().includes(name ?? '') : customer.phones.includes(phone))
    sendCustomers(response, found.slice(0, mostFound).map(toRow))
  })

  router.post('/', needsRight, (request, response) => {
    const { name = '', company = '', email = '', phone = '' } = request.body as Readonly<Record<string, string | undefined>>
    if (name.trim() === '') throw new LegacyError('VALID', { field: 'name' })
    if (phone !== '' && !phonePattern.test(phone)) throw new LegacyError('VALID', { field: 'phone' })
    const customer = records.addCustomer({ name: name.trim(), company, email, phones: phone === '' ? [] : [phone] })
    sendCustomers(response, [toElement(customer)])
  })

  /** The record, one element for each field. */
  function toElement(customer: Customer): Element {
    const lastCall = records.activities.findLast(({ customerId, kind }) => customerId === customer.id && kind === 'CALL')
    return element('customer', [
      element('name', customer.name),
      element('company', customer.company),
      element('email', customer.email),
      ...customer.phones.map((phone, index) => element('phone', phone, { kind: index === 0 ? 'main' : 'other' })),
      element('active', customer.isActive ? 'J' : 'N'),
      element('created', localTime(customer.createdAt, timeZone)),
      element('lastcall', lastCall?.date ?? ''),
    ], { id: customer.id })
  }

  return router
}

/** A line of the search, which came with another version: attributes, and a column for each phone. */
const toRow = ({ id, name, company, phones, isActive }: Customer): Element => element('customer', '', {
  id, name, company, phone1: phones[0] ?? '', phone2: phones[1] ?? '', active: isActive ? 'J' : 'N',
})

function sendCustomers(response: Response, customers: readonly Element[], attributes: Readonly<Record<string, number>> = {}): void {
  const status = customers.length === 0 ? 'nodata' : 'ok'
  sendXml(response, element('response', customers, { status, ...(status === 'ok' ? attributes : {}) }), 'ISO-8859-1')
}
