import { describe, expect, it } from '@jest/globals'
import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'
import { build } from 'esbuild'

describe('bundled for a browser', () => {
  it('the phone engine holds libphonenumber-js and nothing else of others, nothing of Node, and stays below 65 kB', async () => {
    const { metafile, outputFiles } = await build({
      entryPoints: [fileURLToPath(new URL('./index.ts', import.meta.url))],
      bundle: true, minify: true, platform: 'browser', format: 'esm', metafile: true, write: false, logLevel: 'silent',
    })
    expect(Object.keys(metafile.inputs).filter(path => /node_modules\/(?!libphonenumber-js\/)|node:/.test(path))).toEqual([])
    expect(metafile.outputs[Object.keys(metafile.outputs)[0]!]!.imports).toEqual([])
    const size = gzipSync(outputFiles[0]!.text).length
    process.stdout.write(`@linefinder/core/phone for browsers: ${(outputFiles[0]!.text.length / 1000).toFixed(0)} kB, ${(size / 1000).toFixed(0)} kB gzipped\n`)
    expect(size).toBeLessThan(65_000)
  })
})
