import type { AuthShape } from '../api-shape.js'
import { joined, listOf, quoted } from '../source-text.js'

/** The value of `auth`, its further lines indented as a member of the adapter. */
export function authSource(auth: AuthShape): string {
  switch (auth.kind) {
    case 'oauth2': return joined([
      'oauth2({',
      `    authorizeUrl: ${quoted(auth.authorizeUrl)},`,
      `    tokenUrl: ${quoted(auth.tokenUrl)},`,
      auth.revokeUrl !== null && `    revokeUrl: ${quoted(auth.revokeUrl)},`,
      `    scopes: ${listOf(auth.scopes)},`,
      '  })',
    ])
    case 'apiKey': return `apiKey({
    fields: [{ name: 'key', label: 'API key', secret: true }],
    placements: [{ in: ${quoted(auth.in)}, field: 'key', name: ${quoted(auth.name)}${auth.prefix === null ? '' : `, prefix: ${quoted(auth.prefix)}`} }],
  })`
    case 'basic': return 'basic()'
    case 'custom': return `custom({
    fields: [{ name: 'username', label: 'User name' }, { name: 'password', label: 'Password', secret: true }],
    async login({ http }, { username, password }) {
      const { session } = answers.login.parse((await http.post('/login', { username, password })).data)
      return { values: { session } }
    },
    authorize: ({ values }) => ({ headers: { 'X-Session': values['session'] ?? '' } }),
    async end({ http }, { values }) {
      await http.post('/logout', {}, { headers: { 'X-Session': values['session'] } })
    },
  })`
  }
}
