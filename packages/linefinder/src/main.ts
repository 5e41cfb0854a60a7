#!/usr/bin/env node
import { Command, Option } from 'commander'
import { apiKeyScopes, type ApiKeyScope } from '@linefinder/core/api'
import type { RetentionOptions } from './commands/retention.js'
import { checkCommand } from './check/check-command.js'
import { CommandError } from './command-error.js'
import { ConfigError, readConfig, variables } from './config.js'
import { devCommand } from './dev/dev-command.js'
import { recordCommand, tryCommand } from './document/try-command.js'
import { newAdapterCommand } from './new-adapter/new-adapter-command.js'
import { phonesCommand } from './phones/phones-command.js'

// Commands load what they need when they run: the server is much to load for one who cleans a file.
const program = new Command('linefinder')
  .description('Finds who is calling, in any CRM, for any phone, and logs every call on the customer’s record, once.')
  .addHelpText('after', `\nEnvironment:\n${Object.entries(variables.shape).map(([name, schema]) => `  ${name.padEnd(32)}${schema.description ?? ''}`).join('\n')}\n`)

const config = () => readConfig(process.env)

program.command('start').description('run the server').action(async () => (await import('./commands/start.js')).start(config()))

program.command('demo').description('run the server together with a sample CRM, on embedded databases')
  .option('--acme-port <port>', 'port of the sample CRM', '4100')
  .action(async ({ acmePort }: { acmePort: string }) => (await import('./demo/start-demo.js')).startDemo(config(), Number(acmePort)))

program.command('tour').description('one call from beginning to end over real HTTP, printed step by step')
  .action(async () => (await import('./tour/run-tour.js')).runTour(config()))

program.command('migrate').description('bring the database’s tables up to date').action(async () => (await import('./commands/migrate.js')).migrateDatabase(config()))

program.command('retention').description('delete what was said of calls and messages some time after the CRM has it; nothing is logged twice by that')
  .requiredOption('--content-days <days>', 'how long it is kept', Number)
  .option('--tenant <id>', 'only this tenant’s')
  .option('--including-failed', 'also what the CRM never took', false)
  .option('--dry-run', 'only count', false)
  .action(async (options: RetentionOptions) => {
    if (!Number.isInteger(options.contentDays) || options.contentDays < 1) throw new ConfigError('--content-days must be a whole number of days, at least 1.')
    await (await import('./commands/retention.js')).runRetention(config(), options)
  })

program.command('tenants').description('tenants of this server')
  .command('create <id>').description('make a tenant: lower case letters, digits and hyphens')
  .option('--name <name>', 'what people call it')
  .action(async (id: string, { name }: { name?: string }) => (await import('./commands/keys.js')).createTenant(config(), id, name ?? id))

const keys = program.command('keys').description('API keys, and the keys that seal secrets')
keys.command('create').description('make an API key; it is shown once')
  .requiredOption('--tenant <id>', 'whose key it is')
  .addOption(new Option('--scope <scope...>', 'what it may do').choices(apiKeyScopes).makeOptionMandatory())
  .option('--name <name>', 'to tell it apart', 'command line')
  .action(async (options: { tenant: string; scope: ApiKeyScope[]; name: string }) => (await import('./commands/keys.js')).createKey(config(), options))
keys.command('new-secret').description('make a key for LINEFINDER_KEYS').action(async () => { (await import('./commands/keys.js')).printNewSecret() })

program.addCommand(newAdapterCommand())
program.addCommand(checkCommand())
program.addCommand(tryCommand())
program.addCommand(recordCommand())
program.addCommand(devCommand())
program.addCommand(phonesCommand())

/** What whoever typed the command did wrong is told in words; anything else with its stack. */
async function tell(error: unknown): Promise<void> {
  if (error instanceof ConfigError || error instanceof CommandError) console.error(error.message)
  else if (error instanceof (await import('@linefinder/server')).ApiError) console.error([error.message, ...(error.details.errors ?? []).map(({ pointer, message }) => `  ${pointer.slice(1)} ${message}`)].join('\n'))
  else console.error(error)
}

program.parseAsync().catch(async (error: unknown) => {
  await tell(error)
  process.exit(1)
})
