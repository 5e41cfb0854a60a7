import type { AskedCrm } from './asked-crm.js'
import type { Bench } from './bench.js'
import { Absent } from './check.js'
import { later, newExternalId, newWord, sampleCall, sampleCallback, sampleMessage, sampleMessages } from './samples.js'

/** Something that an adapter can be asked for, ready to be asked again and again. */
export interface Operation {
  readonly member: string
  /** How many requests it took when all went well. */
  readonly requests: number
  /** It gives something back that comes from the CRM's answer. */
  readonly hasAnswer: boolean
  run(crm: AskedCrm): Promise<unknown>
}

const known = new WeakMap<Bench, Promise<readonly Operation[]>>()

/** Those members of the adapter that ask the CRM. Throws `Absent` or `Limited` when there are no requests. */
export async function operationsOf(bench: Bench): Promise<readonly Operation[]> {
  bench.unlessLimited('noRequests')
  const preparing = known.get(bench) ?? prepare(bench)
  known.set(bench, preparing)
  const operations = await preparing
  if (operations.length === 0) throw new Absent('no member that asks the CRM')
  return operations
}

async function prepare(bench: Bench): Promise<Operation[]> {
  const { adapter } = bench
  const contact = await bench.seed()
  const log = sampleCall(adapter, { contactId: contact.id })
  const ref = await bench.as().createCallLog(log)
  const messages = sampleMessages(adapter, [sampleMessage()], { contactId: contact.id })
  const messageRef = adapter.createMessageLog ? await bench.as().createMessageLog(messages) : ref
  const callback = sampleCallback({ contactId: contact.id })
  const taskRef = adapter.createTask ? await bench.as().createTask(callback) : ref

  const all: readonly [member: string, hasAnswer: boolean, run: (crm: AskedCrm) => Promise<unknown>][] = [
    ['getUserInfo', true, crm => crm.getUserInfo()],
    ['findContact', true, crm => crm.findContact(bench.numbers.next())],
    ['createContact', true, crm => crm.createContact({ name: `Operation ${newWord()}`, phone: bench.numbers.next() })],
    ['createCallLog', true, crm => crm.createCallLog(sampleCall(adapter, { contactId: contact.id }))],
    ['updateCallLog', false, crm => crm.updateCallLog(ref, later(adapter, log, { note: `Operation ${newWord()}` }), ['note'])],
    ['searchContacts', true, crm => crm.searchContacts(newWord(), 5)],
    ['listContacts', true, crm => crm.listContacts(null, null)],
    ['addContactNumber', true, crm => crm.addContactNumber(contact.id, { number: bench.numbers.next() })],
    ['getCallLog', true, crm => crm.getCallLog(ref)],
    ['findCallLog', true, crm => crm.findCallLog(newExternalId())],
    ['listDispositions', true, crm => crm.listDispositions()],
    ['fields', true, crm => crm.fields({ kind: 'call', contactId: contact.id })],
    ['createMessageLog', true, crm => crm.createMessageLog(sampleMessages(adapter, [sampleMessage()], { contactId: contact.id }))],
    ['updateMessageLog', false, crm => crm.updateMessageLog(messageRef, { ...messages, note: `Operation ${newWord()}` }, ['note'])],
    ['getMessageLog', true, crm => crm.getMessageLog(messageRef)],
    ['findMessageLog', true, crm => crm.findMessageLog(newExternalId())],
    ['createTask', true, crm => crm.createTask(sampleCallback({ contactId: contact.id }))],
    ['updateTask', false, crm => crm.updateTask(taskRef, { ...callback, note: `Operation ${newWord()}` }, ['note'])],
    ['findTask', true, crm => crm.findTask(newExternalId())],
    ['listUsers', true, crm => crm.listUsers()],
  ]
  const operations: Operation[] = []
  for (const [member, hasAnswer, run] of all) {
    if (adapter[member as keyof typeof adapter] === undefined) continue
    bench.proxy.clear()
    await run(bench.as())
    const requests = bench.proxy.requests.length
    if (requests > 0) operations.push({ member, hasAnswer, requests, run })
  }
  return operations
}

/** What goes wrong in each, by the name of the member. Goes on after the first. */
export async function wrongIn(operations: readonly Operation[], look: (operation: Operation) => Promise<void>): Promise<string[]> {
  const wrong: string[] = []
  for (const operation of operations) {
    try {
      await look(operation)
    } catch (error) {
      wrong.push(`${operation.member}: ${error instanceof Error ? error.message : String(error)}`)
    }
  }
  return wrong
}
