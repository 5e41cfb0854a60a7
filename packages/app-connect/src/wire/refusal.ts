import type { JsonObject } from '../extras.js'

/** An answer other than 200 that this wire format asks for. A text is shown to the user by the client; JSON is not. */
export class WireRefusal extends Error {
  override readonly name = 'WireRefusal'

  constructor(readonly status: number, readonly body: string | JsonObject) {
    super(typeof body === 'string' ? body : 'refused')
  }
}

export const notAuthorized = 'Please go to Settings and authorize CRM platform'
export const invalidToken = 'Invalid JWT token'
