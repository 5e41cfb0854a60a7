import type { AdapterPlan } from './adapter-plan.js'
import { answersSource } from './templates/answers-source.js'
import { conformanceTestSource } from './templates/conformance-test-source.js'
import { findActivitySource, messagesSource, tasksSource } from './templates/entries-source.js'
import { fakeContactsSource } from './templates/fake-contacts-source.js'
import { fakeCrmSource } from './templates/fake-crm-source.js'
import { fakeLoginSource } from './templates/fake-login-source.js'
import { fakeServerSource } from './templates/fake-server-source.js'
import { indexSource } from './templates/index-source.js'
import { mappingSource } from './templates/mapping-source.js'
import { packageSource, tsconfigSource } from './templates/package-source.js'
import { readmeSource } from './templates/readme-source.js'
import { underTestSource } from './templates/under-test-source.js'

/** Every file of a new adapter: its path below the folder, and its text. */
export function adapterFiles(plan: AdapterPlan): ReadonlyMap<string, string> {
  const { capabilities } = plan
  const finds = (['findCallLog', 'findMessageLog', 'findTask'] as const).some(member => capabilities.has(member))
  return new Map([
    ['package.json', packageSource(plan)],
    ['tsconfig.json', tsconfigSource(plan)],
    ...(plan.isInRepository ? [] : [['.gitignore', 'node_modules/\ndist/\n']] as const),
    ['README.md', readmeSource(plan)],
    ['src/index.ts', indexSource(plan)],
    ['src/mapping.ts', mappingSource(plan)],
    ['src/answers.ts', answersSource(plan)],
    ...(finds ? [['src/find-activity.ts', findActivitySource(plan)]] as const : []),
    ...(capabilities.has('createMessageLog') ? [['src/messages.ts', messagesSource(plan)]] as const : []),
    ...(capabilities.has('createTask') ? [['src/tasks.ts', tasksSource(plan)]] as const : []),
    ['src/conformance.test.ts', conformanceTestSource(plan)],
    ['src/testing/under-test.ts', underTestSource(plan)],
    ['src/testing/fake-crm.ts', fakeCrmSource(plan)],
    ['src/testing/fake-contacts.ts', fakeContactsSource(plan)],
    ['src/testing/fake-login.ts', fakeLoginSource(plan)],
    ['src/testing/fake-server.ts', fakeServerSource()],
  ])
}
