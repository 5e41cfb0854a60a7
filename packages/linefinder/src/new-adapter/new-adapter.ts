import { relative } from 'node:path'
import type { Capability } from '@linefinder/core'
import { CommandError } from '../command-error.js'
import { adapterFiles } from './adapter-files.js'
import { checkedCapabilities, checkedId, identifierOf, nameOf, type AdapterPlan, type Proposal } from './adapter-plan.js'
import { usualShape } from './api-shape.js'
import { askChoices, type Choices } from './ask-choices.js'
import { completeShape } from './complete-shape.js'
import type { NewAdapterOptions } from './new-adapter-command.js'
import { placeFor } from './place.js'
import { proposeFrom, type Proposed } from './proposal/propose.js'
import { ownVersions } from './versions.js'
import { writeAdapter } from './write-adapter.js'

/** Writes the files and says what to do next. */
export async function newAdapter(name: string | undefined, options: NewAdapterOptions): Promise<void> {
  const proposed = options.openapi === undefined ? null : await proposeFrom(options.openapi, options.auth)
  const given: Choices = { name: name === undefined ? undefined : checkedId(name), auth: options.auth ?? proposed?.shape.auth.kind, capabilities: options.capabilities ?? (proposed ? [...proposed.capabilities].join(',') : undefined) }
  const choices = process.stdin.isTTY ? await askChoices(given, { input: process.stdin, output: process.stdout }) : given
  if (choices.name === undefined) throw new CommandError('Give the adapter a name: linefinder new-adapter card-file')

  const place = placeFor(choices.name, options.folder, process.cwd())
  const plan = planOf({ ...choices, name: choices.name }, place.repository !== null, proposed)
  const files = adapterFiles(plan)
  await writeAdapter(place, files)

  const folder = relative(process.cwd(), place.folder)
  const begin = place.repository === null ? 'npm install && npm test' : `npm install && npm test -- adapters/${plan.id}`
  console.log(`Wrote ${String(files.size)} files${folder === '' ? '' : ` to ${folder}`}. Prove that it works:

  ${place.repository === null && folder !== '' ? `cd ${folder} && ` : ''}${begin}

Then follow the README.${plan.proposal === null ? '' : ` It lists the ${String(plan.proposal.found.length)} things that were found in the document, and ${String(plan.proposal.notFound.length)} that were not.`}`)
}

function planOf({ name: id, auth, capabilities: typed }: Choices & { readonly name: string }, isInRepository: boolean, proposed: Proposed | null): AdapterPlan {
  const capabilities = checkedCapabilities(typed ?? '')
  return {
    id, name: nameOf(id), identifier: identifierOf(id), isInRepository, capabilities,
    packageName: isInRepository ? `@linefinder/adapter-${id}` : `linefinder-adapter-${id}`,
    shape: completeShape(proposed?.shape ?? usualShape(auth ?? 'apiKey'), capabilities),
    versions: ownVersions(),
    proposal: proposed && withAsked(proposed, capabilities),
  }
}

/** Members that the author asked for and the document does not show are written too, and said to be guesses. */
function withAsked({ proposal, capabilities: shown }: Proposed, asked: ReadonlySet<Capability>): Proposal {
  const guessed = [...asked].filter(member => !shown.has(member))
  if (guessed.length === 0) return proposal
  return { ...proposal, notFound: [...proposal.notFound, { what: guessed.map(member => `\`${member}\``).join(', '), where: 'an address as many CRMs have it' }] }
}
