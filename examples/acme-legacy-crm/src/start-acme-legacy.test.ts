import { appendFile, mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals'
import { startAcmeLegacy, type AcmeLegacy } from './index.js'

let crm: AcmeLegacy
beforeAll(async () => { crm = await startAcmeLegacy({ seedCustomers: 60 }) })
afterAll(() => crm.stop())
afterEach(() => control('PUT', 'switches', {}))

interface Answer {
  readonly status: number
  readonly bytes: Buffer
  readonly text: string
}

async function ask(path: string, { key = 'legacy-key-ann', form, at = crm }: { key?: string; form?: Record<string, string>; at?: AcmeLegacy } = {}): Promise<Answer> {
  const response = await fetch(`${at.url}/api${path}`, {
    headers: { 'X-Acme-Key': key }, ...(form && { method: 'POST', body: new URLSearchParams(form) }),
  })
  const bytes = Buffer.from(await response.arrayBuffer())
  return { status: response.status, bytes, text: bytes.toString(bytes.includes('encoding="ISO-8859-1"') ? 'latin1' : 'utf8') }
}

const control = (method: string, path: string, body: unknown, headers = {}) =>
  fetch(`${crm.url}/_control/${path}`, { method, body: JSON.stringify(body), headers: { 'Content-Type': 'application/json', ...headers } })

const call = { customer: '1', kind: 'CALL', date: '24.11.2026 15:04', text: 'Wants a quote' }

describe('a wrong key', () => {
  it.each([['/whoami', undefined], ['/customers', undefined], ['/customers/search?phone=1', undefined], ['/customers', { name: 'X' }], ['/activities?customer=1', undefined], ['/activities', call]])(
    'is told in a document, with the status 200: %s %j', async (path, form) => {
      const { status, text } = await ask(path, { key: 'wrong', ...(form && { form }) })
      expect([status, text]).toEqual([200, expect.stringContaining('<error code="AUTH">')])
    })
})

describe('the API', () => {
  it('says who has the key, in attributes', async () => {
    expect((await ask('/whoami', { key: 'legacy-key-ben' })).text).toContain('<user id="2" name="Ben Okafor" email="ben@legacy.test" mandant="17" mandantname="Acme Nederland" zone="Europe/Amsterdam"/>')
  })

  it('finds a number in its own format and in no other', async () => {
    expect((await ask('/customers/search?phone=0413/741741')).text).toContain('name="Jan de Vries" company="De Vries Bouw BV" phone1="0413/741741" phone2="06/12345678" active="J"')
    for (const other of ['0413741741', '%2B31413741741', '0413/74']) expect((await ask(`/customers/search?phone=${other}`)).text).toContain('<response status="nodata"/>')
  })

  it('reads and writes ISO-8859-1, with references for the rest', async () => {
    const { bytes, text } = await ask('/customers/search?name=GRO%DFM')
    expect(bytes.includes(Buffer.from([0x4a, 0xfc, 0x72]))).toBe(true)
    expect(text).toContain('name="Jürgen Großmann" company="Großmann &#38; Söhne"')
    expect((await ask('/customers/search?name=Zo')).text).toContain('Zoë &#268;apková')
  })

  it('lists customers by page, and those that changed since a day', async () => {
    expect((await ask('/customers')).text).toMatch(/^<\?xml[^>]+>\n<response status="ok" page="1" pages="2">\n<customer id="1"><?/)
    expect((await ask('/customers?page=2')).text.match(/<customer /g)).toHaveLength(10)
    expect((await ask('/customers?since=01.05.2019')).text).not.toContain('Jan de Vries')
    expect((await ask('/customers?since=2019-05-01')).text).toContain('<error code="VALID" field="since">')
    expect((await ask('/customers?since=01.01.2099')).text).toContain('status="nodata"')
  })

  it('adds customers whose number is as it should be', async () => {
    expect((await ask('/customers', { form: { name: 'Añna', phone: '0413/999999' } })).text).toContain('<name>Añna</name>')
    expect((await ask('/customers', { form: { name: 'Anna', phone: '+31413999999' } })).text).toContain('<error code="VALID" field="phone">')
    expect((await ask('/customers', { form: { name: ' ' } })).text).toContain('field="name"')
    expect((await ask('/customers', { form: { name: 'Anna' }, key: 'legacy-key-reception' })).text).toContain('<error code="RIGHT">')
  })

  it('keeps activities, and lists them of a customer and by a text', async () => {
    await ask('/activities', { form: { ...call, text: 'About <rööfs> 🙂\nand more\u0001' } })
    expect((await ask('/activities?customer=1&text=%3Cb')).text).toContain('<response status="nodata"/>')
    expect((await ask('/activities?customer=2&text=%3Cr')).text).toContain('<response status="nodata"/>')
    expect((await ask('/activities?text=%3Cr')).text).toContain('<date>24.11.2026 15:04</date>\n<text>About &#60;rööfs&#62; 🙂\nand more</text>')
    for (const [field, value] of [['date', '31.02.2026 10:00'], ['date', '2026-02-01'], ['kind', 'FAX'], ['text', ' ']] as const) {
      expect((await ask('/activities', { form: { ...call, [field]: value } })).text).toContain(`<error code="VALID" field="${field}">`)
    }
    expect((await ask('/activities', { form: { ...call, customer: '9999' } })).text).toContain('<error code="NOTFOUND" field="customer">')
  })

  it('takes five requests at a time', async () => {
    await control('PUT', 'switches', { latency_ms: 200 })
    const answers = await Promise.all(Array.from({ length: 8 }, () => ask('/whoami')))
    expect(answers.filter(({ text }) => text.includes('<error code="BUSY" seconds="1">'))).toHaveLength(3)
  })
})

describe('the switches', () => {
  it('are for callers on this machine, and not for pages in their browsers', async () => {
    expect((await control('PUT', 'switches', {}, { Origin: 'https://elsewhere.example' })).status).toBe(403)
    expect((await control('PUT', 'switches', {}, { 'X-Forwarded-For': '203.0.113.7' })).status).toBe(403)
    expect((await control('PUT', 'switches', { mode: 'nonsense' })).status).toBe(422)
  })

  it('break it so many times', async () => {
    await control('PUT', 'switches', { mode: 'busy', seconds: 7, times: 1 })
    expect((await ask('/whoami')).text).toContain('<error code="BUSY" seconds="7">')
    expect((await ask('/whoami')).text).toContain('status="ok"')
    await control('PUT', 'switches', { mode: 'down', only: ['/api/customers'] })
    await expect(ask('/customers')).rejects.toThrow()
    expect((await ask('/whoami')).text).toContain('status="ok"')
  })

  it('cut the line when the work is done', async () => {
    await control('PUT', 'switches', { mode: 'reset_after_commit', times: 1 })
    await expect(ask('/activities', { form: { ...call, text: 'kept all the same' } })).rejects.toThrow()
    expect((await ask('/activities?text=kept')).text).toContain('kept all the same')
  })
})

describe('the pages', () => {
  it('show customers and what was logged with them, and run nothing that somebody typed', async () => {
    await ask('/activities', { form: { ...call, customer: '2', text: '<script>alert(1)</script>' } })
    expect(await (await fetch(`${crm.url}/customers`)).text()).toContain('<a href="/customers/2">Jürgen Großmann</a>')
    const record = await fetch(`${crm.url}/customers/2`)
    expect(record.headers.get('content-security-policy')).toContain(`default-src 'none'`)
    const text = await record.text()
    expect(text).toContain('CALL 24.11.2026 15:04 Ann de Wit')
    expect(text).not.toContain('<script>')
  })

  it('are not for callers elsewhere', async () => {
    expect((await fetch(`${crm.url}/customers`, { headers: { 'X-Forwarded-For': '203.0.113.7' } })).status).toBe(403)
  })
})

it('remembers everything in its file, also after a line that was cut', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'acme-legacy-'))
  const file = join(folder, 'kept/legacy.ndjson')
  try {
    const first = await startAcmeLegacy({ file, seedCustomers: 2, timeZone: 'Asia/Seoul' })
    await ask('/customers', { form: { name: 'Kept', phone: '02/1234567' }, at: first })
    await ask('/activities', { form: { ...call, customer: '3' }, at: first })
    await first.stop()
    await appendFile(file, '{"what":"activity","no":9')
    const second = await startAcmeLegacy({ file, seedCustomers: 2 })
    expect((await ask('/customers', { at: second })).text).toContain('<name>Kept</name>')
    expect((await ask('/activities?customer=3', { at: second })).text).toContain('<text>Wants a quote</text>')
    await ask('/customers', { form: { name: 'Next' }, at: second })
    await second.stop()
    expect((await readFile(file, 'utf8')).trimEnd().split('\n').map(line => JSON.parse(line).id)).toEqual([1, 2, 3, undefined, 4])
  } finally {
    await rm(folder, { recursive: true })
  }
})
