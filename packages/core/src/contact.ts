import * as z from 'zod'
import { contactId } from './ids.js'

/** A number as the CRM stores it, in whatever spelling a person typed. */
export const contactPhone = z.object({
  number: z.string().min(1).max(200),
  /** The CRM's own word for it: `work`, `mobile`, `Zentrale`. */
  label: z.string().max(100).optional(),
})
export type ContactPhone = z.infer<typeof contactPhone>

/** A person or company in the CRM that a number can belong to. */
export const contact = z.object({
  id: contactId,
  name: z.string(),
  /** The CRM's own kind of record: `person`, `lead`, `account`. */
  type: z.string().max(100).optional(),
  title: z.string().optional(),
  companyName: z.string().optional(),
  /** The contact that is its company, for a CRM that gives no name with it: a directory that has that contact shows its name. */
  companyId: contactId.optional(),
  email: z.string().optional(),
  phones: z.array(contactPhone),
  /** RFC 3339. Ranks contacts that share a number, latest first. */
  lastActivityAt: z.iso.datetime({ offset: true }).optional(),
  /** RFC 3339. */
  createdAt: z.iso.datetime({ offset: true }).optional(),
})
export type Contact = z.infer<typeof contact>

/** What `listContacts` answers with. */
export const contactPage = z.object({
  contacts: z.array(contact),
  /** Contacts that are no longer in the CRM. */
  deleted: z.array(contactId).optional(),
  /** `null` at the end. A cursor that was given before stops the sync. */
  nextCursor: z.string().min(1).max(4000).nullable(),
})
export type ContactPage = z.infer<typeof contactPage>

export const contactInput = z.object({
  name: z.string().trim().min(1).max(255),
  /** E.164 when the server could read the number as one, else the text as given. */
  phone: z.string().trim().min(1).max(100),
  phoneLabel: z.string().max(100).optional(),
  type: z.string().max(100).optional(),
  companyName: z.string().max(255).optional(),
  email: z.email().optional(),
})
export type ContactInput = z.infer<typeof contactInput>

/** What an adapter gets to search with. */
export interface PhoneQuery {
  /** `+` and digits (ITU-T E.164), or `null` when the text could not be read as a full number. */
  readonly e164: string | null
  /** The text as the client sent it. */
  readonly raw: string
  readonly extension: string | null
  /**
   * Spellings under which the CRM may have stored the number, most likely first, made for the adapter's `phoneSearch`.
   * Never empty: a number that could not be read comes as its raw text.
   */
  readonly variants: readonly string[]
}
