import type { CrmUser } from '@linefinder/core'
import type { CrmUserOfConnection, MappedUser } from '@linefinder/core/api'
import type { KnownAgent } from './mapping-statements.js'

/**
 * The users with the extensions that are mapped to them, and who each seems to be: the agent connected as that user, else the one with
 * its e-mail address, else the one with an extension that is mapped to it. Only where one agent fits one user; what is absent fits nothing.
 */
export function withSuggestions(users: readonly CrmUser[], mapping: readonly MappedUser[], agents: readonly KnownAgent[]): CrmUserOfConnection[] {
  const mapped = new Set(mapping.map(({ extension }) => extension))
  const usersByEmail = countsOf(users.map(({ email }) => addressOf(email)))
  return users.map(({ id, name, email }) => {
    const extensions = mapping.filter(({ crmUserId }) => crmUserId === id).map(({ extension }) => extension)
    const address = addressOf(email)
    const ways = [
      ['identity', (agent: KnownAgent) => agent.crmUserIds.includes(id)],
      ['email', (agent: KnownAgent) => address !== null && usersByEmail.get(address) === 1 && addressOf(agent.email) === address],
      ['extension', (agent: KnownAgent) => agent.extensions.some(extension => extensions.includes(extension))],
    ] as const
    let suggestion: CrmUserOfConnection['suggestion'] = null
    for (const [by, fits] of ways) {
      const [agent, ...others] = agents.filter(fits)
      if (!agent) continue
      // Several fit: a weaker sign must not choose between them.
      if (others.length === 0) suggestion = { agent: agent.id, by, extensions: agent.extensions.filter(extension => !mapped.has(extension)) }
      break
    }
    return { id, name, ...(email === undefined ? {} : { email }), extensions, suggestion }
  })
}

/** Addresses are compared without regard to case. An empty one is none. */
function addressOf(email: string | null | undefined): string | null {
  const address = email?.trim().toLowerCase() ?? ''
  return address === '' ? null : address
}

function countsOf(addresses: readonly (string | null)[]): Map<string, number> {
  const counts = new Map<string, number>()
  for (const address of addresses) if (address !== null) counts.set(address, (counts.get(address) ?? 0) + 1)
  return counts
}
