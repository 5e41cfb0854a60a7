/** As it is kept and as it is searched: the area code, a slash, the rest, and `0044/…` for abroad. Nothing else is taken. */
export const phonePattern = /^0\d{1,5}\/\d{4,12}$/

export interface Customer {
  readonly id: number
  readonly name: string
  readonly company: string
  readonly email: string
  /** At most two. */
  readonly phones: readonly string[]
  readonly isActive: boolean
  /** Milliseconds since the epoch, as every time in here. */
  readonly createdAt: number
  readonly changedAt: number
}

export interface Activity {
  readonly no: number
  readonly customerId: number
  readonly userId: number
  readonly kind: 'CALL' | 'NOTE'
  /** When it happened, as whoever wrote it says: local time without a zone, such as `24.11.2026 15:04`. */
  readonly date: string
  readonly text: string
  readonly createdAt: number
}

export interface User {
  readonly id: number
  readonly name: string
  readonly email: string
  readonly key: string
  readonly mayWrite: boolean
}

export const users: readonly User[] = [
  { id: 1, name: 'Ann de Wit', email: 'ann@legacy.test', key: 'legacy-key-ann', mayWrite: true },
  { id: 2, name: 'Ben Okafor', email: 'ben@legacy.test', key: 'legacy-key-ben', mayWrite: true },
  { id: 3, name: 'Reception', email: 'reception@legacy.test', key: 'legacy-key-reception', mayWrite: false },
]

export const mandant = { id: 17, name: 'Acme Nederland' }
