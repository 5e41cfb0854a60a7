import { api, type Endpoint } from '@linefinder/core/api'
import type { LinefinderClient } from './methods.js'
import { createSend, type ClientOptions, type Send } from './send.js'

/** A method for every endpoint of the REST API, where the declarations have it: `client.contacts.find({ query: { phone } })`. */
export function createClient(options: ClientOptions): LinefinderClient {
  // The walk makes what `MethodsOf` describes.
  return methodsOf(api, createSend(options)) as unknown as LinefinderClient
}

interface Declarations {
  readonly [name: string]: Endpoint | Declarations
}

const methodsOf = (declarations: Declarations, send: Send): Record<string, unknown> => Object.fromEntries(
  Object.entries(declarations)
    .filter(([, member]) => !(isEndpoint(member) && (member.isBrowserPage || member.format !== undefined)))
    .map(([name, member]) => [name, isEndpoint(member) ? (request = {}) => send(member, request) : methodsOf(member, send)]),
)

const isEndpoint = (member: Endpoint | Declarations): member is Endpoint => typeof member['path'] === 'string'
