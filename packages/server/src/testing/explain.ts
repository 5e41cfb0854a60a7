import type { Database } from '../database/database.js'

/** What a statement costs on real PostgreSQL. */
export interface Explained {
  /** The kinds of its steps, with the table or index of each, such as `Seq Scan on connections`. */
  readonly steps: readonly string[]
  /** Pages of 8 kB that it touched. */
  readonly pages: number
  readonly milliseconds: number
}

interface PlanNode {
  readonly 'Node Type': string
  readonly 'Relation Name'?: string
  readonly 'Index Name'?: string
  readonly 'Shared Hit Blocks': number
  readonly 'Shared Read Blocks': number
  readonly Plans?: readonly PlanNode[]
}

/** Runs the statement and tells how. */
export async function explain(database: Database, text: string, values: readonly unknown[]): Promise<Explained> {
  const [row] = await database.query<{ 'QUERY PLAN': [{ Plan: PlanNode; 'Execution Time': number }] }>(
    { text: `EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) ${text}` }, values)
  const [{ Plan: plan, 'Execution Time': milliseconds }] = row!['QUERY PLAN']
  return { steps: stepsOf(plan), pages: plan['Shared Hit Blocks'] + plan['Shared Read Blocks'], milliseconds }
}

function stepsOf(node: PlanNode): string[] {
  const where = node['Index Name'] ?? node['Relation Name']
  return [`${node['Node Type']}${where === undefined ? '' : ` on ${where}`}`, ...(node.Plans ?? []).flatMap(stepsOf)]
}
