import { z } from 'zod'
import type { CallAgent, CallLeg, CallResult, Party } from '@linefinder/core'
import { instantOf, rcId, textOf } from './rc-text.js'

const text = z.string().nullish().catch(undefined)
const number = z.coerce.number<unknown>().nullish().catch(undefined)
const moment = z.union([z.string(), z.number()]).nullish().catch(undefined)

const rcParty = z.object({ phoneNumber: text, extensionNumber: z.coerce.string<unknown>().nullish().catch(undefined), name: text, extensionId: z.coerce.string<unknown>().nullish().catch(undefined) }).nullish().catch(undefined)
export type RcParty = z.infer<typeof rcParty>

const rcLeg = z.object({ from: rcParty, to: rcParty, startTime: moment, duration: number, result: text, action: text, legType: text, type: text, direction: text }).catch({} as never)

/** A call as RingCentral Embeddable tells it: what of it has a member of ours. The rest goes on as it came. */
export const rcCall = z.object({
  sessionId: rcId,
  telephonySessionId: text,
  direction: z.string().transform(word => word.toLowerCase()).pipe(z.enum(['inbound', 'outbound'])).catch('outbound'),
  from: rcParty, to: rcParty,
  startTime: moment, duration: number, result: text, telephonyStatus: text,
  recording: z.object({ link: text }).nullish().catch(undefined),
  legs: z.array(rcLeg).nullish().catch(undefined),
  customSubject: text,
})
export type RcCall = z.infer<typeof rcCall>

const results: readonly (readonly [RegExp, CallResult])[] = [
  [/^(call ?connected|connected|accepted|answered|received|reply|sent)$/, 'answered'],
  [/^(missed|abandoned)$/, 'missed'],
  [/^voice ?mail$/, 'voicemail'],
  [/^busy$/, 'busy'],
  [/^(rejected|declined|blocked|call ?denied|suspended|wrong number|international disabled|restricted number|no (international|calling|credit).*)$/, 'rejected'],
  [/^no ?answer$/, 'no_answer'],
  [/^(stopped|hang ?up|hung up|cancell?ed|call ?finished)$/, 'cancelled'],
  [/^(call ?failed?|call ?failure|error|internal error|ip phone offline|partial receive|receive error|fax .*)$/, 'failed'],
]

/** RingCentral's words, as its call log and its softphone have them; `undefined` for one that says nothing of how the call ended. */
export function resultOf(word: string | null | undefined): CallResult | undefined {
  const plain = word?.trim().toLowerCase() ?? ''
  return results.find(([pattern]) => pattern.test(plain))?.[1]
}

export function partyOf(party: RcParty): Party {
  const { phoneNumber, extensionNumber, name } = party ?? {}
  const reachable = [phoneNumber, extensionNumber].find(each => each != null && each.trim() !== '')
  const [short, called] = [textOf(extensionNumber, 20), textOf(name, 255)]
  return {
    number: reachable?.trim().slice(0, 100) ?? 'anonymous',
    ...(called === undefined ? {} : { name: called }),
    ...(short === undefined ? {} : { extension: short }),
  }
}

/** Our side of the call. */
export function agentOf({ direction, from, to }: Pick<RcCall, 'direction' | 'from' | 'to'>, extensionNumber?: string | null): CallAgent | undefined {
  const ours = direction === 'inbound' ? to : from
  const agent = {
    name: textOf(ours?.name, 255), extension: textOf(extensionNumber ?? ours?.extensionNumber, 20), number: textOf(ours?.phoneNumber, 100),
  }
  const known = Object.entries(agent).filter(([, value]) => value !== undefined)
  return known.length === 0 ? undefined : Object.fromEntries(known)
}

export const secondsOf = (duration: number | null | undefined): number | undefined =>
  duration == null || !Number.isFinite(duration) ? undefined : Math.min(Math.max(Math.round(duration), 0), 864_000)

/** Only those whose begin is known. */
export function legsOf(legs: RcCall['legs']): CallLeg[] | undefined {
  const read = (legs ?? []).flatMap((leg): CallLeg[] => {
    const startedAt = instantOf(leg.startTime)
    if (startedAt === undefined) return []
    const { number: called, name, extension } = partyOf(leg.to)
    const [durationSeconds, result] = [secondsOf(leg.duration), resultOf(leg.result)]
    return [{
      kind: kindOf(`${leg.legType ?? ''} ${leg.action ?? ''} ${leg.type ?? ''}`, result), startedAt,
      ...(called === 'anonymous' ? {} : { number: called }),
      ...(name === undefined ? {} : { name }),
      ...(extension === undefined ? {} : { extension }),
      ...(durationSeconds === undefined ? {} : { durationSeconds }),
      ...(result === undefined ? {} : { result }),
    }]
  })
  return read.length === 0 ? undefined : read.slice(0, 100)
}

function kindOf(words: string, result: CallResult | undefined): CallLeg['kind'] {
  if (/transfer|forward/i.test(words)) return 'transfer'
  if (/queue/i.test(words)) return 'queue'
  if (/voice ?mail/i.test(words) || result === 'voicemail') return 'voicemail'
  return result === 'answered' ? 'agent' : 'ring'
}
