import { createRequire } from 'node:module'
import { api, problem, type Endpoint } from '@linefinder/core/api'
import { connectionHeader } from '../http/callers.js'
import { ComponentSchemas } from './component-schemas.js'
import { operationOf } from './operation.js'

// Two folders up both from the sources and from `dist`.
const { version } = createRequire(import.meta.url)('../../package.json') as { version: string }

/** The OpenAPI 3.1 document of the native REST surface, made of the declarations that requests are validated by. */
export function createOpenApiDocument(publicUrl: string): Record<string, unknown> {
  const schemas = new ComponentSchemas()
  schemas.output(problem)
  const named = namedEndpoints(api)
  const paths: Record<string, Record<string, unknown>> = {}
  for (const [operationId, endpoint] of named) {
    paths[endpoint.path] = { ...paths[endpoint.path], [endpoint.method.toLowerCase()]: operationOf(operationId, endpoint, schemas) }
  }
  return {
    openapi: '3.1.1',
    info: {
      title: 'Linefinder',
      version,
      summary: 'Finds who is calling, in any CRM, for any phone, and logs every call on the customer’s record, once.',
      description: 'Failures are RFC 9457 problem documents: switch on `code`. Each is explained at [/docs/errors](/docs/errors).',
      license: { name: 'MIT', identifier: 'MIT' },
    },
    servers: [{ url: publicUrl }],
    tags: [...new Set(named.map(([, { tag }]) => tag))].map(name => ({ name })),
    paths,
    components: { schemas: schemas.all(), securitySchemes, parameters, headers },
  }
}

/** Endpoints with their place in the tree, such as `admin.installations.list`. */
function namedEndpoints(tree: object, place: readonly string[] = []): [string, Endpoint][] {
  return Object.entries(tree).flatMap(([name, node]: [string, Endpoint | object]): [string, Endpoint][] =>
    'method' in node ? [[[...place, name].join('.'), node]] : namedEndpoints(node, [...place, name]))
}

const securitySchemes = {
  session: { type: 'http', scheme: 'bearer', description: 'The token of a session (`lfs_…`): what a client app holds after connecting.' },
  apiKey: { type: 'http', scheme: 'bearer', description: 'An API key (`lfk_…`) that an administrator made, with the scope that the operation names.' },
  apiKeyAsBasic: { type: 'http', scheme: 'basic', description: 'The same key as password, and the id of the shared connection as user, for PBXs that cannot set headers (RFC 7617).' },
}

const parameters = {
  Connection: {
    name: connectionHeader, in: 'header', required: false, schema: { type: 'string', format: 'uuid' },
    description: 'With an API key: the shared connection to use. Not with a session, which names its own.',
  },
  Prefer: {
    name: 'Prefer', in: 'header', required: false, schema: { type: 'string', examples: ['wait=5'] },
    description: 'RFC 7240. `wait=5` waits up to so many seconds, at most 30, for the CRM to have it.',
  },
  RequestId: {
    name: 'X-Request-Id', in: 'header', required: false, schema: { type: 'string', pattern: '^[A-Za-z0-9._-]{1,100}$' },
    description: 'Your own id for the request. It is answered, logged and handed on to the CRM; without it one is made.',
  },
}

const headers = {
  RequestId: { description: 'The id to name when reporting a failure.', schema: { type: 'string' } },
  RetryAfter: { description: 'Seconds to wait before trying again, where known (RFC 9110 §10.2.3).', schema: { type: 'integer' } },
  WwwAuthenticate: { description: 'RFC 6750 §3.', schema: { type: 'string' } },
}
