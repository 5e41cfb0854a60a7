import { Command } from 'commander'
import type { Config } from '../config.js'
import type { ImportOptions } from './run-import.js'

export function importAppConnectCommand(config: () => Config): Command {
  return new Command('import-app-connect').description('take over users, and what is logged already, from an App Connect database; it is only read')
    .requiredOption('--from <address>', 'App Connect’s database: postgres://user@host/database; a password also from PGPASSWORD or ~/.pgpass')
    .requiredOption('--installation <id>', 'of the CRM here')
    .option('--tenant <id>', 'whose installation it is', 'default')
    .option('--platform <name>', 'App Connect’s name of that CRM; needed where its database has several')
    .option('--client-app <id>', 'which App Connect’s clients use from now on', 'default')
    .option('--phone-system <name>', 'under which the same calls are logged from now on; default: the client app’s')
    .option('--host <host>', 'of the CRM, for everyone; default: as App Connect has it')
    .option('--key-field <name>', 'of the CRM’s form: takes what App Connect has as API key; needed where the form has several fields')
    .option('--no-credentials', 'leave API keys and tokens there: everyone signs in again')
    .option('--replace-credentials', 'also of those who are connected here already', false)
    .option('--dry-run', 'only look, and tell what would be done', false)
    .action(async (options: ImportOptions) => (await import('./run-import.js')).importAppConnect(config(), options))
}
