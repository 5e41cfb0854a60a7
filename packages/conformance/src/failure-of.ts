import assert from 'node:assert/strict'
import { CrmError, type CrmErrorCode } from '@linefinder/core'
import { Absent, Limited } from './check.js'

/** How `work` failed; that it did not is a failure of the check. */
export async function failureOf(work: Promise<unknown>, what = 'it'): Promise<CrmError> {
  try {
    await work
  } catch (error) {
    if (error instanceof Absent || error instanceof Limited) throw error
    if (error instanceof CrmError) return error
    throw new Error(`${what} failed with something that is no CrmError`, { cause: error })
  }
  return assert.fail(`${what} succeeded, and should have failed`)
}

export async function failsWith(codes: CrmErrorCode | readonly CrmErrorCode[], work: Promise<unknown>, what = 'it'): Promise<CrmError> {
  const failure = await failureOf(work, what)
  const wanted = typeof codes === 'string' ? [codes] : codes
  if (!wanted.includes(failure.code)) {
    throw new Error(`${what} failed with ${failure.code}${failure.detail === undefined ? '' : ` (${failure.detail})`}, and should have with ${wanted.join(' or ')}`, { cause: failure.cause })
  }
  return failure
}
