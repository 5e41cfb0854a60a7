import { readFile, writeFile } from 'node:fs/promises'
import { z } from 'zod'
import { hunt, type Catch } from './hunt.js'
import { mutations } from './mutations.js'

const readme = new URL('../README.md', import.meta.url)
const lastResult = new URL('../last-result.json', import.meta.url)
const [begin, end] = ['<!-- made by npm run mutations, do not edit -->', '<!-- end -->'] as const

const wanted = process.argv.slice(2)
const tried = await hunt(mutations.filter(({ name }) => wanted.length === 0 || wanted.includes(name)), ({ name, caughtBy, reason }) => {
  console.info(caughtBy === null ? `MISSED  ${name}` : `caught  ${name} by "${caughtBy}" (${reason})`)
})

// Those that were not tried this time keep what came of them before.
const before = z.object({ results: z.array(z.custom<Catch>()) }).catch({ results: [] }).parse(JSON.parse(await readFile(lastResult, 'utf8').catch(() => '{}')))
const results = mutations.flatMap(({ name }) => [...tried, ...before.results].find(each => each.name === name) ?? [])
const caught = results.filter(({ caughtBy }) => caughtBy !== null).length
console.info(`${String(caught)} of ${String(results.length)} caught`)

await writeFile(lastResult, `${JSON.stringify({ mutations: results.length, caught, missed: results.length - caught, results }, null, 2)}\n`)
const text = await readFile(readme, 'utf8')
await writeFile(readme, `${text.slice(0, text.indexOf(begin))}${begin}\n\n${table()}\n\n${text.slice(text.indexOf(end))}`)
process.exitCode = tried.every(({ caughtBy }) => caughtBy !== null) ? 0 : 1

function table(): string {
  return [
    `${String(caught)} of ${String(results.length)} caught.`, '',
    '| mutation | the bug | caught first by |', '| --- | --- | --- |',
    ...results.map(({ name, bug, caughtBy }) => `| \`${name}\` | ${bug} | ${caughtBy ?? '**missed**'} |`),
  ].join('\n')
}
