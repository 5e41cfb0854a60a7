import { createInterface } from 'node:readline/promises'
import { capabilityMembers } from '@linefinder/core'
import { CommandError } from '../command-error.js'
import { checkedCapabilities, checkedId } from './adapter-plan.js'
import { authKinds, type AuthKind } from './api-shape.js'

/** What the command line may say or leave out. */
export interface Choices {
  readonly name?: string | undefined
  readonly auth?: AuthKind | undefined
  readonly capabilities?: string | undefined
}

export interface Terminal {
  readonly input: NodeJS.ReadableStream
  readonly output: NodeJS.WritableStream
}

/** Asks for what is left out, and again when an answer will not do. An empty answer takes the default. */
export async function askChoices(choices: Choices, { input, output }: Terminal): Promise<Choices> {
  const lines = createInterface({ input, output })
  const ask = async <Answer>(question: string, read: (text: string) => Answer): Promise<Answer> => {
    for (;;) {
      try {
        return read((await lines.question(question)).trim())
      } catch (error) {
        if (!(error instanceof CommandError)) throw error
        output.write(`${error.message}\n`)
      }
    }
  }
  try {
    return {
      name: choices.name ?? await ask('Name of the adapter, such as card-file: ', checkedId),
      auth: choices.auth ?? await ask(`How do people connect? (${authKinds.join(', ')}; default apiKey) `, checkedAuth),
      capabilities: choices.capabilities ?? await ask(
        `What can the CRM do beyond finding contacts and logging calls?\n  ${capabilityMembers.join(', ')}\n  Some of them with commas, or all (default none): `,
        text => {
          checkedCapabilities(text)
          return text
        },
      ),
    }
  } finally {
    lines.close()
  }
}

function checkedAuth(text: string): AuthKind {
  const kind = text === '' ? 'apiKey' : authKinds.find(each => each.toLowerCase() === text.toLowerCase())
  if (kind === undefined) throw new CommandError(`It is one of ${authKinds.join(', ')}.`)
  return kind
}
