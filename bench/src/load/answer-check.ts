import * as z from 'zod'

const answer = z.object({
  contacts: z.array(z.object({ id: z.string(), name: z.string() })),
  status: z.string().optional(),
  source: z.string().nullish(),
})

/** One answer in so many is parsed; of the others the text is searched. */
const parsedEvery = 20

export interface AnswerCheck {
  /** `null` when it is right, else what is wrong. `expected`: the contact's id, or `null` for nobody. */
  (status: number, body: string, expected: string | null): string | null
}

/** `sources`: those that our server's answers may have; `null` for the answers of the floor, which have none. */
export function createAnswerCheck(sources: readonly string[] | null): AnswerCheck {
  let checked = 0
  return (status, body, expected) => {
    if (status !== 200) return `status ${String(status)}: ${body.slice(0, 300)}`
    const isRight = checked++ % parsedEvery === 0
      ? isRightAnswer(body, expected, sources)
      : body.includes(expected === null ? '"contacts":[]' : `"id":"${expected}"`)
    return isRight ? null : `expected ${expected ?? 'nobody'} from ${sources?.join(' or ') ?? 'the floor'}: ${body.slice(0, 300)}`
  }
}

function isRightAnswer(body: string, expected: string | null, sources: readonly string[] | null): boolean {
  const { success, data } = answer.safeParse(JSON.parse(body))
  if (!success || data.contacts[0]?.id !== (expected ?? undefined)) return false
  return sources === null || (data.status === 'complete' && sources.includes(data.source ?? ''))
}
