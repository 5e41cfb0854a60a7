import { CrmError, type Activity, type ActivityRef, type AdapterContext, type Callback, type CallLog, type CrmAdapter, type ExternalId, type MessageLog } from '@linefinder/core'
import type { EntryKind } from './entry.js'

/** An entry as adapters get it. */
export interface ToldOf {
  call: CallLog
  message: MessageLog
  callback: Callback
}

/** How an adapter is told of entries of one kind. */
export interface Teller<Kind extends EntryKind = EntryKind> {
  /** Whether the CRM takes such entries at all. What it does not take is kept here only. */
  takes(adapter: CrmAdapter): boolean
  /** Whether the adapter can look for what a lost answer may have made. */
  canLook(adapter: CrmAdapter): boolean
  look(adapter: CrmAdapter, ctx: AdapterContext, id: ExternalId): Promise<ActivityRef | null>
  create(adapter: CrmAdapter, ctx: AdapterContext, told: ToldOf[Kind]): Promise<ActivityRef>
  update(adapter: CrmAdapter, ctx: AdapterContext, ref: ActivityRef, told: ToldOf[Kind], changed: readonly (keyof ToldOf[Kind])[]): Promise<void>
  /** Whether the activity's text can be read back. */
  canRead(adapter: CrmAdapter): boolean
  read(adapter: CrmAdapter, ctx: AdapterContext, ref: ActivityRef): Promise<Activity | null>
}

const call: Teller<'call'> = {
  takes: () => true,
  canLook: ({ findCallLog }) => findCallLog !== undefined,
  look: async (adapter, ctx, id) => adapter.findCallLog?.(ctx, id) ?? null,
  create: (adapter, ctx, told) => adapter.createCallLog(ctx, told),
  async update(adapter, ctx, ref, told, changed) {
    const others = adapter.setDisposition ? changed.filter(name => name !== 'disposition') : changed
    if (others.length > 0) await adapter.updateCallLog(ctx, ref, told, others)
    if (others.length < changed.length) await adapter.setDisposition?.(ctx, ref, told.disposition ?? null)
  },
  canRead: ({ getCallLog }) => getCallLog !== undefined,
  read: async (adapter, ctx, ref) => adapter.getCallLog?.(ctx, ref) ?? null,
}

const message: Teller<'message'> = {
  takes: ({ createMessageLog }) => createMessageLog !== undefined,
  canLook: ({ findMessageLog }) => findMessageLog !== undefined,
  look: async (adapter, ctx, id) => adapter.findMessageLog?.(ctx, id) ?? null,
  async create(adapter, ctx, told) {
    if (!adapter.createMessageLog) throw new CrmError('unsupported')
    return adapter.createMessageLog(ctx, told)
  },
  async update(adapter, ctx, ref, told, changed) {
    if (!adapter.updateMessageLog) throw new CrmError('unsupported')
    await adapter.updateMessageLog(ctx, ref, told, changed)
  },
  canRead: ({ getMessageLog }) => getMessageLog !== undefined,
  read: async (adapter, ctx, ref) => adapter.getMessageLog?.(ctx, ref) ?? null,
}

const callback: Teller<'callback'> = {
  takes: ({ createTask }) => createTask !== undefined,
  canLook: ({ findTask }) => findTask !== undefined,
  look: async (adapter, ctx, id) => adapter.findTask?.(ctx, id) ?? null,
  async create(adapter, ctx, told) {
    if (!adapter.createTask) throw new CrmError('unsupported')
    return adapter.createTask(ctx, told)
  },
  async update(adapter, ctx, ref, told, changed) {
    if (!adapter.updateTask) throw new CrmError('unsupported')
    await adapter.updateTask(ctx, ref, told, changed)
  },
  canRead: () => false,
  read: async () => null,
}

export const tellers: { readonly [Kind in EntryKind]: Teller<Kind> } = { call, message, callback }

export const kindsThatCanLook = (adapter: CrmAdapter): EntryKind[] =>
  (Object.keys(tellers) as EntryKind[]).filter(kind => tellers[kind].canLook(adapter))
