import * as z from 'zod'
import { BenchError } from '../bench-error.js'
import { apiKeyPrefix, crmStats, type crmManners, type CrmStats } from './crm-server.js'

/** How the CRM behaves from now on; what is left out goes back to its default. */
export async function setManners(crmHost: string, manners: z.input<typeof crmManners>): Promise<void> {
  const { ok } = await fetch(`http://${crmHost}/_manners`, { method: 'PUT', body: JSON.stringify(manners) })
  if (!ok) throw new BenchError('wrong_answer', 'the CRM does not take its manners')
}

/** What the CRM has counted since it began. */
export const countCalls = async (crmHost: string): Promise<CrmStats> =>
  crmStats.parse(await (await fetch(`http://${crmHost}/_stats`)).json())

const page = z.object({ items: z.array(z.unknown()), next_cursor: z.string().nullable() })

/** Reads every page as a bare client would. Returns how many contacts there are. */
export async function readAllPages(crmHost: string): Promise<number> {
  let [count, cursor] = [0, '' as string | null]
  while (cursor !== null) {
    const response = await fetch(`http://${crmHost}/contacts?limit=1000${cursor === '' ? '' : `&cursor=${cursor}`}`, { headers: { 'X-Api-Key': `${apiKeyPrefix}reader` } })
    const { items, next_cursor: next } = page.parse(await response.json())
    count += items.length
    cursor = next
  }
  return count
}
