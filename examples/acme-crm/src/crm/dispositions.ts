/** How a call can have ended, beside whatever an app writes of its own. */
export const dispositions = [
  { value: 'interested', label: 'Interested' },
  { value: 'call_back', label: 'Call back' },
  { value: 'sold', label: 'Sold' },
  { value: 'not_interested', label: 'Not interested' },
  { value: 'wrong_number', label: 'Wrong number' },
] as const
