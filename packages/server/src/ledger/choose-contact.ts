import type { Contact } from '@linefinder/core'
import type { LogSettings } from '../installations/log-settings.js'

type Rule = Exclude<LogSettings['contactChoice'], 'ask'>

/** The one that the rule names, of contacts that come best first: where the rule says nothing, that order counts. */
export function chooseContact<Some extends Contact>(contacts: readonly [Some, ...Some[]], rule: Rule): Some {
  const [first] = contacts
  return contacts.reduce((best, each) => comesBefore[rule](each, best) ? each : best, first)
}

const comesBefore: Readonly<Record<Rule, (a: Contact, b: Contact) => boolean>> = {
  latest_activity: (a, b) => timeOf(a.lastActivityAt, -Infinity) > timeOf(b.lastActivityAt, -Infinity),
  newest: (a, b) => timeOf(a.createdAt, -Infinity) > timeOf(b.createdAt, -Infinity),
  oldest: (a, b) => timeOf(a.createdAt, Infinity) < timeOf(b.createdAt, Infinity),
  first_by_name: (a, b) => a.name < b.name,
}

const timeOf = (instant: string | undefined, absent: number): number => instant === undefined ? absent : Date.parse(instant)
