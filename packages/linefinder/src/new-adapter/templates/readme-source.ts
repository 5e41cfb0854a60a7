import type { AdapterPlan, Finding } from '../adapter-plan.js'
import { limitsOf } from '../api-facts.js'
import type { AuthKind } from '../api-shape.js'

const connecting: { readonly [Kind in AuthKind]: string } = {
  oauth2: 'OAuth 2.0, authorisation code with PKCE',
  apiKey: 'an API key',
  basic: 'user name and password on every request',
  custom: 'the CRM’s own login with user name and password',
}

/** `README.md`, with the markers between which the conformance kit writes. */
export function readmeSource(plan: AdapterPlan): string {
  const { name, shape, capabilities, isInRepository, id } = plan
  const members = capabilities.size === 0 ? 'nothing' : [...capabilities].map(each => `\`${each}\``).join(', ')
  const limits = limitsOf(shape, capabilities)
  const test = isInRepository ? `npm install && npm test -- adapters/${id}` : 'npm install && npm test'
  return `# ${name}

Linefinder’s adapter for ${name}.

| | |
| --- | --- |
| Connects by | ${connecting[shape.auth.kind]} |
| Host | ${shape.host === null ? 'one per installation' : `\`${shape.host}\``} |
| Finds contacts | ${shape.contacts.isTextSearch ? 'by a part of what was typed' : 'by digits'} |
| Beyond the required members | ${members} |
| Limits | ${limits.length === 0 ? 'none' : limits.map(limit => `\`${limit}\``).join(', ')} |

## From here to the real CRM

It works already, with the fake CRM in \`src/testing/fake-crm.ts\`. Prove it:

\`\`\`
${test}
\`\`\`

1. Put the CRM’s real addresses into \`src/index.ts\`, and the form of its answers into \`src/answers.ts\`.
2. \`src/mapping.ts\` says which field of the CRM is which of ours. Nothing there asks anybody.
3. Change the fake where the CRM is different, or let \`src/testing/under-test.ts\` lead to a sandbox of the real one.
4. Run the proof again. What it says is what to do next. A limit that the CRM has goes into \`limits\` in \`src/testing/under-test.ts\`.

\`npx linefinder dev ${isInRepository ? `adapters/${id}` : '.'}\` serves the adapter and starts again at each change; \`npx linefinder check ${isInRepository ? `adapters/${id}` : '.'}\` proves it without a test runner.
${proposalSource(plan)}
## Conformance

<!-- conformance: made by writeMatrix, do not edit -->

Not proved yet.

<!-- conformance: end -->
`
}

function proposalSource({ proposal }: AdapterPlan): string {
  if (proposal === null) return ''
  const rows = (findings: readonly Finding[]) => findings.map(({ what, where }) => `| ${cell(what)} | ${cell(where)} |`).join('\n')
  return `
## Proposed from your OpenAPI document

${cell(proposal.document)}. Read it as a proposal: names were compared, nothing was asked.

| found | where |
| --- | --- |
${rows(proposal.found)}

| not found | taken instead |
| --- | --- |
${rows(proposal.notFound)}
`
}

const cell = (text: string): string => text.replaceAll('|', '\\|').replaceAll('\n', ' ')
