import { randomUUID } from 'node:crypto'
import { createClient } from '@linefinder/client'
import { CommandError } from '../command-error.js'
import { Narrator } from '../tour/narrator.js'

const number = '+31413741741'

/** One call from beginning to end. Throws `CommandError` when the CRM does not take it. */
export async function tellStory(url: string, token: string, print: (line: string) => void): Promise<void> {
  const narrator = new Narrator(print)
  const linefinder = createClient({ baseUrl: url, token, fetch: narrator.fetch })

  narrator.step('Who am I?')
  await linefinder.me.get({})

  narrator.step(`The phone rings: ${number}`)
  const { contacts: [known] } = await linefinder.contacts.find({ query: { phone: number } })
  if (!known) narrator.step('Nobody has that number: make a contact')
  const caller = known ?? (await linefinder.contacts.create({ body: { name: 'Jan de Vries', phone: number } }))

  narrator.step('The call is over: log it on the caller’s record')
  const params = { callId: `dev-${randomUUID()}` }
  const query = {}
  await linefinder.callLogs.put({
    params, query, waitSeconds: 10,
    body: {
      direction: 'inbound', from: { number, name: caller.name }, to: { number: '+31201234567', extension: '204' }, startedAt: '2026-03-02T09:15:00+01:00',
      endedAt: '2026-03-02T09:17:05+01:00', durationSeconds: 118, result: 'answered', contactId: caller.id,
    },
  })

  narrator.step('Add a note later')
  const log = await linefinder.callLogs.patch({ params, query, body: { note: 'Wants a quote for the new roof by Friday.' }, waitSeconds: 10 })
  if (log.status !== 'delivered') throw new CommandError(`The call is not in the CRM: it is ${log.status}.`)
  narrator.step('That was the tour.')
}
