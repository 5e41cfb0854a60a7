import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { authFormOf, CrmError } from '@linefinder/core'
import tryton from './index.js'
import { annsPassword, probeWithAnn } from './testing/probe.js'
import { schemeOf, signIn } from './testing/signed-in.js'
import { installed, startTryton, type Tryton } from './testing/start-tryton.js'

const whereTrytonIs = installed === '' ? describe.skip : describe

whereTrytonIs('a login', () => {
  let server: Tryton
  beforeAll(async () => {
    server = await startTryton()
    await probeWithAnn(server)
  }, 120_000)
  afterAll(() => server.stop())

  it('asks for a user name and a password', async () => {
    const form = authFormOf(await schemeOf(server, { database: 'crm' }))
    expect(form).toMatchObject({ type: 'custom', fields: [{ name: 'username' }, { name: 'password', secret: true }] })
  })

  it('is refused with a wrong password', async () => {
    const { scheme, login } = await signIn(server)
    await expect(scheme.login(login, { username: 'ann', password: 'wrong' })).rejects.toEqual(new CrmError('unauthorized'))
    await expect(scheme.login(login, {})).rejects.toEqual(new CrmError('unauthorized'))
  })

  it('needs an installation that names a database, and one that is there; where Tryton looked for it is not told', async () => {
    const { login } = await signIn(server)
    const fields = { username: 'ann', password: annsPassword }
    await expect((await schemeOf(server, {})).login(login, fields)).rejects.toMatchObject({ code: 'rejected', detail: expect.stringContaining('`database`') })
    await expect((await schemeOf(server, { database: 'other' })).login(login, fields)).rejects.toMatchObject({ code: 'server_error', detail: undefined })
  })

  it('belongs to the user whose name it is, in the account of the database', async () => {
    const { ctx } = await signIn(server)
    const ann = { id: '2', name: 'Ann Bakker', email: 'ann@example.com', account: { id: 'crm' } }
    expect(await tryton.getUserInfo(ctx)).toEqual(ann)
    expect(await tryton.listUsers!(ctx)).toEqual([{ id: '1', name: 'Administrator', email: 'admin@example.com', account: { id: 'crm' } }, ann])
  })

  it('is over once it was ended, which can be done twice', async () => {
    const { ctx, scheme, login, credential } = await signIn(server)
    const other = await signIn(server)
    await tryton.logout(ctx)
    await scheme.end!(login, credential)
    await expect(tryton.getUserInfo(ctx)).rejects.toEqual(new CrmError('unauthorized'))
    await expect(scheme.end!(login, credential)).resolves.toBeUndefined()
    expect(await tryton.getUserInfo(other.ctx)).toMatchObject({ name: 'Ann Bakker' })
  })
})

it('leads to records in the web client', () => {
  const installation = { hostname: 'erp.example.com', settings: { database: 'my crm' } }
  expect(tryton.contactUrl!(installation, '12' as never)).toBe('https://erp.example.com/#my%20crm/model/party.party/12')
  expect(tryton.activityUrl!(installation, { id: '7' as never })).toBe('https://erp.example.com/#my%20crm/model/ir.note/7')
})
