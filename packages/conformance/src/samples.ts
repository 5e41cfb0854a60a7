import { randomInt, randomUUID } from 'node:crypto'
import {
  callbackInput, callLogInput, contactId, externalId, messageId, type Callback, type CallbackInput, type CallLog, type CallLogInput, type CrmAdapter,
  type Message, type MessageLog,
} from '@linefinder/core'
import { sampleBody, sampleDayBody } from './sample-body.js'

/** Numbers of Amsterdam, each once in a run and hardly ever twice in a sandbox that is kept. */
export class SampleNumbers {
  readonly used: string[] = []
  #next = randomInt(2_000_000, 8_000_000)

  next(): string {
    this.#next += 1
    const number = `+3120${String(this.#next)}`
    this.used.push(number)
    return number
  }
}

/** A word that is in no other text. */
export const newWord = (): string => `w${randomUUID().replaceAll('-', '').slice(0, 12)}`

export const newExternalId = () => externalId.parse(`lf-${randomUUID()}`)

export const idOf = (id: string) => contactId.parse(id)

/** An answered call of three minutes, with everything that most CRMs keep. */
export function sampleCall(adapter: CrmAdapter, changes: Partial<CallLogInput> = {}): CallLog {
  return withBody(adapter, {
    ...callLogInput.parse({
      direction: 'inbound', from: { number: '+31205550101', name: 'Sam Caller' }, to: { number: '+31205550199' },
      startedAt: '2026-03-02T09:15:00+01:00', answeredAt: '2026-03-02T09:15:08+01:00', endedAt: '2026-03-02T09:18:08+01:00', durationSeconds: 180,
      result: 'answered', subject: `Subject ${newWord()}`, note: `Note ${newWord()}`,
      ...changes,
    }),
    externalId: newExternalId(),
  })
}

/** The same call, later. What is `undefined` is gone. */
export function later(adapter: CrmAdapter, log: CallLog, changes: Partial<CallLogInput>): CallLog {
  const { body: _composedAgain, ...before } = log
  const kept = Object.entries({ ...before, ...changes }).filter(([, value]) => value !== undefined)
  // True because what is required cannot be changed to undefined.
  return withBody(adapter, Object.fromEntries(kept) as unknown as CallLog)
}

function withBody(adapter: CrmAdapter, log: CallLog): CallLog {
  const body = sampleBody(adapter, log)
  return body === undefined ? log : { ...log, body }
}

export const sampleMessage = (changes: Partial<Message> = {}): Message => ({
  id: messageId.parse(randomUUID()), kind: 'sms', direction: 'inbound', from: { number: '+31205550101', name: 'Sam Caller' }, to: { number: '+31205550199' },
  sentAt: '2026-03-02T10:00:00+01:00', text: `Message ${newWord()}`, ...changes,
})

export const sampleMessages = (adapter: CrmAdapter, messages: readonly Message[], changes: Partial<MessageLog> = {}): MessageLog => {
  const log: MessageLog = {
    messages: [...messages], externalId: newExternalId(), conversationId: randomUUID(), day: '2026-03-02', ...changes,
  }
  const body = sampleDayBody(adapter, log)
  return body === undefined ? log : { ...log, body }
}

export const sampleCallback = (changes: Partial<CallbackInput> = {}): Callback => ({
  ...callbackInput.parse({
    number: '+31205550101', name: 'Sam Caller', dueAt: '2026-03-09T14:30:00+01:00', subject: `Call back ${newWord()}`, note: `About ${newWord()}`, ...changes,
  }),
  externalId: newExternalId(),
})
