import { randomUUID } from 'node:crypto'
import type { Connected, CrmUnderTest, SeenActivity } from '../crm-under-test.js'
import { startCardCrm, userOf, type Entry } from './card-crm.js'

export async function cardsUnderTest(fieldsOf: (key: string) => Record<string, string>): Promise<CrmUnderTest> {
  const { origin, cards, entries, sessions, people, stop } = await startCardCrm()
  const connect = (name: string) => async (): Promise<Connected> => {
    const [key = ''] = [...people].find(([, each]) => each === name) ?? []
    return { fields: fieldsOf(key) }
  }
  const seen = ({ id, cardId, reference, text, outcome, files }: Entry): SeenActivity => ({
    id, contactId: cardId, externalId: reference, note: text, disposition: outcome,
    recordings: [...files].map(([fileName, sizeBytes]) => ({ fileName, sizeBytes })),
  })
  return {
    origin, stop, user: { connect: connect('ann') }, secondUser: { connect: connect('ben') },
    probes: {
      async createContact({ name, phones }) {
        const id = randomUUID()
        cards.set(id, { id, name, phones: [...phones] })
        return id
      },
      readContact: async id => cards.get(id) ?? null,
      async renameContact(id, name) {
        const card = cards.get(id)
        if (card) card.name = name
      },
      async deleteContact(id) { cards.delete(id) },
      async readActivity(id) {
        const entry = entries.get(id)
        return entry ? seen(entry) : null
      },
      async editActivity(id, { note }) {
        const entry = entries.get(id)
        if (entry && note !== undefined) entry.text = note
      },
      async deleteActivity(id) { entries.delete(id) },
      listActivities: async id => [...entries.values()].filter(({ cardId }) => cardId === id).map(seen),
      listUsers: async () => [...people.values()].map(userOf),
      async expireTokens() { sessions.clear() },
      async revokeAccess() {
        sessions.clear()
        const before = [...people]
        people.clear()
        for (const [, name] of before) people.set(`key-of-${name}-${randomUUID()}`, name)
      },
    },
  }
}
