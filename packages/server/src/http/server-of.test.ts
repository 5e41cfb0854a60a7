import { once } from 'node:events'
import { IncomingMessage, ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setFlagsFromString } from 'node:v8'
import { afterAll, beforeAll, expect, it } from '@jest/globals'
import express, { type Request, type Response } from 'express'
import { createServerOf } from './server-of.js'

setFlagsFromString('--allow-natives-syntax')
// V8's own test of it, which is no JavaScript otherwise.
const haveSameClass = new Function('a', 'b', 'return %HaveSameMap(a, b)') as (a: object, b: object) => boolean

const app = express()
const arrived: [Request, Response][] = []
app.use((request, _response, next) => {
  Object.assign(request, { noted: 1 })
  next()
})
app.get('/pair', (request, response) => {
  arrived.push([request, response])
  const [first, second] = arrived
  if (!first || !second) return
  const sharesClass = { request: haveSameClass(first[0], second[0]), response: haveSameClass(first[1], second[1]) }
  for (const [, each] of arrived.splice(0)) each.json(sharesClass)
})
app.get('/one', (request, response) => {
  response.json({
    app: request.app === app && response.app === app, host: request.get('host'), query: request.query,
    prototypes: Object.getPrototypeOf(request) === app.request && Object.getPrototypeOf(response) === app.response,
    ofNode: request instanceof IncomingMessage && response instanceof ServerResponse,
  })
})

const server = createServerOf(app)
let url: string
beforeAll(async () => {
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  url = `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`
})
afterAll(async () => {
  server.closeAllConnections()
  server.close()
  await once(server, 'close')
})

const ask = async (path: string): Promise<unknown> => (await fetch(url + path)).json()

it('requests share one hidden class, and so do responses, whatever is added to them on the way', async () => {
  expect(await Promise.all([ask('/pair'), ask('/pair')])).toEqual([{ request: true, response: true }, { request: true, response: true }])
})

it('they are of Node’s classes, and have what Express gives them', async () => {
  expect(await ask('/one?a=b')).toEqual({ app: true, host: new URL(url).host, query: { a: 'b' }, prototypes: true, ofNode: true })
})
