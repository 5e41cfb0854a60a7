import { createHash } from 'node:crypto'
import type { Request, Response } from 'express'
import type { Person } from '../crm/people.js'
import { ApiError } from './api-error.js'

/** Answers with the person, and with an `ETag` that changes whenever anything of it does. */
export function sendPerson(response: Response, person: Person): void {
  response.set('ETag', etagOf(person)).json(person)
}

/** Throws 412 when the caller names another version in `If-Match` (RFC 9110, 13.1.1). Without the header any will do. */
export function checkVersion(request: Request, person: Person): void {
  const wanted = request.get('if-match')
  if (wanted !== undefined && wanted !== '*' && wanted !== etagOf(person)) {
    throw new ApiError(412, 'precondition_failed', 'Somebody changed the person meanwhile')
  }
}

function etagOf(person: Person): string {
  return `"${createHash('sha256').update(JSON.stringify(person)).digest('base64url')}"`
}
