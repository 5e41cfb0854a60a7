import type { ContactMatch } from '@linefinder/core/api'

/** Best first: the latest activity, then the newest record, then a number stored in full, then the name. */
export const rankMatches = (matches: readonly ContactMatch[], e164: string | null): ContactMatch[] =>
  [...matches].sort((a, b) =>
    timeOf(b.lastActivityAt) - timeOf(a.lastActivityAt)
    || timeOf(b.createdAt) - timeOf(a.createdAt)
    || Number(b.matchedNumber === e164) - Number(a.matchedNumber === e164)
    || a.name.localeCompare(b.name))

/** Times come with any offset, so they cannot be compared as text. Unknown is before all. */
const timeOf = (instant: string | undefined): number => instant === undefined ? 0 : Date.parse(instant)

/** The first of each id. */
export const distinctById = <Item extends { id: string }>(items: readonly Item[]): Item[] =>
  [...new Map([...items].reverse().map(item => [item.id, item])).values()].reverse()
