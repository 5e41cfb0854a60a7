import { json, Router, type ErrorRequestHandler, type RequestHandler, type Response } from 'express'
import { z, ZodError } from 'zod'
import { authenticate, callerOf, needsRight } from '../api/gate.js'
import { LegacyError, type ErrorCode } from '../api/legacy-error.js'
import { pageOf } from '../api/query.js'
import { localTime } from '../local-time.js'
import { mandant, type Customer } from '../records/customer.js'
import type { Records } from '../records/records.js'
import { toInternational, toKept } from './phone-text.js'

const instant = z.iso.datetime({ offset: true })
const listQuery = z.object({ phone: z.string().optional(), name: z.string().optional(), since: instant.optional(), page: z.string().optional() })
const newCustomer = z.object({ name: z.string().trim().min(1), company: z.string().default(''), email: z.string().default(''), phone: z.string().optional() })
const newEntry = z.object({
  kind: z.enum(['CALL', 'NOTE']).default('NOTE'), at: instant.default(() => new Date().toISOString()), subject: z.string().default(''), note: z.string().default(''), reference: z.string().min(1),
})

export interface JsonOptions {
  readonly records: Records
  readonly timeZone: string
  readonly log: (line: string) => void
  /** The same limit as for the old interface. */
  readonly gate: RequestHandler
}

const pageSize = 50

/** The interface that came later: JSON, HTTP's own statuses, numbers as the world writes them. The records behind it are the old ones. */
export function jsonRouter({ records, timeZone, log, gate }: JsonOptions): Router {
  const router = Router()
  router.use(gate, authenticate, json({ limit: '8mb' }))

  router.get('/me', (request, response) => {
    const { id, name, email } = callerOf(request)
    response.json({ id, name, email, zone: timeZone, company: mandant })
  })

  router.get('/customers', (request, response) => {
    const { phone, name, since, page } = listQuery.parse(request.query)
    const found = records.customers.filter(customer =>
      (phone === undefined || customer.phones.map(toInternational).includes(phone))
      && (name === undefined || customer.name.toLowerCase().includes(name.toLowerCase()))
      && (since === undefined || customer.changedAt >= Date.parse(since)))
    response.json({ customers: pageOf(found, page, pageSize).items.map(toJson) })
  })

  router.post('/customers', needsRight, (request, response) => {
    const { phone, ...customer } = newCustomer.parse(request.body)
    const kept = phone === undefined ? undefined : toKept(phone)
    if (kept === null) throw new LegacyError('VALID', { field: 'phone' })
    response.status(201).json(toJson(records.addCustomer({ ...customer, phones: kept === undefined ? [] : [kept] })))
  })

  // The same as the last entry is that entry: people press a button twice.
  router.post('/customers/:id/entries', needsRight, (request, response) => {
    const { kind, at, subject, note, reference } = newEntry.parse(request.body)
    const owner = records.customer(Number(request.params['id']))
    if (!owner) throw new LegacyError('NOTFOUND', { field: 'customer' })
    const entry = { customerId: owner.id, userId: callerOf(request).id, kind, date: localTime(Date.parse(at), timeZone), text: `${subject}\n${note}\n[${reference}]` }
    const last = records.activities.findLast(({ customerId }) => customerId === owner.id)
    const isSame = last?.kind === kind && last.text === entry.text
    response.status(201).json({ no: (isSame ? last : records.addActivity(entry)).no })
  })

  router.get('/entries', (request, response) => {
    const { reference } = z.object({ reference: z.string().min(1) }).parse(request.query)
    const found = records.activities.filter(({ text }) => text.endsWith(`\n[${reference}]`))
    response.json({ entries: found.slice(0, pageSize).map(({ no, customerId, text }) => ({ no, customer: customerId, text })) })
  })

  router.use(() => { throw new LegacyError('NOTFOUND') })
  router.use(answerErrors(log))
  return router
}

const toJson = ({ id, name, company, email, phones, isActive, createdAt, changedAt }: Customer) => ({
  id, name, company, email, phones: phones.map(toInternational), created: new Date(createdAt).toISOString(), closed: isActive ? null : new Date(changedAt).toISOString(),
})

const statuses: Readonly<Record<ErrorCode, number>> = { AUTH: 401, RIGHT: 403, BUSY: 429, VALID: 422, NOTFOUND: 404, FAULT: 500 }

const answerErrors = (log: (line: string) => void): ErrorRequestHandler => (error: unknown, _request, response, next) => {
  if (response.headersSent) next(error)
  else if (error instanceof LegacyError) sendError(response, error)
  else if (error instanceof ZodError) sendError(response, new LegacyError('VALID', { field: String(error.issues[0]?.path[0] ?? 'body') }))
  else if (error instanceof Error && 'status' in error) sendError(response, new LegacyError('VALID', { field: 'body' }))
  else {
    log(error instanceof Error ? error.stack ?? error.message : String(error))
    sendError(response, new LegacyError('FAULT'))
  }
}

function sendError(response: Response, { code, message, about }: LegacyError): void {
  if (about['seconds'] !== undefined) response.setHeader('Retry-After', String(about['seconds']))
  response.status(statuses[code]).json({ code, message, ...about })
}
