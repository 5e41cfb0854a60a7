import { Command } from 'commander'
import { CommandError } from '../command-error.js'

export interface CheckOptions {
  readonly crmUnderTest?: string
  readonly limits?: string
  readonly topics?: string
  readonly json?: string
  readonly markdown?: string
  readonly build: boolean
}

export const checkCommand = (): Command =>
  new Command('check').description('prove that an adapter is right')
    .argument('[adapter]', 'folder of an adapter, or its built module')
    .option('--crm-under-test <module>', 'exports crmUnderTest(), the CRM that the adapter is tried against (default: testing/under-test.js beside the built adapter)')
    .option('--limits <list>', 'what the CRM cannot do, beside the limits that module exports')
    .option('--topics <list>', 'only these topics')
    .option('--json <file>', 'write the report as JSON')
    .option('--markdown <file>', 'write the matrix as Markdown; in a file that is there, between its markers or at its end')
    .option('--no-build', 'take the folder as it was built before')
    .action(async (adapter: string | undefined, options: CheckOptions) => {
      if (adapter === undefined) throw new CommandError('Name the folder of an adapter: linefinder check ./my-adapter')
      await (await import('./check-adapter.js')).checkAdapter(adapter, options)
    })
