import { Command } from 'commander'
import { CommandError } from '../command-error.js'

export interface CheckOptions {
  readonly crmUnderTest?: string
  readonly limits?: string
  readonly topics?: string
  readonly json?: string
  readonly markdown?: string
  readonly build: boolean
  readonly strict: boolean
  readonly crm?: string
  readonly openapi?: string
  readonly path?: string
}

export const checkCommand = (): Command =>
  new Command('check').description('prove that an adapter or a document is right, or look at what a CRM of your own has and lacks')
    .argument('[adapter]', 'folder of an adapter, its built module, or a document (.json) that describes a CRM')
    .option('--crm-under-test <module>', 'exports crmUnderTest(), the CRM that the adapter is tried against (default: testing/under-test.js beside the built adapter)')
    .option('--limits <list>', 'what the CRM cannot do, beside the limits that module exports')
    .option('--topics <list>', 'only these topics')
    .option('--json <file>', 'write the report as JSON')
    .option('--markdown <file>', 'write the matrix as Markdown; in a file that is there, between its markers or at its end')
    .option('--strict', 'of a document: refuse what is beyond the format that it is written in', false)
    .option('--no-build', 'take the folder as it was built before')
    .option('--crm <address>', 'instead of an adapter: a CRM, looked at without credentials')
    .option('--openapi <file or address>', 'with --crm: its OpenAPI document (default: where documents usually are)')
    .option('--path <path>', 'with --crm: an address there that needs a login, such as /api/users/me')
    .action(async (adapter: string | undefined, options: CheckOptions) => {
      if (options.crm !== undefined && adapter !== undefined) throw new CommandError('Name an adapter or --crm, not both.')
      if (options.crm !== undefined) return (await import('./crm/check-crm.js')).checkCrm(options.crm, options)
      if (options.openapi !== undefined || options.path !== undefined) throw new CommandError('--openapi and --path go with --crm.')
      if (adapter === undefined) throw new CommandError('Name the folder of an adapter: linefinder check ./my-adapter. Or a CRM: linefinder check --crm https://crm.example.com')
      await (await import('./check-adapter.js')).checkAdapter(adapter, options)
    })
