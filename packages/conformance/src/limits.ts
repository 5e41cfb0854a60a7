/** What a CRM may be unable to do. A declared limit turns the checks that it concerns into `limited`, each with this meaning. */
export const limitMeanings = {
  noRequests: 'The CRM is in this process: there are no requests in which a fault could happen.',
  sharedByEveryone: 'Whoever connects sees the same user.',
  fixedHost: 'Every customer has the same host, or none is needed.',
  noSuffixSearch: 'The CRM’s phone search finds a number only as it was stored by the adapter, in no other spelling.',
  fullNumbersOnly: 'The CRM takes no number that is not one of the world, such as an internal one.',
  oneNumberPerContact: 'A contact has a single number.',
  createOnlyActivities: 'An activity cannot be changed once it is there: what changes is told by another one.',
  noExternalId: 'The CRM has no place for our id.',
  needsContact: 'A call can be logged on a contact only; without one it is refused.',
  noUnicode: 'The CRM keeps the characters of one region only.',
  shortNotes: 'A note of 10,000 characters does not fit.',
  coarseTimes: 'Times are kept to the minute.',
  noDeletion: 'The CRM does not tell which contacts were deleted.',
  noSince: 'The CRM does not know when a contact changed: every listing is of all of them.',
  fewerResults: 'The CRM knows fewer results of a call than we do.',
  repeatedHour: 'Times are kept without a zone, so the hour that comes twice in autumn is not told apart.',
  fewAtOnce: 'The CRM refuses more than four requests at once.',
  noUserEmails: 'The CRM does not tell its users’ e-mail addresses.',
  sendsEverything: 'The CRM takes a record as a whole, so that an update writes fields that did not change.',
} as const

export type LimitName = keyof typeof limitMeanings
