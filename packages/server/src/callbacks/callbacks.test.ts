import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals'
import request from 'supertest'
import { connectAgent, connectShared } from '../testing/connect.js'
import { FakeCrm, fakeAdapter } from '../testing/fake-crm.js'
import { fakeTaskMembers } from '../testing/fake-members.js'
import { startTestServer, type TestServer } from '../testing/test-server.js'

/** Of which members the adapter was told that they changed. */
const changes: (readonly string[])[] = []

let crm: FakeCrm
let test: TestServer
let [token, bob, withoutTasks, key, shared] = ['', '', '', '', '']
beforeAll(async () => {
  crm = await FakeCrm.start()
  const tasking = fakeAdapter('apiKey', {
    id: 'fake-tasking', ...fakeTaskMembers,
    updateTask(ctx, ref, callback, changed) {
      changes.push(changed)
      return fakeTaskMembers.updateTask(ctx, ref, callback, changed)
    },
  })
  test = await startTestServer({ crm, adapters: [fakeAdapter('apiKey'), tasking] })
  const installation = await test.install('fake-tasking')
  token = await connectAgent(test, installation)
  bob = await connectAgent(test, installation, { user: 'bob' })
  shared = await connectShared(test, installation, { user: 'robot' })
  key = await test.addKey(['log'])
  withoutTasks = await connectAgent(test, await test.install('fake-apikey'))
})
afterAll(async () => {
  await test.stop()
  await crm.stop()
})
beforeEach(() => {
  changes.length = 0
  crm.fault = 'none'
})

const callback = { number: '+31612345678', name: 'Jan de Vries', dueAt: '2026-03-02T09:15:00+01:00', subject: 'Quote', note: 'After nine.' }

type Method = 'put' | 'patch' | 'get' | 'delete'
const send = (method: Method, path: string, body?: object, as = token) =>
  request(test.url)[method](`/v1/callbacks${path}`).auth(as, { type: 'bearer' }).set('Prefer', 'wait=10').send(body)
const headless = (method: Method, path: string, body?: object) =>
  send(method, `${path}?phone_system=pbx`, body, key).set('Linefinder-Connection', shared)
const task = (id: string) => crm.tasks.find(each => each.id === id)!
const tasksOf = (note: string) => crm.tasks.filter(each => each['note'] === note)

describe('protection', () => {
  it.each([['put', '/c1'], ['patch', '/c1'], ['get', '/c1'], ['delete', '/c1'], ['get', '']] as const)('%s %s wants a session', async (method, path) => {
    for (const authorization of ['', 'Bearer lfs_wrong', 'Basic YTpi']) {
      const response = await request(test.url)[method](`/v1/callbacks${path}`).set('Authorization', authorization).send(method === 'get' ? undefined : callback).expect(401)
      expect(response.body.code).toBe('unauthenticated')
    }
  })
})

describe('bad input', () => {
  const pointers = (body: { errors: { pointer: string }[] }) => body.errors.map(({ pointer }) => pointer).sort()

  it('names every wrong field by pointer', async () => {
    const wrong = { number: ' ', dueAt: 'tomorrow', status: 'late', contactId: '', phone: 'misspelt' }
    expect(pointers((await send('put', '/b1', wrong).expect(422)).body)).toEqual(['/contactId', '/dueAt', '/number', '/phone', '/status'])
    await send('put', `/${'x'.repeat(256)}`, callback).expect(422)
  })

  it('refuses a patch of nothing, or of null where a value must be', async () => {
    await send('patch', '/b2', {}).expect(422)
    expect(pointers((await send('patch', '/b2', { number: null, dueAt: null, status: null }).expect(422)).body)).toEqual(['/dueAt', '/number', '/status'])
  })

  it('refuses wrong list queries', async () => {
    for (const [query, pointer] of [['limit=0', '/limit'], ['cursor=abc', '/cursor'], ['status=gone', '/status'], ['due_before=now', '/due_before'], ['due_after=2026-03-02', '/due_after']] as const) {
      expect(pointers((await send('get', `?${query}`).expect(422)).body)).toEqual([pointer])
    }
  })

  it('answers 404 for one that does not exist', async () => {
    for (const [method, body] of [['get', undefined], ['patch', { status: 'done' }], ['delete', undefined]] as const) {
      expect((await send(method, '/never', body).expect(404)).body.code).toBe('callback_not_found')
    }
  })
})

describe('a callback', () => {
  it('becomes a task, and says apart where it stands and where the task does', async () => {
    const { body } = await send('put', '/c1', callback).expect(201)
    expect(body).toMatchObject({
      ...callback, callbackId: 'c1', phoneSystem: 'pbx', status: 'open',
      delivery: { status: 'delivered', version: 1, deliveredVersion: 1, lastError: null, activity: { id: expect.any(String) } },
    })
    expect(task(body.delivery.activity.id)).toMatchObject({ ...callback, status: 'open', externalId: expect.stringMatching(/^lf-/) })
    expect((await send('get', '/c1').expect(200)).body).toEqual(body)
  })

  it('takes a number in any writing, and no contact', async () => {
    expect((await send('put', '/c2', { number: '0612-345678', dueAt: callback.dueAt }).expect(201)).body).toMatchObject({ number: '0612-345678' })
  })

  it('changes nothing when the same is said again', async () => {
    const { body } = await send('put', '/c3', callback).expect(201)
    expect((await send('put', '/c3', { ...callback, status: 'open' }).expect(200)).body).toEqual(body)
    expect(changes).toEqual([])
  })

  it('can be done, and is put off, by PATCH', async () => {
    const { body: { delivery: { activity } } } = await send('put', '/c4', callback).expect(201)
    expect((await send('patch', '/c4', { dueAt: '2026-03-03T10:00:00Z', note: null }).expect(200)).body).toMatchObject({ status: 'open', dueAt: '2026-03-03T10:00:00Z' })
    const { body } = await send('patch', '/c4', { status: 'done' }).expect(200)
    expect(body).toMatchObject({ status: 'done', dueAt: '2026-03-03T10:00:00Z', subject: 'Quote', delivery: { version: 3, deliveredVersion: 3 } })
    expect(body).not.toHaveProperty('note')
    expect(changes.map(names => [...names].sort())).toEqual([['dueAt', 'note'], ['status']])
    expect(task(activity.id)).toMatchObject({ status: 'done', note: null })
  })

  it('is kept here only where the CRM takes no tasks', async () => {
    const before = crm.tasks.length
    const { body } = await send('put', '/c5', callback, withoutTasks).expect(201)
    expect(body).toMatchObject({ status: 'open', delivery: { status: 'delivered', activity: null } })
    expect((await send('patch', '/c5', { status: 'done' }, withoutTasks).expect(200)).body).toMatchObject({ status: 'done', delivery: { status: 'delivered' } })
    await send('delete', '/c5', undefined, withoutTasks).expect(204)
    expect(crm.tasks).toHaveLength(before)
  })

  it('makes one task when the CRM took the first request and answered nothing', async () => {
    crm.fault = 'reset_after_commit'
    expect((await send('put', '/c6', { ...callback, note: 'lost answer' }).expect(202)).body).toMatchObject({ status: 'open', delivery: { status: 'retrying' } })
    crm.fault = 'none'
    const { body } = await send('put', '/c6', { ...callback, note: 'lost answer' }).expect(200)
    expect(tasksOf('lost answer').map(({ id }) => id)).toEqual([body.delivery.activity.id])
  })
})

describe('a callback that is removed', () => {
  it('is gone here, and cancelled in the CRM', async () => {
    const { body: { delivery: { activity } } } = await send('put', '/r1', callback).expect(201)
    await send('delete', '/r1').expect(204)
    await test.server.services.idle()
    for (const method of ['get', 'delete'] as const) await send(method, '/r1').expect(404)
    await send('patch', '/r1', { status: 'open' }).expect(404)
    for (const status of ['open', 'cancelled']) {
      expect((await send('get', `?status=${status}&limit=200`).expect(200)).body.items.map(({ callbackId }: { callbackId: string }) => callbackId)).not.toContain('r1')
    }
    expect(task(activity.id)).toMatchObject({ status: 'cancelled', number: callback.number })
    expect(changes).toEqual([['status']])
  })

  it('is removed once by many requests at once', async () => {
    await send('put', '/r0', callback).expect(201)
    const answers = await Promise.all(Array.from({ length: 5 }, () => send('delete', '/r0')))
    expect(answers.map(({ status }) => status).sort()).toEqual([204, 404, 404, 404, 404])
  })

  it('leaves the task of one that is done as it is', async () => {
    const { body: { delivery: { activity } } } = await send('put', '/r2', { ...callback, status: 'done' }).expect(201)
    await send('delete', '/r2').expect(204)
    await test.server.services.idle()
    expect(task(activity.id)).toMatchObject({ status: 'done' })
    expect(changes).toEqual([])
  })

  it('leaves its id to another one, with a task of its own', async () => {
    const { body: { delivery: first } } = await send('put', '/r3', callback).expect(201)
    await send('delete', '/r3').expect(204)
    const { body: { delivery: second } } = await send('put', '/r3', callback, bob).expect(201)
    await test.server.services.idle()
    expect(second.activity.id).not.toBe(first.activity.id)
    expect([task(first.activity.id)['status'], task(second.activity.id)['status']]).toEqual(['cancelled', 'open'])
    await send('delete', '/r3', undefined, bob).expect(204)
    await send('put', '/r3', callback).expect(201)
  })

  it('is never told to a CRM that has not heard of it', async () => {
    crm.fault = 'rate_limited'
    await send('put', '/r4', { ...callback, note: 'never told' }).expect(202)
    await send('delete', '/r4').expect(204)
    crm.fault = 'none'
    await test.server.services.database.sequelize.query(`UPDATE connections SET paused_until = NULL`)
    await send('put', '/r5', callback).expect(201)
    await test.server.services.idle()
    expect(tasksOf('never told')).toEqual([])
    const [rows] = await test.server.services.database.sequelize.query(`SELECT status, version = delivered_version AS "isSettled", next_attempt_at FROM ledger WHERE key = 'r4'`)
    expect(rows).toEqual([{ status: 'delivered', isSettled: true, next_attempt_at: null }])
  })

  it('is cancelled in a CRM that may have heard of it', async () => {
    crm.fault = 'reset_after_commit'
    await send('put', '/r6', { ...callback, note: 'perhaps told' }).expect(202)
    crm.fault = 'none'
    await send('delete', '/r6').expect(204)
    await test.server.services.idle()
    expect(tasksOf('perhaps told')).toEqual([expect.objectContaining({ status: 'cancelled' })])
  })
})

describe('an old callback', () => {
  it('is kept while it is open, and loses its content when it is not', async () => {
    await send('put', '/x1', callback).expect(201)
    await send('put', '/x2', { ...callback, status: 'done' }).expect(201)
    await test.server.services.database.sequelize.query(`UPDATE ledger SET updated_at = now() - interval '31 days' WHERE key IN ('x1', 'x2')`)
    expect(await test.server.services.retention.run({ days: 30, tenantId: null, includesFailed: false })).toBe(1)
    await send('get', '/x1').expect(200)
    for (const [method, body] of [['get', undefined], ['patch', { note: 'n' }]] as const) {
      expect((await send(method, '/x2', body).expect(410)).body.code).toBe('content_deleted')
    }
    await send('delete', '/x2').expect(204)
    await send('put', '/x2', callback).expect(201)
  })
})

describe('whose it is', () => {
  it('stays the agent’s who was first', async () => {
    await send('put', '/o1', callback).expect(201)
    for (const response of [
      await send('put', '/o1', { ...callback, note: 'x' }, bob), await send('patch', '/o1', { status: 'done' }, bob), await send('get', '/o1', undefined, bob),
      await send('delete', '/o1', undefined, bob), await headless('put', '/o1', { ...callback, note: 'x' }),
    ]) {
      expect({ status: response.status, code: response.body.code }).toEqual({ status: 409, code: 'owned_by_other' })
    }
    expect((await send('get', '/o1').expect(200)).body).toMatchObject({ status: 'open', delivery: { version: 1 } })
  })

  it('becomes an agent’s who changes what was made without one', async () => {
    await headless('put', '/o2', callback).expect(201)
    const unassigned = async () => (await send('get', '?unassigned=true', undefined, bob).expect(200)).body.items.map(({ callbackId }: { callbackId: string }) => callbackId)
    expect(await unassigned()).toEqual(['o2'])
    expect((await headless('get', '').expect(200)).body.items).toHaveLength(1)
    await send('patch', '/o2', { note: 'mine' }, bob).expect(200)
    expect(await unassigned()).toEqual([])
    await send('patch', '/o2', { note: 'mine' }).expect(409)
  })

  it('is not seen from another CRM account', async () => {
    const other = await connectAgent(test, await test.install('fake-tasking'))
    await send('put', '/o3', callback).expect(201)
    await send('get', '/o3', undefined, other).expect(404)
    await send('delete', '/o3', undefined, other).expect(404)
  })
})

describe('listing', () => {
  let agent: string
  beforeAll(async () => {
    agent = await connectAgent(test, await test.install('fake-tasking'))
    const due = { l1: 12, l2: 9, l3: 11, l4: 11, l5: 10 }
    for (const [id, hour] of Object.entries(due)) await send('put', `/${id}`, { ...callback, dueAt: `2026-03-02T${String(hour).padStart(2, '0')}:00:00Z` }, agent).expect(201)
    for (const id of ['d1', 'd2', 'd3']) await send('put', `/${id}`, { ...callback, status: 'done', dueAt: `2026-03-0${id.slice(1)}T08:00:00Z` }, agent).expect(201)
  })

  const list = async (query: string) => {
    const { body } = await send('get', `?${query}`, undefined, agent).expect(200)
    return { ids: body.items.map(({ callbackId }: { callbackId: string }) => callbackId) as string[], nextCursor: body.nextCursor as string | null }
  }
  const all = async (query: string) => {
    const pages: string[][] = []
    for (let cursor: string | null = ''; cursor !== null;) {
      const page: { ids: string[]; nextCursor: string | null } = await list(`limit=2&${query}${cursor === '' ? '' : `&cursor=${cursor}`}`)
      pages.push(page.ids)
      cursor = page.nextCursor
    }
    return pages.flat()
  }

  it('pages through the open ones by when they are due', async () => {
    const ids = await all('')
    expect([ids.slice(0, 2), ids.slice(2, 4).sort(), ids.slice(4)]).toEqual([['l2', 'l5'], ['l3', 'l4'], ['l1']])
  })

  it('pages through those that are done, latest first', async () => {
    expect(await all('status=done')).toEqual(['d3', 'd2', 'd1'])
    expect(await all('status=cancelled')).toEqual([])
  })

  it('selects by when they are due, and by phone system', async () => {
    expect((await list('due_after=2026-03-02T10:00:00Z&due_before=2026-03-02T12:00:00%2B01:00')).ids).toEqual(['l5'])
    expect((await list('due_before=2026-03-02T10:00:00Z')).ids).toEqual(['l2'])
    expect((await list('phone_system=other')).ids).toEqual([])
  })
})
