/** What a composed body can tell of a call, one line or block each, in the order an admin chooses. */
export const bodyDetails = [
  'note', 'agent', 'contact', 'number', 'direction', 'result', 'disposition', 'started', 'answered', 'ended', 'duration', 'queue', 'legs',
  'fields', 'recording', 'summary', 'transcript', 'call_id',
] as const
export type BodyDetail = (typeof bodyDetails)[number]

/** How the CRM reads the text body of an activity. `markdown` is CommonMark. */
export const bodyFormats = ['plain', 'html', 'markdown'] as const
export type BodyFormat = (typeof bodyFormats)[number]

/** How dates stand in a body, each with its zone: by the locale, `2026-11-24 15:04`, `11/24/2026 3:04 PM`, `24-11-2026 15:04`. */
export const bodyDateFormats = ['locale', 'iso', 'us', 'eu'] as const
export type BodyDateFormat = (typeof bodyDateFormats)[number]
