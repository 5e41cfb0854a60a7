import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { startAcme, type Acme } from '../index.js'
import { callApi, connect, control, testClient } from '../testing/acme-client.js'

let acme: Acme
let token: string

interface List {
  readonly items: { readonly id: string; readonly name: string }[]
  readonly next_cursor: string | null
}

beforeAll(async () => {
  acme = await startAcme({ seedPeople: 1, oauthClients: [testClient] })
  token = (await connect(acme.url)).access_token
})
afterAll(() => acme.stop())

const put = (people: unknown) => control(acme.url, 'PUT', 'people', people)
const list = async (query: string) => (await callApi<List>(acme.url, token, `/people?${query}`)).body
const person = async (id: string) => (await callApi(acme.url, token, `/people/${id}`)).body

describe('people put in bulk', () => {
  it('are found by their numbers like any other, under the id that was given', async () => {
    expect(await put([
      { id: 'p_spelling-1', name: 'Ada Lovelace', phones: [{ label: 'home', number: '+44 (0)20 7946 0958' }, { number: '020.7946.0959' }] },
      { first_name: 'Alan', last_name: 'Turing', email: 'alan@mail.example', title: 'Owner' },
    ])).toMatchObject({ status: 200, body: { people: 2 } })
    expect(await person('p_spelling-1')).toMatchObject({
      name: 'Ada Lovelace', company_id: null,
      phones: [{ label: 'home', number: '+44 (0)20 7946 0958' }, { label: 'work', number: '020.7946.0959' }],
    })
    expect((await list('phone=02079460959')).items).toMatchObject([{ id: 'p_spelling-1' }])
    expect((await list('name=turing')).items).toMatchObject([{ id: expect.stringMatching(/^p_\d+$/), email: 'alan@mail.example', title: 'Owner' }])
  })

  it('replace whom they find under their id, also when that one was deleted', async () => {
    await put([{ id: 'p_again', name: 'First', title: 'Buyer', phones: [{ number: '0800 1' }] }])
    const { updated_at: before } = await person('p_again')
    await put([{ id: 'p_again', name: 'Second', phones: [{ number: '0800 2' }] }])
    expect(await person('p_again')).toMatchObject({ name: 'Second', title: null, phones: [{ number: '0800 2' }] })
    expect((await list('phone=08001')).items).toEqual([])
    await callApi(acme.url, token, '/people/p_again', { method: 'DELETE' })
    await put([{ id: 'p_again', name: 'Third' }])
    expect((await list(`updated_since=${String(before)}&name=third`)).items).toMatchObject([{ id: 'p_again', name: 'Third' }])
  })

  it('are refused as a whole when one of them is wrong', async () => {
    const before = (await control(acme.url, 'GET', 'stats')).body['people']
    const good = { name: 'Good' }
    expect(await put([good, {}])).toMatchObject({ status: 422, body: { error: { field: '1.name' } } })
    expect(await put([good, { id: 'p_1', name: 'X' }])).toMatchObject({ status: 422, body: { error: { field: '1.id' } } })
    expect(await put([{ id: 'p_two', name: 'X' }, { id: 'p_two', name: 'Y' }])).toMatchObject({ status: 422, body: { error: { message: 'An id may come once' } } })
    expect((await put([])).status).toBe(422)
    expect((await control(acme.url, 'GET', 'stats')).body['people']).toBe(before)
  })

  it('page through by the thousand, each once', async () => {
    await put(Array.from({ length: 5000 }, (_, index) => ({ id: `p_many${index}`, name: 'Many', phones: [{ number: `0900 ${index}` }] })))
    const ids: string[] = []
    let cursor: string | null = ''
    while (cursor !== null) {
      const page: List = await list(`name=many&limit=500${cursor && `&cursor=${cursor}`}`)
      ids.push(...page.items.map(({ id }) => id))
      cursor = page.next_cursor
    }
    expect(ids).toHaveLength(5000)
    expect(new Set(ids).size).toBe(5000)
  })
})
