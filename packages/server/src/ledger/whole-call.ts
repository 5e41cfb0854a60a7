import type { CallLogInput } from '@linefinder/core'

const always = ['direction', 'from', 'to', 'startedAt'] as const

/** Whether everything is there that every call has. Of one that an import brought, a client may have said only part since. */
export const isWholeCall = (content: object): boolean => always.every(name => name in content)

/**
 * For adapters, which count on those members. The CRM is not told of what stands in here: it is never among what has changed, nor in the body.
 */
export const withUnknowns = <Content extends object>(content: Content, occursAt: Date): Content & Pick<CallLogInput, (typeof always)[number]> =>
  ({ direction: 'outbound', from: { number: 'unknown' }, to: { number: 'unknown' }, startedAt: occursAt.toISOString(), ...content })
