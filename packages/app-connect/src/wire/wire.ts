import type { Request, Response } from 'express'
import type { CrmAdapter } from '@linefinder/core'
import type { CallOptions, SessionCaller, SurfaceServices } from '@linefinder/server'
import type { AdminAccess } from './admin-access.js'
import type { ActivityForms } from './activity-forms.js'
import type { RefuseWith } from './failures.js'
import type { Hashes } from './hashes.js'
import type { WireSettings } from './options.js'
import type { Platforms } from './platforms.js'
import type { WireTokens } from './tokens.js'

/** What the calls of the wire work with. */
export interface Wire {
  readonly services: SurfaceServices
  readonly settings: WireSettings
  readonly tokens: WireTokens
  readonly platforms: Platforms
  readonly admins: AdminAccess
  readonly forms: ActivityForms
  readonly hashes: Hashes
}

/** `session`: a client's token. `admin`: that, and the proof of an administrator. */
export type WireAccess = 'public' | 'session' | 'admin'

export interface WireRequest<Access extends WireAccess = WireAccess> {
  readonly query: URLSearchParams
  /** As it was sent; nothing of it is checked yet. */
  readonly body: unknown
  readonly params: Readonly<Record<string, string>>
  readonly caller: Access extends 'public' ? undefined : SessionCaller
  readonly admin: Access extends 'admin' ? Admin : undefined
  readonly request: Request
  readonly response: Response
  /** For calls to the CRM. */
  readonly options: Required<Pick<CallOptions, 'requestId' | 'log' | 'signal'>>
}

/** Who administers, as RingCentral or we know them. */
export interface Admin {
  /** The hash of the RingCentral account's id; `null` for an admin who has proven themselves by an API key. */
  readonly rcAccountHash: string | null
  readonly actor: string
}

export interface WireRoute {
  readonly method: 'get' | 'post' | 'put' | 'patch' | 'delete'
  readonly path: string
  readonly access: WireAccess
  readonly refuse: RefuseWith
  /** Ending a session is possible also where the installation is switched off. */
  readonly isEnding: boolean
  readonly limits: readonly Parameters<SurfaceServices['limited']>[0][]
  /** A text is answered as text, anything else as JSON; `undefined`: it has been answered. */
  handle(wire: Wire, asked: WireRequest): Promise<unknown>
}

export interface RouteExtras {
  readonly refuse?: RefuseWith
  readonly isEnding?: boolean
  readonly limits?: WireRoute['limits']
}

/** The adapter behind a caller. */
export const adapterOf = ({ services }: Wire, { tenantId, connection }: SessionCaller): CrmAdapter => services.adapters.get(tenantId, connection.adapter)
