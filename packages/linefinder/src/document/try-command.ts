import { Command } from 'commander'
import { readConfig } from '../config.js'
import type { TryOptions } from './try-document.js'

const collect = (value: string, before: readonly string[]): readonly string[] => [...before, value]

function withOptions(command: Command): Command {
  return command
    .argument('<document>', 'a document that describes a CRM')
    .argument('<method>', 'one of its methods, such as FindContact')
    .option('--phone <number>', 'the parameter phone')
    .option('--param <name=value>', 'another parameter; may be repeated', collect, [])
    .option('--properties <file>', 'a JSON file with the document’s properties by name, secrets too')
    .option('--property <name=value>', 'one property; not for secrets, which everyone on the machine would see', collect, [])
    .option('--token-file <file>', 'a file with an access token, for a document that connects by OAuth')
    .option('--host <host>', 'the CRM’s host, where the document does not say it')
    .option('--strict', 'refuse what is beyond the document’s format', false)
    .addHelpText('after', `
Properties are also taken from the environment: LINEFINDER_PROPERTY_API_KEY for "API key"; a token from LINEFINDER_TOKEN.
What is missing is asked for at a terminal. Secrets are shown as [redacted].`)
}

const run = async (document: string, method: string, options: TryOptions): Promise<void> => {
  const { tryDocument } = await import('./try-document.js')
  process.exitCode = await tryDocument(document, method, options, {
    environment: process.env, input: process.stdin, privateOrigins: readConfig(process.env).LINEFINDER_PRIVATE_ORIGINS,
    print: line => { console.log(line) }, warn: line => { console.error(line) },
  })
}

export const tryCommand = (): Command =>
  withOptions(new Command('try').description('send one method of a document to the CRM, and show the request, the answer and what is mapped'))
    .option('--dry-run', 'only show the request', false)
    .option('--recording <file>', 'take the answers from a recording instead of the CRM')
    .action(run)

export const recordCommand = (): Command =>
  withOptions(new Command('record').description('the same, and keep what was exchanged for tests, without secrets'))
    .requiredOption('--out <file>', 'where it is kept, beside what is there')
    .option('--keep-numbers', 'keep telephone numbers too; otherwise their digits become 0', false)
    .action((document: string, method: string, options: TryOptions) => run(document, method, { ...options, dryRun: false }))
