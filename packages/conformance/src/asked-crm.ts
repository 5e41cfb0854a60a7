import {
  activity, activityRef, contact, contactPage, crmUser, logField,
  type ActivityRef, type Callback, type CallLog, type ContactId, type ContactInput, type ContactPhone, type CrmAdapter, type ExternalId, type FieldsAbout,
  type MessageLog, type Recording,
} from '@linefinder/core'
import { z } from 'zod'
import { Absent } from './check.js'
import { frozen } from './freeze.js'
import { queryOf } from './query.js'
import { changesBody } from './sample-body.js'
import type { AskOptions, Bench } from './bench.js'

const contacts = z.array(contact)
const refOrNone = activityRef.nullable()
const activityOrNone = activity.nullable()
const dispositions = z.array(z.object({ value: z.string().min(1).max(255), label: z.string().max(255) }))

/**
 * An adapter asked as a server asks it: each time with a context of its own, with inputs that cannot be changed, and its answer
 * checked by the contract's schema. Every failure is a `CrmError`. Asking for a member that is not there throws `Absent`.
 */
export function askedCrm(bench: Bench, options: AskOptions = {}) {
  const { adapter } = bench
  const needed = <Name extends keyof CrmAdapter>(name: Name): NonNullable<CrmAdapter[Name]> => {
    const member = adapter[name]
    if (member === undefined || member === null) throw new Absent(`no ${name}`)
    return member
  }
  const once = (key: string): AskOptions => ({ ...options, idempotencyKey: options.idempotencyKey ?? key })
  let updates = 0

  return {
    getUserInfo: () => bench.ask(crmUser, 'getUserInfo', (crm, ctx) => crm.getUserInfo(ctx), options),
    findContact: (text: string) =>
      bench.ask(contacts, 'findContact', (crm, ctx) => crm.findContact(ctx, frozen(queryOf(text, crm, ctx.phone.options))), options),
    createContact: (input: ContactInput) => bench.ask(contact, 'createContact', (crm, ctx) => crm.createContact(ctx, frozen(input)), options),
    createCallLog: (log: CallLog) =>
      bench.ask(activityRef, 'createCallLog', (crm, ctx) => crm.createCallLog(ctx, frozen(log)), once(log.externalId)),
    /** What changed of the outcome is told apart where the adapter wants it so, and a text that is composed changes with anything. */
    async updateCallLog(ref: ActivityRef, log: CallLog, changed: readonly (keyof CallLog)[]): Promise<void> {
      const names = changed.filter(name => name !== 'disposition' || adapter.setDisposition === undefined)
      if (changesBody(adapter, changed) && !names.includes('body')) names.push('body')
      updates += 1
      const key = once(`${log.externalId}-${String(updates)}`)
      if (names.length > 0) await bench.ask(z.unknown(), 'updateCallLog', (crm, ctx) => crm.updateCallLog(ctx, frozen(ref), frozen(log), frozen(names)), key)
      if (adapter.setDisposition && changed.includes('disposition')) {
        await bench.ask(z.unknown(), 'setDisposition', async (crm, ctx) => crm.setDisposition?.(ctx, frozen(ref), log.disposition ?? null), key)
      }
    },
    logout: () => bench.ask(z.unknown(), 'logout', (crm, ctx) => crm.logout(ctx), options),

    async searchContacts(text: string, limit: number) {
      needed('searchContacts')
      return bench.ask(contacts, 'searchContacts', async (crm, ctx) => crm.searchContacts?.(ctx, text, limit), options)
    },
    async listContacts(since: string | null, cursor: string | null) {
      needed('listContacts')
      return bench.ask(contactPage, 'listContacts', async (crm, ctx) => crm.listContacts?.(ctx, since, cursor), options)
    },
    async addContactNumber(id: ContactId, phone: ContactPhone) {
      needed('addContactNumber')
      return bench.ask(contact, 'addContactNumber', async (crm, ctx) => crm.addContactNumber?.(ctx, id, frozen(phone)), options)
    },
    async getCallLog(ref: ActivityRef) {
      needed('getCallLog')
      return bench.ask(activityOrNone, 'getCallLog', async (crm, ctx) => crm.getCallLog?.(ctx, frozen(ref)), options)
    },
    async findCallLog(id: ExternalId) {
      needed('findCallLog')
      return bench.ask(refOrNone, 'findCallLog', async (crm, ctx) => crm.findCallLog?.(ctx, id), options)
    },
    async uploadRecording(ref: ActivityRef, recording: Recording, log: CallLog) {
      needed('uploadRecording')
      await bench.ask(z.unknown(), 'uploadRecording', async (crm, ctx) => crm.uploadRecording?.(ctx, frozen(ref), recording, frozen(log)), options)
    },
    async setDisposition(ref: ActivityRef, disposition: string | null) {
      needed('setDisposition')
      await bench.ask(z.unknown(), 'setDisposition', async (crm, ctx) => crm.setDisposition?.(ctx, frozen(ref), disposition), options)
    },
    async listDispositions() {
      needed('listDispositions')
      return bench.ask(dispositions, 'listDispositions', async (crm, ctx) => crm.listDispositions?.(ctx), options)
    },
    async fields(about: FieldsAbout) {
      needed('fields')
      return bench.ask(z.array(logField), 'fields', async (crm, ctx) => crm.fields?.(ctx, frozen(about)), options)
    },
    async createMessageLog(log: MessageLog) {
      needed('createMessageLog')
      return bench.ask(activityRef, 'createMessageLog', async (crm, ctx) => crm.createMessageLog?.(ctx, frozen(log)), once(log.externalId))
    },
    async updateMessageLog(ref: ActivityRef, log: MessageLog, changed: readonly (keyof MessageLog)[]) {
      needed('updateMessageLog')
      const names = log.body === undefined || changed.includes('body') ? changed : [...changed, 'body' as const]
      updates += 1
      await bench.ask(z.unknown(), 'updateMessageLog', async (crm, ctx) => crm.updateMessageLog?.(ctx, frozen(ref), frozen(log), frozen(names)), once(`${log.externalId}-${String(updates)}`))
    },
    async getMessageLog(ref: ActivityRef) {
      needed('getMessageLog')
      return bench.ask(activityOrNone, 'getMessageLog', async (crm, ctx) => crm.getMessageLog?.(ctx, frozen(ref)), options)
    },
    async findMessageLog(id: ExternalId) {
      needed('findMessageLog')
      return bench.ask(refOrNone, 'findMessageLog', async (crm, ctx) => crm.findMessageLog?.(ctx, id), options)
    },
    async createTask(callback: Callback) {
      needed('createTask')
      return bench.ask(activityRef, 'createTask', async (crm, ctx) => crm.createTask?.(ctx, frozen(callback)), once(callback.externalId))
    },
    async updateTask(ref: ActivityRef, callback: Callback, changed: readonly (keyof Callback)[]) {
      needed('updateTask')
      updates += 1
      await bench.ask(z.unknown(), 'updateTask', async (crm, ctx) => crm.updateTask?.(ctx, frozen(ref), frozen(callback), frozen(changed)), once(`${callback.externalId}-${String(updates)}`))
    },
    async findTask(id: ExternalId) {
      needed('findTask')
      return bench.ask(refOrNone, 'findTask', async (crm, ctx) => crm.findTask?.(ctx, id), options)
    },
    async listUsers() {
      needed('listUsers')
      return bench.ask(z.array(crmUser), 'listUsers', async (crm, ctx) => crm.listUsers?.(ctx), options)
    },
  }
}

export type AskedCrm = ReturnType<typeof askedCrm>
