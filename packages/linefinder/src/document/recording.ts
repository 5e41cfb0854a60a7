import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { z } from 'zod'
import { CommandError } from '../command-error.js'
import type { Answered, Exchange, Sent } from './exchanges.js'
import type { Secrets } from './secrets.js'

const texts = z.record(z.string(), z.string())
const recording = z.object({
  /** Of the document that it was made with. */
  document: z.string(),
  /** Digits of telephone numbers were taken out. */
  numbersHidden: z.boolean(),
  exchanges: z.array(z.object({
    method: z.string(), url: z.string(), body: z.string().nullable(), status: z.number().int(), headers: texts, answer: z.string(),
  })),
})
export type Recording = z.infer<typeof recording>

/** Headers of an answer that say something of its content. */
const keptHeaders = ['content-type', 'retry-after']

export const emptyRecording = (document: string, numbersHidden: boolean): Recording => ({ document, numbersHidden, exchanges: [] })

/** Throws `CommandError` when it is none. */
export function readRecording(path: string): Recording {
  if (!existsSync(path)) throw new CommandError(`${path} does not exist.`)
  try {
    return recording.parse(JSON.parse(readFileSync(path, 'utf8')))
  } catch (error) {
    throw new CommandError(`${path} is no recording that linefinder record has made.`, { cause: error })
  }
}

export function writeRecording(path: string, made: Recording): void {
  writeFileSync(path, `${JSON.stringify(made, null, 2)}\n`, { mode: 0o600 })
}

/** With the exchange, which replaces an earlier one with the same request. What there was no answer to is not kept. */
export function withExchange(made: Recording, { sent, answered }: Exchange, secrets: Secrets): Recording {
  if (!answered) return made
  const hide = made.numbersHidden ? withoutNumbers : (text: string) => text
  const clean = (text: string): string => hide(secrets.without(text))
  const { method, url, body } = keyOf(sent, clean)
  return {
    ...made,
    exchanges: [
      ...made.exchanges.filter(each => each.method !== method || each.url !== url || each.body !== body),
      {
        method, url, body, status: answered.status, answer: clean(answered.body),
        headers: Object.fromEntries(Object.entries(answered.headers).filter(([name]) => keptHeaders.includes(name.toLowerCase()))),
      },
    ],
  }
}

/** The recorded answer to a request. Throws `CommandError` when there is none. */
export function answerFrom(made: Recording, sent: Sent, secrets: Secrets): Answered {
  const clean = (text: string): string => made.numbersHidden ? withoutNumbers(secrets.without(text)) : secrets.without(text)
  const { method, url, body } = keyOf(sent, clean)
  const found = made.exchanges.find(each => each.method === method && each.url === url && each.body === body)
  if (!found) {
    const others = made.exchanges.map(each => `  ${each.method} ${each.url}`)
    throw new CommandError([`The recording has no answer to ${method} ${url}${body === null ? '' : ' with this body'}.`, ...(others.length === 0 ? [] : ['It has:', ...others])].join('\n'))
  }
  return { status: found.status, headers: found.headers, body: found.answer }
}

const keyOf = ({ method, url, body }: Sent, clean: (text: string) => string) => ({ method, url: clean(url), body: body === null ? null : clean(body) })

/**
 * Digits of what is written like a telephone number become 0: with a plus in front, encoded or not, or with a 0 and at least seven digits,
 * however they are grouped. Times stay.
 */
export const withoutNumbers = (text: string): string =>
  text.replace(/(?:\+|%2B|(?<![\w.:%-])0)\d(?:[\s().-]|%20|%28|%29)*(?:\d(?:[\s().-]|%20|%28|%29)*){5,}/gi, number => number.replace(/%(2B|20|28|29)|\d/gi, (match, code) => code === undefined ? '0' : match))
