#!/usr/bin/env node
import { Command, Option } from 'commander'
import { ApiError } from '@linefinder/server'
import { apiKeyScopes, type ApiKeyScope } from '@linefinder/core/api'
import { createKey, createTenant, printNewSecret } from './commands/keys.js'
import { migrateDatabase } from './commands/migrate.js'
import { start } from './commands/start.js'
import { ConfigError, readConfig, variables } from './config.js'
import { startDemo } from './demo/start-demo.js'
import { phonesCommand } from './phones/phones-command.js'
import { PhonesError } from './phones/phones-error.js'
import { runTour } from './tour/run-tour.js'

const program = new Command('linefinder')
  .description('Finds who is calling, in any CRM, for any phone, and logs every call on the customer’s record, once.')
  .addHelpText('after', `\nEnvironment:\n${Object.entries(variables.shape).map(([name, schema]) => `  ${name.padEnd(28)}${schema.description ?? ''}`).join('\n')}\n`)

const config = () => readConfig(process.env)

program.command('start').description('run the server').action(() => start(config()))

program.command('demo').description('run the server together with a sample CRM, on embedded databases')
  .option('--acme-port <port>', 'port of the sample CRM', '4100')
  .action(({ acmePort }: { acmePort: string }) => startDemo(config(), Number(acmePort)))

program.command('tour').description('one call from beginning to end over real HTTP, printed step by step')
  .action(() => runTour(config()))

program.command('migrate').description('bring the database’s tables up to date').action(() => migrateDatabase(config()))

program.command('tenants').description('tenants of this server')
  .command('create <id>').description('make a tenant: lower case letters, digits and hyphens')
  .option('--name <name>', 'what people call it')
  .action((id: string, { name }: { name?: string }) => createTenant(config(), id, name ?? id))

const keys = program.command('keys').description('API keys, and the keys that seal secrets')
keys.command('create').description('make an API key; it is shown once')
  .requiredOption('--tenant <id>', 'whose key it is')
  .addOption(new Option('--scope <scope...>', 'what it may do').choices(apiKeyScopes).makeOptionMandatory())
  .option('--name <name>', 'to tell it apart', 'command line')
  .action((options: { tenant: string; scope: ApiKeyScope[]; name: string }) => createKey(config(), options))
keys.command('new-secret').description('make a key for LINEFINDER_KEYS').action(printNewSecret)

program.addCommand(phonesCommand())

/** What whoever typed the command did wrong is told in words; anything else with its stack. */
function tell(error: unknown): void {
  if (error instanceof ConfigError || error instanceof PhonesError) console.error(error.message)
  else if (error instanceof ApiError) console.error([error.message, ...(error.details.errors ?? []).map(({ pointer, message }) => `  ${pointer.slice(1)} ${message}`)].join('\n'))
  else console.error(error)
}

program.parseAsync().catch((error: unknown) => {
  tell(error)
  process.exit(1)
})
