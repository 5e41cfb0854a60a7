import { contact, crmUser } from '@linefinder/core'
import * as z from 'zod'

export const memoryOptions = z.object({
  /** What an agent types in to connect. */
  key: z.string().min(8).default('demo-key-1'),
  /** Whom the key belongs to. */
  user: crmUser.default(() => crmUser.parse({
    id: 'u1', name: 'Demo Agent', email: 'agent@example.com', account: { id: 'memory', name: 'Demo company' },
  })),
  /** Who else works there. They cannot connect, but calls can be theirs. */
  colleagues: z.array(crmUser).default(() => [crmUser.parse({ id: 'u2', name: 'Other Agent', email: 'other@example.com', account: { id: 'memory', name: 'Demo company' } })]),
  contacts: z.array(contact).default(() => [
    contact.parse({ id: 'c1', name: 'Jan de Vries', companyName: 'De Vries Dakwerken', phones: [{ number: '+31 (0)413 741-741', label: 'work' }] }),
    contact.parse({ id: 'c2', name: 'Emma Thompson', email: 'emma@example.com', phones: [{ number: '+44 20 7946 0018', label: 'mobile' }] }),
  ]),
})
export type MemoryOptions = z.input<typeof memoryOptions>
