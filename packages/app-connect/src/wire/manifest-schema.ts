import { z } from 'zod'

const text = z.string().min(1)
const choice = z.looseObject({ const: text, title: text, type: z.enum(['selection', 'checkbox', 'inputField', 'warning']), required: z.boolean().optional(), contactDependent: z.boolean().optional() })
const form = z.looseObject({ additionalFields: z.array(choice) })

const oauth = z.looseObject({
  authUrl: z.url(), clientId: text,
  /** Put into the address as it is. */
  scope: z.string().regex(/^(scope=[^ ]*)?$/, 'must be "scope=" with the scopes encoded'),
  customState: text.optional(), redirectUri: z.url().optional(),
})

const apiKeyPage = z.looseObject({
  title: text.optional(), warning: z.string().optional(),
  // A line that only says something has no title.
  content: z.array(z.looseObject({ const: text, title: text.optional(), type: z.string(), required: z.boolean().optional(), description: z.string().optional(), defaultValue: z.unknown().optional(), uiSchema: z.looseObject({}).optional() })),
})

const settingItem = z.looseObject({ id: text, type: z.enum(['inputField', 'boolean', 'warning', 'option']), name: text.optional() })

export const manifestPlatform = z.looseObject({
  name: text, displayName: text.optional(), logoUrl: z.string().optional(),
  /** The client makes a pattern of each platform's, and fails as a whole where one has none. */
  urlIdentifier: text.refine(pattern => isPattern(pattern.replace('*', '.*')), 'must make a regular expression'),
  embedUrls: z.array(text.refine(pattern => isPattern(pattern.replaceAll('*', '.*')), 'must make a regular expression')).min(1),
  auth: z.union([
    z.looseObject({ type: z.literal('oauth'), oauth }),
    z.looseObject({ type: z.literal('apiKey'), apiKey: z.looseObject({ page: apiKeyPage }) }),
  ]),
  contactTypes: z.array(z.looseObject({ value: text, display: text })).min(1),
  contactPageUrl: z.string().optional(), callPopUrl: z.string().optional(), logPageUrl: z.string().optional(), canOpenLogPage: z.boolean().optional(),
  /** Read without a look whether they are there. */
  page: z.looseObject({ callLog: form, messageLog: form, newContact: form.optional(), useContactSearch: z.boolean().optional(), feedback: z.looseObject({ url: z.string(), elements: z.array(z.unknown()) }).optional() }),
  settings: z.array(z.looseObject({ id: text, type: text.optional(), items: z.array(settingItem).optional() })).optional(),
  requestConfig: z.looseObject({ timeout: z.number().positive() }).optional(),
  embeddedOnCrmPage: z.looseObject({ welcomePage: z.looseObject({ docLink: z.string(), videoLink: z.string() }) }),
  rcAdditionalSubmission: z.array(z.looseObject({ id: text, path: text })).optional(),
  serverSideLogging: z.looseObject({ url: z.string(), useAdminAssignedUserToken: z.boolean().optional(), additionalFields: z.array(z.unknown()).optional() }).optional(),
  override: z.array(z.looseObject({ triggerType: z.enum(['meta', 'hostname']), triggerValue: z.unknown(), overrideObjects: z.array(z.looseObject({ path: text, value: z.unknown() })) })).optional(),
  useLicense: z.boolean().optional(), disableDisposition: z.boolean().optional(), hideEditLogButton: z.boolean().optional(),
  enableExtensionNumberLoggingSetting: z.boolean().optional(), clickToDialMatchAllNumbers: z.boolean().optional(), autoLoginCRMWithRingCentralLogin: z.boolean().optional(),
})

/** What RingCentral's client reads of a manifest. It checks nothing itself: what is wrong in here makes it fail somewhere else. */
export const manifestSchema = z.looseObject({
  serverUrl: z.url().refine(url => !url.endsWith('/'), 'must not end with a slash'),
  redirectUri: z.url(),
  version: text,
  author: z.looseObject({ name: text, websiteUrl: z.string().optional(), supportUrl: z.string().optional() }),
  platforms: z.record(z.string(), manifestPlatform),
})
export type Manifest = z.infer<typeof manifestSchema>

function isPattern(text: string): boolean {
  try {
    return new RegExp(text) instanceof RegExp
  } catch {
    return false
  }
}
