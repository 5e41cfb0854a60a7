import type { CrmAdapter, Property } from '@linefinder/core'
import type { Expression } from './expression.js'

/*
 * A CRM as its document describes it, whatever the dialect: what the readers make and the engine runs. All names in it are known, all texts
 * are taken apart, and nothing in it is parsed again for a call.
 */

export const methodNames = [
  'Users', 'Contacts', 'Organizations', 'FindContact', 'SearchContacts', 'CreateContact', 'UpdateContact', 'DeleteContact',
  'CreateActivity', 'UpdateActivity', 'StopCallActivity', 'UploadFile',
  // Beyond Ringotel's format.
  'CurrentUser', 'GetActivity', 'FindActivity',
] as const
export type MethodName = (typeof methodNames)[number]

/** `ISO8601Date` is `YYYY-MM-DD HH:mm:ss.SSS` in UTC; `RFC3339` is an extension. */
export type ParameterType = 'string' | 'number' | 'boolean' | 'ISO8601Date' | 'RFC3339'

/** A text with placeholders. Values are never looked through for placeholders again. */
export type Template = readonly (string | { readonly name: string })[]

/** What is sent: as JSON, as form fields, as parts or in the query. */
export type ValueTemplate =
  /** A placeholder that is the whole text keeps its value's type. */
  | { readonly kind: 'value'; readonly name: string }
  | { readonly kind: 'text'; readonly template: Template }
  | { readonly kind: 'constant'; readonly value: string | number | boolean | null }
  | { readonly kind: 'object'; readonly members: readonly (readonly [key: string, value: ValueTemplate])[] }
  | { readonly kind: 'array'; readonly items: readonly ValueTemplate[] }

/** What an answer is held against. */
export type ResponseTemplate =
  /** Captures. One name that is the whole text takes the value as it is. */
  | { readonly kind: 'capture'; readonly template: Template }
  | { readonly kind: 'constant'; readonly value: string | number | boolean | null }
  | { readonly kind: 'object'; readonly members: readonly (readonly [key: string, value: ResponseTemplate])[] }
  | { readonly kind: 'array'; readonly items: readonly ResponseTemplate[] }

export interface Variable {
  readonly name: string
  /** A text that does not parse as an expression is a template. */
  readonly value: { readonly kind: 'expression'; readonly expression: Expression } | { readonly kind: 'template'; readonly template: Template }
}

/** An extension: more answers than one. Without it one request is all. */
export type Paging =
  | { readonly by: 'number'; readonly param: string; readonly start: number; readonly step: number; readonly stop: 'empty' | 'short' }
  /** The answer names the next page: the parameter that `name` captures. */
  | { readonly by: 'cursor'; readonly param: string; readonly name: string }

export interface Method {
  readonly name: MethodName
  readonly verb: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  /** Whole, with the prefix that it is under. Nothing in front of the first slash comes from a call's values. */
  readonly url: Template
  /** `file`: the recording itself is the body, an extension. */
  readonly contentType: 'json' | 'form' | 'multipart' | 'file'
  readonly headers: readonly (readonly [name: string, value: Template])[]
  readonly query: ValueTemplate | null
  readonly body: ValueTemplate | null
  readonly response: ResponseTemplate | null
  readonly paging: Paging | null
  /** An extension: a record counts only where this is true of what was captured. */
  readonly hit: Expression | null
  /** An extension: how many spellings of a number are searched for. Default 1. */
  readonly spellings: number
  /** The author says that values with quotes are safe here. */
  readonly allowsQuotes: boolean
  /** An extension: what was taken away goes as `null`, or as an empty text where it is one. Default: it is left out. */
  readonly clears?: boolean
}

export type AuthDescription =
  | {
      readonly type: 'oauth2'
      readonly authorizeUrl: Template
      readonly authorizeParams: Readonly<Record<string, string>>
      readonly tokenUrl: Template
      readonly revokeUrl: Template | null
      readonly scopes: readonly string[]
      /** `null`: the installation's own client. */
      readonly client: { readonly id: Template; readonly secret: Template | null } | null
      readonly clientAuthentication: 'client_secret_basic' | 'client_secret_post' | 'none'
      readonly pkce: boolean
    }
  | { readonly type: 'header'; readonly name: string; readonly value: Template }
  | { readonly type: 'query'; readonly name: string; readonly value: Template }
  | { readonly type: 'basic'; readonly username: Template; readonly password: Template }
  | { readonly type: 'none' }

export interface Description {
  readonly id: string
  readonly name: string
  /** Percent-encoded. */
  readonly logoUrl: string | null
  /** Those that an admin fills in. */
  readonly properties: readonly Property[]
  /** Those that each agent fills in; they occur in `auth` only. An extension. */
  readonly personal: readonly Property[]
  readonly types: Readonly<Record<string, ParameterType>>
  readonly variables: readonly Variable[]
  /** Where relative addresses begin; `null` where every method has an address of its own. */
  readonly resourceUrl: Template | null
  readonly contactUrl: Template | null
  readonly activityUrl: Template | null
  readonly auth: AuthDescription
  readonly methods: Partial<Readonly<Record<MethodName, Method>>>
  /** An extension: other hosts of the CRM that get the credentials too, such as `id.example.com`. Default none. */
  readonly credentialHosts?: readonly Template[]
  /** An extension: what an adapter declares of its CRM, by the same names. */
  readonly traits?: Traits
}

export type Traits = Pick<CrmAdapter, 'phoneSearch' | 'bodyDetails' | 'bodyMaxLength' | 'commitLagMs' | 'contactLagMs'>

/** Something that is wrong in a document, or could be. */
export interface Problem {
  readonly severity: 'error' | 'warning'
  /** Stable, such as `unknown_placeholder`. */
  readonly code: string
  /** Such as `['api', 'FindContact', 'request_method']`. */
  readonly path: readonly (string | number)[]
  /** It is the key of that place that is wrong, not the value. */
  readonly about?: 'key'
  /** Where in the text of that place, in UTF-16 units; without a path, where in the whole document. */
  readonly at?: { readonly offset: number; readonly length: number }
  /** One sentence: what is wrong, what was found, what is expected. */
  readonly message: string
  /** The nearest known name. */
  readonly suggestion?: string
}

export interface Reading {
  /** `null` when there are errors. */
  readonly description: Description | null
  /** In the order of the document. */
  readonly problems: readonly Problem[]
}
