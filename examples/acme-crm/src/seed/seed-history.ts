import type { ActivityFields } from '../crm/activities.js'
import type { Random } from './random.js'

const subjects = {
  inbound: ['Asked about the invoice', 'Wanted to move the appointment', 'Question about delivery', 'Complaint, solved'],
  outbound: ['Called back', 'Confirmed the order', 'Reminder of the quote', 'Checked the address'],
} as const

const hourMs = 60 * 60 * 1000

/** An earlier call with this person, some time after they were added. */
export function makePastCall(random: Random, personId: string, userId: string, number: string, createdAt: Date): ActivityFields {
  const direction = random.pick(['inbound', 'outbound'] as const)
  const result = random.pick(['answered', 'answered', 'answered', 'missed', 'voicemail'] as const)
  const ours = '+31 413 700 700'
  return {
    type: 'call',
    person_id: personId,
    user_id: userId,
    subject: random.pick(subjects[direction]),
    body: '',
    direction,
    from_number: direction === 'inbound' ? number : ours,
    to_number: direction === 'inbound' ? ours : number,
    started_at: new Date(createdAt.getTime() + (24 + random.integer(2000)) * hourMs),
    duration_seconds: result === 'answered' ? 20 + random.integer(900) : 0,
    result,
    disposition: null,
    recording_url: null,
    external_id: null,
    fields: {},
    due_at: null,
    status: null,
  }
}
