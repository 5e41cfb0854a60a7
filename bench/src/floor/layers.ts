import { createHash, randomUUID } from 'node:crypto'
import cors from 'cors'
import express, { type RequestHandler } from 'express'
import helmet from 'helmet'
import type pg from 'pg'
import { pino } from 'pino'
import { pinoHttp } from 'pino-http'
import { api } from '@linefinder/core/api'
import { parsePhone } from '@linefinder/core/phone'
import { homeCountry } from '../crm/spellings.js'
import { sessionStatement } from '../directory-tables.js'

export interface Layer {
  readonly name: string
  create(pool: pg.Pool): RequestHandler
}

/** What stands before a lookup in our server, from the outside in: set up as there, but each on its own. */
export const layers: readonly Layer[] = [
  {
    name: 'pino-http, one line a request',
    create: () => pinoHttp({
      logger: pino({ level: 'info' }),
      genReqId: (_request, response) => {
        const id = randomUUID()
        response.setHeader('X-Request-Id', id)
        return id
      },
      serializers: {
        req: ({ id, method, url }: { id: unknown; method: string; url: string }) => ({ id, method, path: url.replace(/\?.*/s, '') }),
        res: ({ statusCode }: { statusCode: number }) => ({ status: statusCode }),
      },
    }),
  },
  {
    name: 'helmet',
    create: () => helmet({ contentSecurityPolicy: { directives: { defaultSrc: ["'none'"], frameAncestors: ["'none'"] } } }),
  },
  { name: 'cors', create: () => cors({ origin: (_origin, answer) => { answer(null, false) } }) },
  { name: 'JSON body', create: () => express.json({ strict: false }) },
  {
    name: 'session statement',
    create: pool => async (request, response, next) => {
      const [, token = ''] = /^Bearer (\S+)$/.exec(request.get('authorization') ?? '') ?? []
      const { rows: [session] } = await pool.query({ ...sessionStatement, values: [createHash('sha256').update(token).digest()] })
      if (session) next()
      else response.status(401).end()
    },
  },
  {
    name: 'zod query',
    create: () => {
      const query = api.contacts.find.query.strict()
      return (request, response, next) => {
        if (query.safeParse(request.query).success) next()
        else response.status(422).end()
      }
    },
  },
  {
    name: 'phone engine',
    create: () => (request, response, next) => {
      if (parsePhone(String(request.query['phone']), { country: homeCountry }).ok) next()
      else response.status(422).end()
    },
  },
]
