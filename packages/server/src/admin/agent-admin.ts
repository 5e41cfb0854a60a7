import { Op } from 'sequelize'
import type { api, BodyOf } from '@linefinder/core/api'
import { listPage, type Page, type PageQuery } from '../database/list-page.js'
import type { Dependencies } from '../dependencies.js'
import { ApiError } from '../http/api-error.js'
import type { AdminCaller } from '../http/caller.js'
import { wrongField } from '../http/wrong-field.js'
import type { AuditTrail } from '../tenants/audit-trail.js'
import type { AgentRow, Table } from '../tenants/models.js'
import { lockAgents, moveAgentRecords } from './agent-statements.js'
import { given } from './given.js'
import type { AgentWithIdentities } from './resources.js'

/** A tenant's people, and who of them is one person. */
export class AgentAdmin {
  constructor(private readonly deps: Pick<Dependencies, 'database' | 'models'>, private readonly audit: AuditTrail) {}

  async list(tenantId: string, query: PageQuery): Promise<Page<AgentWithIdentities>> {
    const { items, nextCursor } = await listPage(this.deps.models.agents, { tenantId }, query)
    return { items: await this.#withIdentities(tenantId, items), nextCursor }
  }

  async update(by: AdminCaller, id: string, body: BodyOf<typeof api.admin.agents.update>): Promise<AgentWithIdentities> {
    return this.deps.database.transaction(async () => {
      const agent = await this.#get(by.tenantId, id)
      agent.set(given(body))
      const changed = agent.changed() || []
      await agent.save()
      await this.audit.note(by, 'agent.updated', `agent:${id}`, { changed })
      return this.#oneWithIdentities(agent)
    })
  }

  /** The other agent's connections and call logs become this one's, and the other disappears. Cannot be undone. */
  async join(by: AdminCaller, id: string, otherId: string): Promise<AgentWithIdentities> {
    if (id === otherId) throw wrongField('body', '/agent', 'must be another agent')
    const { database } = this.deps
    return database.transaction(async () => {
      await lockAgents(database, by.tenantId, [id, otherId])
      const agent = await this.#get(by.tenantId, id)
      const other = await this.#get(by.tenantId, otherId)
      await moveAgentRecords(database, by.tenantId, otherId, id)
      await other.destroy()
      await this.audit.note(by, 'agent.joined', `agent:${id}`, { joined: otherId })
      return this.#oneWithIdentities(agent)
    })
  }

  async #get(tenantId: string, id: string): Promise<InstanceType<Table<AgentRow>>> {
    const agent = await this.deps.models.agents.findOne({ where: { tenantId, id } })
    if (!agent) throw new ApiError('not_found', { detail: 'The tenant has no such agent.' })
    return agent
  }

  async #oneWithIdentities(agent: AgentRow): Promise<AgentWithIdentities> {
    const [only = { agent, connections: [] }] = await this.#withIdentities(agent.tenantId, [agent])
    return only
  }

  async #withIdentities(tenantId: string, agents: readonly AgentRow[]): Promise<AgentWithIdentities[]> {
    const connections = await this.deps.models.connections.findAll({
      where: { tenantId, agentId: { [Op.in]: agents.map(({ id }) => id) } }, order: [['createdAt', 'ASC'], ['id', 'ASC']],
    })
    return agents.map(agent => ({ agent, connections: connections.filter(({ agentId }) => agentId === agent.id) }))
  }
}
