import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { startAcme, type Acme } from '../index.js'
import { createBrowser } from '../scripted-browser.js'
import { callApi, connect, testClient } from '../testing/acme-client.js'

let acme: Acme
let token: string
beforeAll(async () => {
  acme = await startAcme({ seedPeople: 1, oauthClients: [testClient] })
  token = (await connect(acme.url)).access_token
})
afterAll(() => acme.stop())

interface Body {
  readonly id: string
  readonly fields: object
  readonly items: readonly { readonly name: string }[]
}

const call = (path: string, method = 'GET', body?: unknown) => callApi<Body>(acme.url, token, path, { method, ...(body === undefined ? {} : { body }) })
const newCall = async (fields: object = {}) => (await call('/activities', 'POST', { type: 'call', person_id: 'p_1001', fields })).body.id
const send = (id: string, name: string, content: BodyInit, type = 'audio/mpeg') => fetch(`${acme.url}/api/v1/activities/${id}/recording?name=${name}`, {
  method: 'POST', body: content, headers: { authorization: `Bearer ${token}`, 'content-type': type }, duplex: 'half',
} as RequestInit)

it('is protected', async () => {
  for (const [method, path] of [['GET', '/dispositions'], ['GET', '/activity-fields'], ['POST', '/activities/a_1/recording?name=x'], ['GET', '/activities/a_1/recordings']] as const) {
    expect((await fetch(`${acme.url}/api/v1${path}`, { method })).status).toBe(401)
  }
  expect((await fetch(`${acme.url}/recordings/a_1/x`, { redirect: 'manual' })).status).toBe(303)
})

it('lists how a call can have ended', async () => {
  expect((await call('/dispositions')).body.items).toContainEqual({ value: 'call_back', label: 'Call back' })
})

describe('Acme’s own fields', () => {
  it('have the projects of the person’s company', async () => {
    const namesFor = async (query: string) => (await call(`/activity-fields${query}`)).body.items.map(({ name }) => name)
    expect(await namesFor('')).toEqual(['topic', 'seats', 'follow_up_on'])
    expect(await namesFor('?person_id=p_1001')).toEqual(['topic', 'seats', 'follow_up_on', 'project'])
    expect((await call('/activity-fields?person_id=p_0')).status).toBe(422)
  })

  it('are stored, changed as a whole, and shown', async () => {
    const id = await newCall({ topic: 'quote', seats: 3 })
    expect((await call(`/activities/${id}`, 'PATCH', { fields: { topic: 'order' } })).body.fields).toEqual({ topic: 'order' })
    expect((await call(`/activities/${id}`, 'PATCH', { subject: 'Other' })).body.fields).toEqual({ topic: 'order' })
    const browser = createBrowser()
    await browser.submit(await browser.open(`${acme.url}/login`), { email: 'ann@acme.test', password: 'acme' })
    expect((await browser.open(`${acme.url}/people/p_1001`)).body).toContain('Topic: Order')
  })

  it.each([[{ topic: 'golf' }, 'fields.topic'], [{ seats: '3' }, 'fields.seats'], [{ shoes: 44 }, 'fields.shoes'], [{ project: 'c_999-1' }, 'fields.project']])('take nothing else: %j', async (fields, field) => {
    expect(await call('/activities', 'POST', { type: 'call', person_id: 'p_1001', fields })).toMatchObject({ status: 422, body: { error: { code: 'validation_failed', field } } })
  })
})

describe('a recording', () => {
  it('is stored in pieces, one for each name, and played on the person’s page', async () => {
    const id = await newCall()
    expect((await send(id, 'a.mp3', Buffer.alloc(10))).status).toBe(201)
    const content = Buffer.from(Array.from({ length: 600_000 }, (_, index) => index % 251))
    expect(await (await send(id, 'a.mp3', content)).json()).toEqual({ activity_id: id, name: 'a.mp3', content_type: 'audio/mpeg', size_bytes: 600_000 })
    expect((await call(`/activities/${id}/recordings`)).body.items).toHaveLength(1)
    const browser = createBrowser()
    await browser.submit(await browser.open(`${acme.url}/login`), { email: 'ann@acme.test', password: 'acme' })
    expect((await browser.open(`${acme.url}/people/p_1001`)).body).toContain(`<audio controls preload="none" src="/recordings/${id}/a.mp3"`)
    expect((await browser.open(`${acme.url}/recordings/${id}/a.mp3`)).status).toBe(200)
    expect((await browser.open(`${acme.url}/recordings/${id}/b.mp3`)).status).toBe(404)
  })

  it('is refused when it is no sound, has no plain name, or is for no activity', async () => {
    const id = await newCall()
    expect((await send(id, 'a.html', '<p>', 'text/html')).status).toBe(422)
    expect((await send(id, '..%2Fa', 'x')).status).toBe(422)
    expect((await send('a_0', 'a.mp3', 'x')).status).toBe(404)
  })
})
