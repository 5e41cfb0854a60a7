import type { Activity } from '../crm/activities.js'
import { fieldsInWords, type ActivityField } from '../crm/activity-fields.js'
import { dispositions } from '../crm/dispositions.js'
import type { Note } from '../crm/notes.js'
import type { Person } from '../crm/people.js'
import type { Recording } from '../crm/recordings.js'
import { html, type Html } from './html.js'

export interface PersonRecord {
  readonly person: Person
  readonly activities: readonly Activity[]
  readonly recordings: readonly Recording[]
  readonly fields: readonly ActivityField[]
  readonly notes: readonly Note[]
  /** Of users, by id. */
  readonly names: ReadonlyMap<string, string>
  /** Of whoever looks at it. */
  readonly timezone: string
  readonly csrf: string
  /** Whether the page reloads itself. */
  readonly isLive: boolean
}

export function personRecord(record: PersonRecord): Html {
  const { person } = record
  return html`<div class="head">
<div>
<h1><bdi>${person.name || 'Unnamed'}</bdi></h1>
<p class="sub">${person.title}${person.title !== null && person.company_name !== null && ' at '}<bdi>${person.company_name}</bdi></p>
</div>
<a class="button quiet" href="/people/${person.id}${record.isLive ? '' : '?live=1'}">${record.isLive ? 'Stop watching' : 'Watch for calls'}</a>
</div>
<div class="columns">
<div>
${details(person)}
${notesCard(record)}
</div>
${timeline(record)}
</div>`
}

function details(person: Person): Html {
  return html`<section class="card" aria-labelledby="details"><h2 id="details">Details</h2>
<dl>
${person.phones.map(({ label, number }) => html`<div><dt>${label}</dt><dd class="number">${number}</dd></div>`)}
${person.email === null ? null : html`<div><dt>e-mail</dt><dd>${person.email}</dd></div>`}
<div><dt>id</dt><dd class="id">${person.id}</dd></div>
</dl></section>`
}

function notesCard({ person, notes, names, timezone, csrf }: PersonRecord): Html {
  return html`<section class="card" aria-labelledby="notes"><h2 id="notes">Notes</h2>
${notes.length === 0 && html`<p class="empty">No notes yet.</p>`}
${notes.map((note) => html`<article class="note"><p class="text">${note.body}</p>
<p class="small">${names.get(note.user_id)}, ${time(note.created_at, timezone)}</p></article>`)}
<form method="post" action="/people/${person.id}/notes" class="stack">
<input type="hidden" name="csrf" value="${csrf}">
<label for="body">New note</label>
<textarea id="body" name="body" rows="3" required></textarea>
<button type="submit">Add note</button>
</form></section>`
}

function timeline({ activities, recordings, fields, names, timezone }: PersonRecord): Html {
  const newestFirst = activities.toSorted((one, other) => startOf(other).getTime() - startOf(one).getTime())
  return html`<section class="card" aria-labelledby="timeline"><h2 id="timeline">Timeline</h2>
${activities.length === 0 && html`<p class="empty">No calls yet.</p>`}
<ol class="timeline">${newestFirst.map((activity) => html`
<li class="${activity.type}${activity.result === 'missed' && ' missed'}">
<p class="what"><strong>${headingOf(activity)}</strong>
${activity.result === null ? null : html`<span class="tag">${activity.result}</span>`}
${activity.status === null ? null : html`<span class="tag plain">${activity.status}</span>`}
${activity.disposition === null ? null : html`<span class="tag plain">${dispositionLabel(activity.disposition)}</span>`}
${activity.duration_seconds === null ? null : html`<span class="duration">${durationText(activity.duration_seconds)}</span>`}</p>
<p class="small">${time(startOf(activity), timezone)} · ${names.get(activity.user_id)}${numberPart('from', activity.from_number)}${numberPart('to', activity.to_number)}</p>
${activity.due_at === null ? null : html`<p class="small">Due ${time(activity.due_at, timezone)}</p>`}
${activity.subject === '' ? null : html`<p class="subject">${activity.subject}</p>`}
${activity.body === '' ? null : html`<p class="text">${activity.body}</p>`}
${fieldsInWords(fields, activity.fields).map(({ label, value }) => html`<p class="small">${label}: ${value}</p>`)}
${recordings.filter(({ activity_id }) => activity_id === activity.id).map(player)}
${activity.recording_url === null ? null : html`<p class="small">Recording: ${activity.recording_url}</p>`}
</li>`)}</ol></section>`
}

function player({ activity_id, name }: Recording): Html {
  return html`<audio controls preload="none" src="/recordings/${encodeURIComponent(activity_id)}/${encodeURIComponent(name)}" aria-label="Recording"></audio>`
}

function dispositionLabel(value: string): string {
  return dispositions.find((each) => each.value === value)?.label ?? value
}

function numberPart(word: string, number: string | null): Html | null {
  return number === null ? null : html` · ${word} <span class="number">${number}</span>`
}

function startOf(activity: Activity): Date {
  return activity.started_at ?? activity.created_at
}

function headingOf({ type, direction }: Activity): string {
  const name = type === 'sms' ? 'text message' : type
  const words = direction === null ? name : `${direction} ${name}`
  return words.charAt(0).toUpperCase() + words.slice(1)
}

function durationText(seconds: number): string {
  const minutes = Math.floor(seconds / 60)
  return minutes === 0 ? `${seconds} s` : `${minutes} min ${seconds % 60} s`
}

function time(at: Date, timeZone: string): Html {
  const text = at.toLocaleString('en-GB', { timeZone, dateStyle: 'medium', timeStyle: 'short' })
  return html`<time datetime="${at.toISOString()}">${text}</time>`
}
