import { json, Router, type ErrorRequestHandler } from 'express'
import { z } from 'zod'
import { phonePattern } from '../records/customer.js'
import type { Records } from '../records/records.js'
import { switchesSchema, type SwitchBoard } from './switches.js'
import { fromThisMachine } from './this-machine.js'

const newCustomers = z.array(z.strictObject({
  name: z.string(),
  company: z.string().default(''),
  phones: z.array(z.string().regex(phonePattern)).max(2).default([]),
  changedAt: z.iso.datetime({ offset: true }).optional(),
})).max(10_000)

const changes = z.strictObject({ name: z.string().optional(), isActive: z.boolean().optional() })

export interface ControlOptions {
  readonly records: Records
  readonly switchBoard: SwitchBoard
  /** How often each path was asked for. */
  readonly requests: ReadonlyMap<string, number>
}

/** For demonstrations and tests, mounted at `/_control`. Speaks JSON. */
export function controlRoutes({ records, switchBoard, requests }: ControlOptions): Router {
  const router = Router()
  router.use(fromThisMachine, json({ limit: '8mb' }))

  router.get('/switches', (_request, response) => {
    response.json(switchBoard.current())
  })

  router.put('/switches', (request, response) => {
    switchBoard.set(switchesSchema.parse(request.body ?? {}))
    response.json(switchBoard.current())
  })

  router.get('/stats', (_request, response) => {
    response.json({ requests: Object.fromEntries(requests), customers: records.customers.length, activities: records.activities.length })
  })

  router.get('/activities', (_request, response) => {
    response.json(records.activities)
  })

  router.post('/customers', (request, response) => {
    const added = newCustomers.parse(request.body).map(({ changedAt, ...rest }) => records.addCustomer({
      ...rest, email: '', ...(changedAt === undefined ? {} : { createdAt: Date.parse(changedAt) }),
    }))
    response.json(added)
  })

  router.patch('/customers/:id', (request, response) => {
    const customer = records.customer(Number(request.params.id))
    const { name = customer?.name, isActive = customer?.isActive } = changes.parse(request.body)
    if (customer === undefined || name === undefined || isActive === undefined) response.sendStatus(404)
    else response.json(records.changeCustomer(customer, { name, isActive }))
  })

  router.use(answerErrors)
  return router
}

const answerErrors: ErrorRequestHandler = (error: unknown, _request, response, next) => {
  if (error instanceof z.ZodError) response.status(422).json(z.treeifyError(error))
  else next(error)
}
