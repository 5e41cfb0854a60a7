import { readFile, writeFile } from 'node:fs/promises'
import { hunt, type Catch } from './hunt.js'
import { mutations } from './mutations.js'

const readme = new URL('../README.md', import.meta.url)
const lastResult = new URL('../last-result.json', import.meta.url)
const [begin, end] = ['<!-- made by npm run mutations, do not edit -->', '<!-- end -->'] as const

const wanted = process.argv.slice(2)
const chosen = wanted.length === 0 ? mutations : mutations.filter(({ name }) => wanted.includes(name))
const catches = await hunt(chosen, ({ name, caughtBy, reason }) => {
  console.info(caughtBy === null ? `MISSED  ${name}` : `caught  ${name} by "${caughtBy}" (${reason})`)
})
const missed = catches.filter(({ caughtBy }) => caughtBy === null).length
console.info(`${String(catches.length - missed)} of ${String(catches.length)} caught`)

if (wanted.length === 0) {
  await writeFile(lastResult, `${JSON.stringify({ mutations: catches.length, caught: catches.length - missed, missed, results: catches }, null, 2)}\n`)
  const text = await readFile(readme, 'utf8')
  await writeFile(readme, `${text.slice(0, text.indexOf(begin))}${begin}\n\n${tableOf(catches)}\n\n${text.slice(text.indexOf(end))}`)
}
process.exitCode = missed > mutations.length - 28 ? 1 : 0

function tableOf(results: readonly Catch[]): string {
  return [
    `${String(results.length - missed)} of ${String(results.length)} caught.`, '',
    '| mutation | the bug | caught first by |', '| --- | --- | --- |',
    ...results.map(({ name, bug, caughtBy }) => `| \`${name}\` | ${bug} | ${caughtBy ?? '**missed**'} |`),
  ].join('\n')
}
