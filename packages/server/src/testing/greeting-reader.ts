import { z } from 'zod'
import { CrmError, custom, oauth2, apiKey, type AuthScheme, type CrmAdapter } from '@linefinder/core'
import type { DocumentProblem, DocumentReader } from '../documents/document-reader.js'
import { fakeAdapter } from './fake-crm.js'

/**
 * A little format for the tests of hosting. Its adapter speaks with `FakeCrm`, and whoever searches for a name finds a contact that the
 * greeting makes of it.
 */
const greetingDocument = z.strictObject({
  id: z.string(),
  name: z.string(),
  /** `{name}` stands for what was searched for, and `{X}` for the property X. */
  greeting: z.string(),
  auth: z.enum(['apiKey', 'oauth2', 'custom']).default('apiKey'),
  properties: z.array(z.object({ name: z.string(), isSecret: z.boolean().default(false), isRequired: z.boolean().default(true) })).default([]),
})
type GreetingDocument = z.infer<typeof greetingDocument>

const schemes: Readonly<Record<GreetingDocument['auth'], AuthScheme>> = {
  apiKey: apiKey({ fields: [{ name: 'key', label: 'API key', secret: true }], placements: [{ in: 'header', field: 'key', name: 'X-Api-Key' }] }),
  oauth2: oauth2({ authorizeUrl: 'https://{hostname}/oauth/authorize', tokenUrl: 'https://{hostname}/oauth/token', scopes: ['read'] }),
  custom: custom({
    fields: [{ name: 'username', label: 'User' }],
    login: async () => { throw new CrmError('unauthorized') },
    authorize: () => ({}),
  }),
}

export const greetingReader: DocumentReader = {
  read(text) {
    const result = greetingDocument.safeParse(parse(text))
    if (!result.success) return { adapter: null, problems: result.error.issues.flatMap(issue => problemsOf(issue, text)) }
    const { data } = result
    const isGreeting = data.greeting.includes('{name}')
    return { adapter: adapterOf(data), problems: isGreeting ? [] : [{ severity: 'warning', code: 'greets_nobody', ...placeOf(['greeting'], text), message: 'The greeting names nobody.' }] }
  },
}

/** For a server that has never heard of the word: what the other reader takes may be refused by it. */
export const readerWithout = (word: string): DocumentReader => ({
  read: text => text.includes(word)
    ? { adapter: null, problems: [{ severity: 'error', code: 'unknown_word', path: [], line: 1, column: 1, message: 'holds a word that is not known' }] }
    : greetingReader.read(text),
})

export const greeting = (changes: z.input<typeof greetingDocument> | Partial<z.input<typeof greetingDocument>> = {}): string =>
  JSON.stringify({ id: 'greeter', name: 'Greeter', greeting: 'Hello {name}', ...changes }, null, 2)

const adapterOf = ({ id, name, greeting: template, auth, properties }: GreetingDocument): CrmAdapter => fakeAdapter('apiKey', {
  id, name, auth: schemes[auth], properties,
  async searchContacts({ http, connection }, text) {
    await http.get('/me')
    const plain = (connection.settings['properties'] ?? {}) as Readonly<Record<string, string>>
    const values = { ...plain, ...connection.secrets, name: text }
    const said = template.replace(/\{([^}]+)\}/g, (_, each: string) => values[each as keyof typeof values] ?? '?')
    return [{ id: 'c1', name: said, kind: 'person', phones: [] }] as never
  },
})

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function problemsOf(issue: z.core.$ZodIssue, text: string): DocumentProblem[] {
  const paths = issue.code === 'unrecognized_keys' ? issue.keys.map(key => [...issue.path, key]) : [issue.path]
  return paths.map(path => ({
    severity: 'error', code: issue.code, ...placeOf(path.map(step => typeof step === 'number' ? step : String(step)), text), message: issue.message,
    ...(path[0] === 'gretting' ? { suggestion: 'greeting' } : {}),
  }))
}

/** Where the last member of the path is first named. */
function placeOf(path: (string | number)[], text: string): Pick<DocumentProblem, 'path' | 'line' | 'column'> {
  const lines = text.slice(0, Math.max(0, text.indexOf(`"${String(path.at(-1))}"`))).split('\n')
  return { path, line: lines.length, column: (lines.at(-1)?.length ?? 0) + 1 }
}
