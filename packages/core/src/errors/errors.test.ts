import { describe, expect, it } from '@jest/globals'
import { problemCodes, type CrmErrorCode } from './code-names.js'
import { apiErrorCodes, crmErrorCodes, factsOf } from './codes.js'
import { CrmError } from './crm-error.js'

const crmCodes = Object.keys(crmErrorCodes) as CrmErrorCode[]

describe('the table of codes', () => {
  it('names every code once', () => {
    expect(new Set(problemCodes).size).toBe(problemCodes.length)
    expect(problemCodes).toHaveLength(Object.keys(apiErrorCodes).length + crmCodes.length)
  })

  it.each(problemCodes)('%s has a failure’s status, a title and advice', code => {
    const { status, title, advice } = factsOf(code)
    expect(status).toBeGreaterThanOrEqual(400)
    expect(status).toBeLessThan(600)
    expect(title).toMatch(/^[^.]+[^.]$/)
    expect(advice).toMatch(/\.$/)
    expect(code).toMatch(/^[a-z_]+$/)
  })

  it('gives the CRM’s retryable failures a gateway’s status, which clients and proxies know as passing', () => {
    const retryable = crmCodes.filter(code => crmErrorCodes[code].retryable)
    expect(retryable.length).toBeGreaterThan(0)
    for (const code of retryable) expect([code, [502, 503, 504]]).toEqual([code, expect.arrayContaining([crmErrorCodes[code].status])])
  })

  it('calls no client’s mistake retryable, except too many requests', () => {
    expect(problemCodes.filter(code => factsOf(code).retryable && factsOf(code).status < 500)).toEqual(['too_many_requests'])
  })

  it('keeps a CRM’s codes apart from ours', () => {
    expect(factsOf('crm_not_found')).toBe(crmErrorCodes.not_found)
    expect(factsOf('not_found')).toBe(apiErrorCodes.not_found)
  })
})

describe('CrmError', () => {
  it('carries code, waiting time, status and cause', () => {
    const cause = new Error('socket')
    const error = new CrmError('rate_limited', { retryAfterMs: 7000, crmStatus: 429, detail: 'Slow down.', cause })
    expect(error).toMatchObject({ name: 'CrmError', message: crmErrorCodes.rate_limited.title, code: 'rate_limited', retryAfterMs: 7000, crmStatus: 429, detail: 'Slow down.' })
    expect(error.cause).toBe(cause)
    expect(error).toBeInstanceOf(Error)
  })

  it('knows those of another copy of this package, and nothing else', async () => {
    // The copy that is built, beside the one under test.
    const copy = await import('../../dist/errors/crm-error.js' as string) as { CrmError: typeof CrmError }
    expect(copy.CrmError).not.toBe(CrmError)
    expect(new copy.CrmError('not_found')).toBeInstanceOf(CrmError)
    expect(new CrmError('not_found')).toBeInstanceOf(copy.CrmError)
    for (const value of [new Error('not_found'), { code: 'not_found' }, null, 'CrmError']) expect(value).not.toBeInstanceOf(CrmError)
  })

  it('has no cause where none was given', () => {
    expect('cause' in new CrmError('timeout')).toBe(false)
  })

  it('knows what the table says of its code', () => {
    expect(crmCodes.filter(code => new CrmError(code).isRetryable)).toEqual(crmCodes.filter(code => crmErrorCodes[code].retryable))
    expect(crmCodes.filter(code => new CrmError(code).maybeCommitted))
      .toEqual(['connection_lost', 'server_error', 'bad_response', 'timeout', 'adapter_fault'])
  })
})
