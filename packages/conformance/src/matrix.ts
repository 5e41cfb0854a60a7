import { readFile, writeFile } from 'node:fs/promises'
import { topics } from './check.js'
import type { Report, ReportedCheck } from './report.js'

const begin = '<!-- conformance: made by writeMatrix, do not edit -->'
const end = '<!-- conformance: end -->'

/** What the adapter can do and what was found, as Markdown tables. */
export function matrixOf(report: Report): string {
  const { facts, counts, checks, limits } = report
  const yesOrNo = (isThere: boolean) => isThere ? 'yes' : 'no'
  const unsaid = (checks as readonly ReportedCheck[]).filter(({ status }) => status === 'limited' || status === 'failed')
  return [
    `Contract ${String(report.adapter.contractVersion)}: ${String(counts.passed)} checks passed, ${String(counts.failed)} failed, ${String(counts.limited)} limited, ${String(counts.absent)} about what it does not offer.`,
    '',
    '| declared | |', '| --- | --- |',
    `| auth | \`${facts.auth}\` |`,
    `| phoneSearch | \`${facts.phoneSearch}\` |`,
    `| bodyFormat | ${facts.bodyFormat === null ? 'none' : `\`${facts.bodyFormat}\``}${facts.bodyMaxLength === null ? '' : `, at most ${String(facts.bodyMaxLength)}`} |`,
    `| commitLagMs, contactLagMs | ${String(facts.commitLagMs)}, ${String(facts.contactLagMs)} |`,
    ...(facts.needsCredentials === true ? ['| needsCredentials | yes: an admin has to allow it |'] : []),
    ...limits.map(({ name, meaning }) => `| limit \`${name}\` | ${meaning} |`),
    '',
    '| optional member | |', '| --- | --- |',
    ...Object.entries(report.members).map(([member, isThere]) => `| \`${member}\` | ${yesOrNo(isThere)} |`),
    '',
    '| topic | passed | failed | limited | absent |', '| --- | --- | --- | --- | --- |',
    ...topics.flatMap(topic => {
      const mine = checks.filter(check => check.topic === topic)
      const count = (status: ReportedCheck['status']) => String(mine.filter(check => check.status === status).length)
      return mine.length === 0 ? [] : [`| ${topic} | ${count('passed')} | ${count('failed')} | ${count('limited')} | ${count('absent')} |`]
    }),
    ...(unsaid.length === 0 ? [] : ['', '| why not proved | what |', '| --- | --- |', ...byReason(unsaid).map(([reason, facts]) => `| ${cell(reason)} | ${cell(facts)} |`)]),
  ].join('\n')
}

/** In a few words: the facts themselves while they are few, else how many of each topic. */
function byReason(checks: readonly ReportedCheck[]): [reason: string, facts: string][] {
  const groups = new Map<string, ReportedCheck[]>()
  for (const check of checks) {
    const reason = `${check.status}: ${(check.reason ?? '').split('\n')[0] ?? ''}`
    groups.set(reason, [...groups.get(reason) ?? [], check])
  }
  return [...groups].map(([reason, group]) => {
    if (group.length <= 3) return [reason, group.map(({ topic, name }) => `${topic}: ${name}`).join('; ')]
    return [reason, topics.flatMap(topic => {
      const count = group.filter(check => check.topic === topic).length
      return count === 0 ? [] : [`${topic} (${String(count)})`]
    }).join(', ')]
  })
}

const cell = (text: string): string => text.replaceAll('|', '\\|')

/** Puts the matrix between its markers, or at the end of a file that has none. */
export async function writeMatrix(report: Report, readmePath: string): Promise<void> {
  await writeFile(readmePath, withMatrix(await readFile(readmePath, 'utf8'), report))
}

/** Whether the file holds what `writeMatrix` would write. */
export async function isMatrixFresh(report: Report, readmePath: string): Promise<boolean> {
  const text = await readFile(readmePath, 'utf8')
  return text === withMatrix(text, report)
}

function withMatrix(text: string, report: Report): string {
  const block = `${begin}\n\n${matrixOf(report)}\n\n${end}`
  const from = text.indexOf(begin)
  const to = text.indexOf(end)
  if (from === -1 || to < from) return `${text.trimEnd()}\n\n## Conformance\n\n${block}\n`
  return text.slice(0, from) + block + text.slice(to + end.length)
}
