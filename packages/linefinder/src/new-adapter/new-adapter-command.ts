import { Command, Option } from 'commander'
import { authKinds, type AuthKind } from './api-shape.js'

export interface NewAdapterOptions {
  readonly auth?: AuthKind
  readonly capabilities?: string
  readonly openapi?: string
  readonly folder?: string
}

export const newAdapterCommand = (): Command =>
  new Command('new-adapter').description('write an adapter for another CRM, with a fake of the CRM and the proof that it works')
    .argument('[name]', 'lower case letters, digits and hyphens, such as card-file')
    .addOption(new Option('--auth <scheme>', 'how people connect (default: apiKey)').choices(authKinds))
    .option('--capabilities <list>', 'optional members of the contract, parted by commas, or "all" (default: none)')
    .option('--openapi <file or address>', 'the CRM’s OpenAPI document, JSON or YAML: addresses and fields are proposed from it')
    .option('--folder <path>', 'where to write it (default: adapters/<name> in this project; elsewhere the current folder when it is empty, else <name>)')
    .action(async (name: string | undefined, options: NewAdapterOptions) => (await import('./new-adapter.js')).newAdapter(name, options))
