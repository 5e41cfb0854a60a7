import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'

/**
 * What a server loads as it starts is put into one file for each package, beside what the compiler wrote: Node reads, resolves and links 600 modules
 * less, a fifth of the time to start. What a package depends on stays outside, so that there is one of each; but for libraries of many small
 * modules without a state, of which a few functions are used.
 */
const bundles = [
  { name: 'core', entries: ['index', 'api/index', 'http/index', 'phone/index'], inlined: ['libphonenumber-js'] },
  { name: 'server', entries: ['index'] },
  { name: 'app-connect', entries: ['index', 'connector/index'], inlined: ['jose'] },
  { name: 'declarative', entries: ['index'] },
]

const common = { bundle: true, platform: 'node', target: 'node20', logLevel: 'warning', write: false }
const folderOf = name => fileURLToPath(new URL(`${name}/`, import.meta.url))

/** The package's own single file, of what is otherwise 65 modules. It has a default export only. */
const axiosInOneFile = {
  name: 'axios in one file',
  setup: ({ onResolve }) => { onResolve({ filter: /^axios$/ }, () => ({ path: 'axios/dist/node/axios.cjs', external: true })) },
}

/** umzug without its command line, which nobody here calls and which brings 150 modules. */
const umzugAlone = {
  name: 'umzug alone',
  setup: ({ onResolve }) => { onResolve({ filter: /^umzug$/ }, () => ({ path: './umzug.cjs', external: true })) },
}
const withoutCommandLine = {
  name: 'without a command line',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^\.\/cli$/ }, ({ path }) => ({ path, namespace: 'nothing' }))
    onLoad({ filter: /./, namespace: 'nothing' }, () => ({ contents: '' }))
  },
}

/** One character beyond Latin-1 would have V8 keep the whole text with two bytes for each. In strings and regular expressions its escape means the same. */
const inAscii = text => text.replace(/[^\x00-\x7f]/g, character => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`)

async function bundle(options) {
  const { outputFiles } = await build({ ...common, ...options })
  for (const { path, text } of outputFiles) {
    mkdirSync(dirname(path), { recursive: true })
    writeFileSync(path, inAscii(text))
  }
}

await Promise.all([
  ...bundles.map(({ name, entries, inlined = [] }) => {
    const folder = folderOf(name)
    const { dependencies } = JSON.parse(readFileSync(`${folder}package.json`, 'utf8'))
    return bundle({
      entryPoints: entries.map(entry => `${folder}dist/${entry}.js`), outbase: `${folder}dist`, outdir: `${folder}dist/bundle`,
      splitting: true, format: 'esm', plugins: [axiosInOneFile, umzugAlone],
      external: Object.keys(dependencies).filter(each => !inlined.includes(each)).flatMap(dependency => [dependency, `${dependency}/*`]),
    })
  }),
  bundle({
    stdin: { contents: `export { Umzug } from 'umzug'`, resolveDir: folderOf('server') }, outfile: `${folderOf('server')}dist/bundle/umzug.cjs`,
    format: 'cjs', plugins: [withoutCommandLine],
  }),
])
