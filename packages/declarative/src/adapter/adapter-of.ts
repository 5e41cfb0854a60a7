import { CrmError, type CrmAdapter, type InstallationFacts } from '@linefinder/core'
import { Address } from '../address.js'
import type { Description, Template } from '../description.js'
import { DocumentMethods } from '../methods.js'
import { namesInTemplate } from '../template.js'
import type { Parameters } from '../values.js'
import { schemeOf } from './auth.js'
import { CallLogs } from './call-logs.js'
import { createContact, findContacts, listContacts, searchContacts } from './contacts.js'
import { parametersFor } from './records.js'
import { uploadRecording } from './recordings.js'
import { getUser, listUsers } from './users.js'

/** The adapter for the CRM that a document describes. What the document has no method for, the adapter cannot do. */
export function adapterOf(description: Description): CrmAdapter {
  const methods = new DocumentMethods(description)
  const logs = new CallLogs(methods)
  const { traits = {}, properties, credentialHosts = [] } = description
  const host = fixedHostOf(description.resourceUrl)
  return {
    id: description.id.toLowerCase().replace(/[^a-z0-9]+/g, '-').replace(/^[^a-z]+|-+$/g, ''),
    name: description.name,
    contractVersion: 1,
    ...traits,
    ...(properties.length === 0 ? {} : { properties }),
    ...(host === null ? {} : { defaultHostname: host }),
    ...(credentialHosts.length === 0 ? {} : { credentialHosts: installation => methods.credentialHosts(installation) }),
    ...(logs.hasBody ? { bodyFormat: 'plain' as const } : {}),
    ...(logs.createsInSteps ? { createsInSteps: true } : {}),
    auth: async installation => schemeOf(methods, installation),

    getUserInfo: ctx => getUser(methods, ctx),
    findContact: async (ctx, query) => methods.has('FindContact') ? findContacts(methods, ctx, query) : [],
    createContact: (ctx, input) => createContact(methods, ctx, input),
    createCallLog: (ctx, log) => logs.create(ctx, log),
    updateCallLog: (ctx, ref, log, changed) => logs.update(ctx, ref, log, changed),
    async logout() { /* OAuth revocation is the server's work, and a document describes nothing else that ends. */ },

    ...(methods.has('SearchContacts') ? { searchContacts: (ctx, text, limit) => searchContacts(methods, ctx, text, limit) } satisfies Partial<CrmAdapter> : {}),
    ...(methods.has('Contacts') || methods.has('Organizations') ? { listContacts: (ctx, since, cursor) => listContacts(methods, ctx, since, cursor) } satisfies Partial<CrmAdapter> : {}),
    ...(methods.has('Users') ? { listUsers: ctx => listUsers(methods, ctx) } satisfies Partial<CrmAdapter> : {}),
    ...(methods.has('GetActivity') ? { getCallLog: (ctx, ref) => logs.get(ctx, ref) } satisfies Partial<CrmAdapter> : {}),
    ...(methods.has('FindActivity') && methods.sentBy('CreateActivity').has('external_id') ? { findCallLog: (ctx, id) => logs.find(ctx, id) } satisfies Partial<CrmAdapter> : {}),
    ...(methods.has('UploadFile') ? { uploadRecording: (ctx, ref, recording, log) => uploadRecording(methods, ctx, ref, recording, log) } satisfies Partial<CrmAdapter> : {}),
    ...pages(methods, description),
  }
}

function pages(methods: DocumentMethods, { contactUrl, activityUrl }: Description): Pick<CrmAdapter, 'contactUrl' | 'activityUrl'> {
  const page = (template: Template) => {
    const address = new Address(template)
    return (installation: InstallationFacts, parameters: Parameters): string => {
      const { origin, path } = address.fill(methods.valuesFor(installation, parameters))
      return `${origin}${path}`
    }
  }
  const [ofContact, ofActivity] = [contactUrl && page(contactUrl), activityUrl && page(activityUrl)]
  const isOfContacts = contactUrl !== null && namesInTemplate(contactUrl).some(name => methods.names.parametersIn(name).includes('contact_id'))
  return {
    ...(ofContact ? {
      contactUrl: (installation, id) => {
        const parameters = parametersFor(id)
        return isOfContacts && parameters.contact_id === undefined ? null : ofContact(installation, parameters)
      },
    } satisfies Partial<CrmAdapter> : {}),
    ...(ofActivity ? { activityUrl: (installation, ref) => ofActivity(installation, { activity_id: ref.id }) } satisfies Partial<CrmAdapter> : {}),
  }
}

/** Where every customer has the same host, the document says so. */
function fixedHostOf(resourceUrl: Template | null): string | null {
  const [first] = resourceUrl ?? []
  if (typeof first !== 'string' || !/^https?:\/\/[^/?#]+[/?#]/i.test(`${first}${resourceUrl?.length === 1 ? '/' : ''}`)) return null
  const url = `${first}${resourceUrl?.length === 1 ? '/' : ''}`
  if (!URL.canParse(url)) throw new CrmError('address_refused', { detail: 'The resource_url is no address.' })
  return new URL(url).host
}
