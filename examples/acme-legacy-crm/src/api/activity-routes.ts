import { Router } from 'express'
import { isTime } from '../local-time.js'
import type { Activity } from '../records/customer.js'
import type { Records } from '../records/records.js'
import { callerOf, needsRight } from './gate.js'
import { LegacyError } from './legacy-error.js'
import { latin1Query, pageOf } from './query.js'
import { element, sendXml, type Element } from './xml.js'

const pageSize = 25

/** Activities are a journal: they can be written and listed, and never be changed, not even by people. */
export function activityRoutes(records: Records): Router {
  const router = Router()

  router.get('/', (request, response) => {
    const query = latin1Query(request)
    const [customer, text] = [query.get('customer'), query.get('text')]
    if (customer === undefined && text === undefined) throw new LegacyError('VALID', { field: 'customer' })
    const found = records.activities.filter((activity) =>
      (customer === undefined || String(activity.customerId) === customer) && (text === undefined || activity.text.includes(text)))
    const { items, page, pages } = pageOf(found, query.get('page'), pageSize)
    if (items.length === 0) sendXml(response, element('response', '', { status: 'nodata' }))
    else sendXml(response, element('response', items.map(toElement), { status: 'ok', page, pages }))
  })

  router.post('/', needsRight, (request, response) => {
    const { customer, kind = 'NOTE', date = '', text = '' } = request.body as Readonly<Record<string, string | undefined>>
    if (kind !== 'CALL' && kind !== 'NOTE') throw new LegacyError('VALID', { field: 'kind' })
    if (!isTime(date)) throw new LegacyError('VALID', { field: 'date' })
    if (text.trim() === '') throw new LegacyError('VALID', { field: 'text' })
    const owner = records.customer(Number(customer))
    if (owner === undefined) throw new LegacyError('NOTFOUND', { field: 'customer' })
    const { no } = records.addActivity({ customerId: owner.id, userId: callerOf(request).id, kind, date, text: text.replace(unprintable, '') })
    sendXml(response, element('response', [element('activity', '', { no })], { status: 'ok' }))
  })

  return router
}

/** What XML has no way to say. */
const unprintable = /[\0-\x08\v\f\x0e-\x1f\ufffe\uffff]|\p{Surrogate}/gu

const toElement = ({ no, customerId, userId, kind, date, text }: Activity): Element =>
  element('activity', [element('date', date), element('text', text)], { no, customer: customerId, user: userId, kind })
