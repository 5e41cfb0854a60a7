import type { Party } from '@linefinder/core'
import { isOfKind, type Entry } from './entry.js'

/** Whoever is not of the organisation: what their record is looked for and made by. */
export function otherPartyOf(entry: Entry): Party {
  if (isOfKind(entry, 'call')) return otherOf(entry.content)
  if (isOfKind(entry, 'message')) {
    const [first] = entry.content.messages
    if (!first) throw new Error('a message log without messages')
    return otherOf(first)
  }
  // No other kind is left.
  const { number, name } = entry.content as Entry<'callback'>['content']
  return { number, ...(name === undefined ? {} : { name }) }
}

const otherOf = ({ direction, from, to }: { readonly direction: 'inbound' | 'outbound'; readonly from: Party; readonly to: Party }): Party =>
  direction === 'inbound' ? from : to
