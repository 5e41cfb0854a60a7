import * as z from 'zod'
import { field, type Field, type JsonValue, type LogField } from '@linefinder/core'
import type { JsonObject } from '../extras.js'

const additionalField = z.looseObject({
  const: z.string(),
  title: z.string().catch(''),
  type: z.string().catch('inputField'),
  required: z.boolean().optional().catch(undefined),
  contactDependent: z.boolean().optional().catch(undefined),
  options: z.array(z.looseObject({ const: z.union([z.string(), z.number()]), title: z.string().catch('') })).optional().catch(undefined),
})
type AdditionalField = z.infer<typeof additionalField>

const page = z.looseObject({ additionalFields: z.array(additionalField).catch([]).default([]) }).catch({ additionalFields: [] }).default({ additionalFields: [] })

const formField = z.looseObject({
  const: z.string(), title: z.string().optional(), required: z.boolean().optional(), description: z.string().optional(), type: z.string().optional(),
  uiSchema: z.looseObject({ 'ui:widget': z.string().optional() }).optional().catch(undefined),
  managed: z.boolean().optional(),
})

/** What is read of a manifest; the client reads more, and gets the whole. */
const platformManifest = z.looseObject({
  name: z.string().optional(),
  displayName: z.string().optional(),
  auth: z.looseObject({
    type: z.string().optional(),
    oauth: z.looseObject({ authUrl: z.string().optional(), clientId: z.string().optional(), scope: z.string().optional() }).optional().catch(undefined),
    apiKey: z.looseObject({ page: z.looseObject({ content: z.array(formField).catch([]).default([]) }).catch({ content: [] }).default({ content: [] }) }).optional().catch(undefined),
  }).catch({}).default({}),
  contactTypes: z.array(z.looseObject({ value: z.string() })).catch([]).default([]),
  contactPageUrl: z.string().optional(),
  logPageUrl: z.string().optional(),
  page: z.looseObject({ callLog: page, messageLog: page, newContact: page }).catch({ callLog: { additionalFields: [] }, messageLog: { additionalFields: [] }, newContact: { additionalFields: [] } })
    .default({ callLog: { additionalFields: [] }, messageLog: { additionalFields: [] }, newContact: { additionalFields: [] } }),
})
export type PlatformManifest = z.infer<typeof platformManifest>

/**
 * With the platforms by their names, also where they stand in a list, and with kinds of contacts as objects, also where they are texts: App Connect's
 * developer portal writes manifests so.
 */
export function keyedManifest(manifest: JsonObject): JsonObject {
  const { platforms } = manifest
  const parts = Array.isArray(platforms) ? platforms.filter(isObject).map(part => [String(part['name'] ?? ''), part] as const) : Object.entries(isObject(platforms) ? platforms : {})
  return { ...manifest, platforms: Object.fromEntries(parts.map(([name, part]) => [name, isObject(part) ? withContactTypes(part) : part])) }
}

const withContactTypes = ({ contactTypes, ...part }: JsonObject): JsonObject => contactTypes === undefined ? part
  : { ...part, contactTypes: Array.isArray(contactTypes) ? contactTypes.map(each => typeof each === 'string' ? { value: each, display: each } : each) : contactTypes }

const isObject = (value: JsonValue | undefined): value is JsonObject => typeof value === 'object' && value !== null && !Array.isArray(value)

/** The part of a manifest that is about one platform. Throws when there is none. */
export function platformOf(manifest: JsonObject, platform: string): PlatformManifest {
  const platforms = manifest['platforms'] as JsonObject | undefined
  const found = platforms?.[platform]
  if (found === undefined) throw new Error(`the manifest has no platform "${platform}"`)
  return platformManifest.parse(found)
}

/** `scope=a b` as the client inserts it, percent-encoded or not. */
export function scopesOf({ auth }: PlatformManifest): string[] {
  const text = auth.oauth?.scope ?? ''
  const scope = new URLSearchParams(text.includes('=') ? text : `scope=${text}`).get('scope') ?? ''
  return scope.split(/[\s]+/).filter(each => each !== '')
}

/** The form that asks for an API key. A manifest does not say which of its fields are secret: the key is, and what looks like a password. */
export function formOf({ auth }: PlatformManifest): Field[] {
  const content = auth.apiKey?.page.content.filter(each => /^[A-Za-z][A-Za-z0-9_]*$/.test(each.const) && each.type !== 'warning') ?? []
  const fields = content.map(each => field.parse({
    name: each.const, label: each.title ?? each.const, required: each.required ?? false,
    secret: each.const === 'apiKey' || each.uiSchema?.['ui:widget'] === 'password' || /password|secret|token/i.test(each.const),
    ...(each.description !== undefined && { help: each.description }),
  }))
  return fields.some(({ secret }) => secret) ? fields : [...fields, field.parse({ name: 'apiKey', label: 'API key', secret: true, required: fields.length === 0 })]
}

/** The form's fields of a call as fields of ours. Their options depend on the contact where the connector gives them with it. */
export const logFieldsOf = ({ page: { callLog } }: PlatformManifest): LogField[] => callLog.additionalFields.flatMap(toLogField)

function toLogField({ const: name, title, type, required, options }: AdditionalField): LogField[] {
  if (type === 'warning' || !/^[A-Za-z][\w.-]{0,99}$/.test(name)) return []
  const choices = type === 'selection' ? options?.map(each => ({ value: String(each.const), label: each.title === '' ? String(each.const) : each.title })) : undefined
  return [{
    name, label: title === '' ? name : title,
    type: type === 'checkbox' ? 'checkbox' : choices ? 'select' : 'text',
    ...(required === true && { isRequired: true }),
    ...(choices && { options: choices }),
  }]
}

/** The field that says how a call has ended: the first with options whose name says so. */
export function dispositionFieldOf(manifest: PlatformManifest): LogField | undefined {
  return logFieldsOf(manifest).find(({ name, type }) => type === 'select' && /disposition|outcome/i.test(name))
}

const tokens = /\{(hostname|contactId|contactType|logId)\}/g

/** A page's address for the tokens of the manifest. `null` where the template is none, or wants what is not known. */
export function pageUrl(template: string | undefined, values: Readonly<Record<string, string | undefined>>): string | null {
  if (template === undefined || !/^[a-z][a-z0-9+.-]*:\/\//.test(template)) return null
  const wanted = [...template.matchAll(tokens)].map(([, name = '']) => name)
  if (wanted.some(name => values[name] === undefined)) return null
  return template.replace(tokens, (_token, name: string) => name === 'hostname' ? values[name] ?? '' : encodeURIComponent(values[name] ?? ''))
}
