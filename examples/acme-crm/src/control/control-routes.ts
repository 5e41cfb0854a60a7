import { createHash, timingSafeEqual } from 'node:crypto'
import { json, Router, type Request, type RequestHandler } from 'express'
import { answerErrors, ApiError, notFound } from '../api/api-error.js'
import { bulkPeople } from '../api/bodies.js'
import { countActivities, listExternalActivities } from '../crm/activities.js'
import { putPeople } from '../crm/bulk-people.js'
import { countPeople } from '../crm/people.js'
import type { Database } from '../database/open-database.js'
import { deleteAccessTokens, deleteGrants } from '../oauth/live-tokens.js'
import type { Stats } from './stats.js'
import { switchesSchema, type SwitchBoard } from './switches.js'

export interface ControlOptions {
  readonly database: Database
  readonly switchBoard: SwitchBoard
  readonly stats: Stats
  /** Without a key only callers on this machine are let in. */
  readonly controlKey: string | undefined
  readonly log: (line: string) => void
}

/** For demonstrations and tests, mounted at `/_control`. */
export function controlRoutes({ database, switchBoard, stats, controlKey, log }: ControlOptions): Router {
  const router = Router()
  router.use(guard(controlKey))

  router.put('/people', json({ limit: '16mb' }), async (request, response) => {
    const people = bulkPeople.parse(request.body)
    await putPeople(database, people)
    response.json({ people: people.length })
  })

  router.use(json())

  router.get('/switches', (_request, response) => {
    response.json(switchBoard.current())
  })

  router.put('/switches', (request, response) => {
    switchBoard.set(switchesSchema.parse(request.body ?? {}))
    response.json(switchBoard.current())
  })

  router.get('/stats', async (_request, response) => {
    const people = await countPeople(database)
    const activities = await countActivities(database)
    response.json({ ...stats.counts(), people, activities })
  })

  router.get('/activities', async (_request, response) => {
    response.json({ items: await listExternalActivities(database) })
  })

  router.delete('/stats', (_request, response) => {
    stats.reset()
    response.status(204).end()
  })

  router.post('/expire-access-tokens', async (_request, response) => {
    await deleteAccessTokens(database)
    response.status(204).end()
  })

  router.post('/revoke-grants', async (_request, response) => {
    await deleteGrants(database)
    response.status(204).end()
  })

  router.use(() => {
    throw notFound('switch')
  })
  router.use(answerErrors(log))
  return router
}

function guard(controlKey: string | undefined): RequestHandler {
  return (request, _response, next) => {
    const isAllowed = controlKey === undefined
      ? isFromThisMachine(request)
      : sameText(request.get('x-control-key') ?? '', controlKey)
    if (!isAllowed) throw new ApiError(403, 'forbidden', 'The switches are not for you')
    next()
  }
}

/** A browser sends an Origin with what a page of another site makes it do; a proxy says whom it speaks for. */
function isFromThisMachine(request: Request): boolean {
  const isLoopback = /^(::ffff:)?127\.|^::1$/.test(request.socket.remoteAddress ?? '')
  return isLoopback && request.get('origin') === undefined && request.get('x-forwarded-for') === undefined
}

function sameText(one: string, other: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest()
  return timingSafeEqual(digest(one), digest(other))
}
