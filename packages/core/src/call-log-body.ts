/** What a text body may be written in. */
export const bodyFormats = ['plain', 'html', 'markdown'] as const
export type BodyFormat = (typeof bodyFormats)[number]

/** What a body may tell of a call, in the usual order. */
export const bodyDetails = [
  'note', 'agent', 'contact', 'number', 'direction', 'result', 'disposition', 'started', 'answered', 'ended', 'duration', 'queue', 'legs',
  'fields', 'recording', 'summary', 'transcript', 'call_id',
] as const
export type BodyDetail = (typeof bodyDetails)[number]
