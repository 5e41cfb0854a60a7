import type { CallLogInput, CallResult } from '@linefinder/core'

/** What a body can be composed from: a call log, and what only the server knows of the call. */
export type ComposableLog = Omit<CallLogInput, keyof MoreOfTheCall> & MoreOfTheCall

export interface CallAgent {
  readonly name?: string | undefined
  readonly extension?: string | undefined
  readonly number?: string | undefined
}

/** One step of the call's way. */
export interface CallLeg extends CallAgent {
  readonly kind: 'ring' | 'queue' | 'agent' | 'transfer' | 'voicemail'
  readonly startedAt: string
  readonly endedAt?: string | undefined
  /** Default: from `startedAt` to `endedAt`. */
  readonly durationSeconds?: number | undefined
  readonly result?: CallResult | undefined
}

export type FieldValue = string | number | boolean | readonly string[]

interface MoreOfTheCall {
  readonly agent?: CallAgent | undefined
  readonly legs?: readonly CallLeg[] | undefined
  readonly queue?: { readonly name?: string | undefined; readonly number?: string | undefined } | undefined
  readonly summary?: string | undefined
  readonly transcript?: string | undefined
  /** By the name of the field, in this order. */
  readonly fields?: Readonly<Record<string, FieldValue>> | undefined
  readonly callId?: string | undefined
  /** As the CRM writes it. Default: the name that the phone system showed. */
  readonly contactName?: string | undefined
}
