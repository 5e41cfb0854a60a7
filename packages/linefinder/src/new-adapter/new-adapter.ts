import { relative } from 'node:path'
import { CommandError } from '../command-error.js'
import { adapterFiles } from './adapter-files.js'
import { checkedCapabilities, checkedId, identifierOf, nameOf, type AdapterPlan } from './adapter-plan.js'
import { usualShape } from './api-shape.js'
import { askChoices, type Choices } from './ask-choices.js'
import type { NewAdapterOptions } from './new-adapter-command.js'
import { placeFor } from './place.js'
import { ownVersions } from './versions.js'
import { writeAdapter } from './write-adapter.js'

/** Writes the files and says what to do next. */
export async function newAdapter(name: string | undefined, options: NewAdapterOptions): Promise<void> {
  const given: Choices = { name: name === undefined ? undefined : checkedId(name), auth: options.auth, capabilities: options.capabilities }
  const choices = process.stdin.isTTY ? await askChoices(given, { input: process.stdin, output: process.stdout }) : given
  if (choices.name === undefined) throw new CommandError('Give the adapter a name: linefinder new-adapter card-file')

  const place = placeFor(choices.name, options.folder, process.cwd())
  const plan = planOf({ ...choices, name: choices.name }, place.repository !== null)
  const files = adapterFiles(plan)
  await writeAdapter(place, files)

  const folder = relative(process.cwd(), place.folder)
  const begin = place.repository === null ? 'npm install && npm test' : `npm install && npm test -- adapters/${plan.id}`
  console.log(`Wrote ${String(files.size)} files${folder === '' ? '' : ` to ${folder}`}. Prove that it works:

  ${place.repository === null && folder !== '' ? `cd ${folder} && ` : ''}${begin}

Then follow the README.`)
}

export function planOf({ name: id, auth, capabilities }: Choices & { readonly name: string }, isInRepository: boolean): AdapterPlan {
  return {
    id, name: nameOf(id), identifier: identifierOf(id), isInRepository,
    packageName: isInRepository ? `@linefinder/adapter-${id}` : `linefinder-adapter-${id}`,
    shape: usualShape(auth ?? 'apiKey'),
    capabilities: checkedCapabilities(capabilities ?? ''),
    versions: ownVersions(),
    proposal: null,
  }
}
