import { Command, InvalidArgumentError } from 'commander'

export interface DevOptions {
  readonly port: number
  readonly bodies: boolean
  readonly tour: boolean
  readonly watch: boolean
  readonly build: boolean
}

export const devCommand = (): Command =>
  new Command('dev').description('serve an adapter while you write it: built again and started anew at each change, every exchange with the CRM printed')
    .argument('<folder>', 'folder of the adapter; its dist/testing/under-test.js gives the CRM')
    .option('--port <port>', 'port to listen on; 0 for any', port, 4000)
    .option('--bodies', 'print what is sent and answered too, without secrets', false)
    .option('--tour', 'drive one call from beginning to end at each start', false)
    .option('--no-watch', 'start once')
    .option('--no-build', 'take it as it was built before')
    .action(async (folder: string, options: DevOptions) => {
      if (options.watch) await (await import('./watch-and-serve.js')).watchAndServe(folder, options)
      else await (await import('./serve-adapter.js')).serveAdapter(folder, options)
    })

function port(text: string): number {
  const value = Number(text)
  if (!/^\d+$/.test(text) || value > 65_535) throw new InvalidArgumentError('It is a number of at most 65535.')
  return value
}
