const deadlineMs = 10_000

export interface Answer {
  readonly status: number
  readonly contentType: string
  readonly text: string
}

export type Asked = { readonly answer: Answer } | { readonly failure: string }

/** One GET without credentials. A redirect is an answer, not followed. */
export async function ask(url: string, accept = 'application/json'): Promise<Asked> {
  try {
    const response = await fetch(url, { headers: { Accept: accept, 'User-Agent': 'Linefinder' }, redirect: 'manual', signal: AbortSignal.timeout(deadlineMs) })
    return { answer: { status: response.status, contentType: response.headers.get('content-type') ?? '', text: await response.text() } }
  } catch (error) {
    return { failure: failureOf(error) }
  }
}

function failureOf(error: unknown): string {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error
  if (!(cause instanceof Error)) return 'no answer'
  if (cause.name === 'TimeoutError') return `no answer within ${String(deadlineMs / 1000)} seconds`
  const code = 'code' in cause ? String(cause.code) : ''
  return code === '' ? cause.message : `${code}: ${cause.message}`
}

/** The JSON of an answer that is one; `undefined` for what is none. */
export function jsonOf({ contentType, text }: Answer): unknown {
  if (!/json/i.test(contentType)) return undefined
  try {
    return JSON.parse(text) as unknown
  } catch {
    return undefined
  }
}
