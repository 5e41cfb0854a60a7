import { readFileSync } from 'node:fs'
import { describe, expect, it } from '@jest/globals'
import type { Description, MethodName } from '../../description.js'
import { RequestPlan } from '../../request.js'
import { ResponsePlan } from '../../response.js'
import { Names, Values, type Parameters } from '../../values.js'
import { dialectOf, readDocument } from '../read-document.js'

const textOf = (name: string): string => readFileSync(new URL(`../../../test-data/app-connect/${name}.json`, import.meta.url), 'utf8')

function read(name: string): Description {
  const { description, problems } = readDocument(textOf(name))
  if (!description) throw new Error(problems.map(({ message }) => message).join('\n'))
  return description
}

const harbour = read('harbour')
const lighthouse = read('lighthouse-oauth')

function request(description: Description, method: MethodName, parameters: Parameters): { line: string; data: unknown; headers: Readonly<Record<string, string>> } {
  const values = new Values(new Names(description), { parameters, properties: { 'fleet': 'north', 'Secret key': 's3cret' }, hostname: 'crm.harbour.example' })
  const { verb, address, headers, data } = new RequestPlan(description.methods[method]!).build(values)
  return { line: `${verb} ${address.origin}${address.path}`, data, headers }
}

function answer(description: Description, method: MethodName, data: unknown): unknown {
  const { fields, records } = new ResponsePlan(description.methods[method]!.response!, new Names(description)).read(data)
  return records === null ? fields.toObject() : records.map(record => record.toObject())
}

describe('a proxy configuration', () => {
  it('is told from the other dialect by its keys', () => {
    expect(dialectOf(textOf('harbour'))).toBe('app-connect')
    expect(dialectOf('{"id": "x", "api": {}}')).toBe('ringotel')
    expect(dialectOf('{')).toBe('ringotel')
  })

  it('becomes an adapter’s description, and what has no counterpart is told', () => {
    expect(harbour).toMatchObject({ id: 'harbourcrm', name: 'Harbour CRM' })
    expect(readDocument(textOf('harbour')).problems.map(({ severity, code, path }) => `${severity} ${code} ${path.join('.')}`)).toEqual([
      'warning no_counterpart requestDefaults.timeoutSeconds', 'warning no_counterpart operations.findContact.query.extension', 'warning no_counterpart operations.unAuthorize',
    ])
  })

  it('fields that only credentials name are asked of each agent, others of the admin', () => {
    expect(harbour.personal).toEqual([{ name: 'office', isSecret: false, isRequired: true }, { name: 'API key', isSecret: true, isRequired: true }])
    expect(harbour.properties.map(({ name, isSecret }) => [name, isSecret])).toEqual([['fleet', false], ['Secret key', true]])
    expect(harbour.auth).toEqual({ type: 'header', name: 'X-Harbour-Auth', value: ['Token ', { name: 'office' }, '/', { name: 'API key' }] })
  })

  it('asks for a number, below its base, with its headers', () => {
    const { line, headers } = request(harbour, 'FindContact', { phone: '+31413741741' })
    expect(line).toBe('GET https://crm.harbour.example/api/2/north/people?tel=%2B31413741741&open=true')
    expect(headers).toEqual({ 'Accept': 'application/json', 'X-Connector': 's3cret' })
  })

  it('maps contacts by dot paths, those found by name as those found by number', () => {
    const data = { result: { people: [{ uid: 7, label: 'Ann', phones: [{ number: '+31413741741' }], kind: 'person', employer: { name: 'Quay' }, made: '2024-01-01T00:00:00Z' }] } }
    const found = [{ contact_id: '7', contact_name: 'Ann', phone: '+31413741741', contact_type: 'person', company_name: 'Quay', created_at: '2024-01-01T00:00:00Z' }]
    expect(answer(harbour, 'FindContact', data)).toEqual(found)
    expect(answer(harbour, 'SearchContacts', data)).toEqual(found)
  })

  it('writes a call as a form, with the direction as that system words it and times of RFC 3339', () => {
    const { line, data, headers } = request(harbour, 'CreateActivity', {
      contact_id: 'a/b', subject: 'Call', activity_type: 'inbound', call_timestamp: 1729690611587, call_timestop: 1729690641587, call_duration: 30, description: 'Said yes', external_id: 'x1',
    })
    expect(line).toBe('POST https://crm.harbour.example/api/2/north/people/a%2Fb/calls')
    expect(headers['Content-Type']).toBe('application/x-www-form-urlencoded')
    expect(Object.fromEntries(new URLSearchParams(String(data)))).toEqual({
      title: 'Call', way: 'Inbound', begin: '2024-10-23T13:36:51.587Z', end: '2024-10-23T13:37:21.587Z', seconds: '30', text: 'Said yes', key: 'call-x1',
    })
    expect(answer(harbour, 'CreateActivity', { call: { id: 12 } })).toEqual({ activity_id: '12' })
  })

  it('one request for all changes tells of the end of a call too', () => {
    expect(Object.keys(harbour.methods)).toContain('StopCallActivity')
    expect(request(harbour, 'StopCallActivity', { activity_id: '12', call_duration: 30 })).toMatchObject({ line: 'PATCH https://crm.harbour.example/api/2/north/calls/12', data: '{"seconds":30}' })
    expect(Object.keys(lighthouse.methods)).toEqual(['CurrentUser', 'FindContact', 'CreateActivity'])
  })

  it('reads users from a bare list, and a call with subject and body', () => {
    expect(answer(harbour, 'Users', [{ uid: 'u1', label: 'Bo', mail: 'bo@harbour.example' }])).toEqual([{ user_id: 'u1', user_name: 'Bo', email: 'bo@harbour.example' }])
    expect(answer(harbour, 'GetActivity', { call: { title: 'Call', text: 'Said yes' } })).toEqual({ subject: 'Call', description: 'Said yes' })
    expect(answer(harbour, 'CurrentUser', { person: { id: 'u1', name: 'Bo', zone: 'Europe/Amsterdam' } })).toEqual({ user_id: 'u1', user_name: 'Bo', timezone: 'Europe/Amsterdam' })
  })

  it('with OAuth uses the installation’s own client; usual paths count where none are given', () => {
    expect(lighthouse.auth).toMatchObject({ type: 'oauth2', client: null, scopes: ['contacts', 'calls'], authorizeUrl: ['https://id.lighthouse.example/authorize'] })
    expect(request(lighthouse, 'FindContact', { phone: '+31413741741' }).data).toBe('{"phones":["+31413741741"]}')
    expect(answer(lighthouse, 'FindContact', [{ id: 'c1', name: 'Ann', phone: '+31413741741', company: 'Quay' }])).toEqual([{ contact_id: 'c1', contact_name: 'Ann', phone: '+31413741741', company_name: 'Quay' }])
    expect(request(lighthouse, 'CreateActivity', { contact_id: 'c1', call_timestamp: 1729690611587, description: 'Hm' }).data).toBe('{"contact":"c1","at":1729690611587,"note":"Hm"}')
  })

  it('is refused in strict reading only for what is beyond it', () => {
    const codes = (name: string) => readDocument(textOf(name), { strict: true }).problems.filter(({ severity }) => severity === 'error').map(({ code, path }) => `${code} ${path.join('.')}`)
    expect(codes('harbour')).toEqual([])
    expect(codes('lighthouse-oauth')).toEqual(['extension auth.authUrl', 'extension auth.scope'])
  })

  it('without "auth" sends the key as App Connect does, in front of a colon', () => {
    const { auth: _auth, ...rest } = JSON.parse(textOf('harbour')) as Record<string, unknown>
    expect(readDocument(JSON.stringify(rest)).description?.auth).toEqual({ type: 'basic', username: [{ name: 'API key' }], password: [] })
  })
})
