import { callIdOf, callOf, storedCallId, wireCallOf } from '../calls.js'
import type { ContactBook } from '../crm/contact-book.js'
import { createDraw } from '../crm/seeded.js'
import { createAnswerCheck } from './answer-check.js'
import type { LoadJob, NumberQuestions, WireNumbers } from './load-job.js'

/** One request, and how its answer is judged. */
export interface Question {
  readonly method: 'GET' | 'PUT' | 'POST'
  readonly path: string
  readonly body?: string
  /** `null` when the answer is right, else what is wrong. */
  check(status: number, body: string): string | null
}

export function createQuestions({ questions, path }: LoadJob, book: ContactBook): () => Question {
  switch (questions.of) {
    case 'numbers': return numbersOf(questions, path, book)
    case 'call writes': {
      const run = `${String(questions.seed)}-${Date.now().toString(36)}`
      let next = 0
      return () => {
        const id = callIdOf(run, next++)
        return { method: 'PUT', path: path + id, body: JSON.stringify(callOf(next)), check: (status, body) => isOf(id, body) && status >= 200 && status <= (questions.isInCrm === true ? 201 : 202) ? null : wrong(status, body) }
      }
    }
    case 'wire numbers': {
      const numbers = numbersAsked(questions, book)
      return () => {
        const { number, expected } = numbers()
        return { method: 'GET', path: path + encodeURIComponent(number), check: (status, body) => status === 200 && isFound(body, expected) ? null : wrong(status, body) }
      }
    }
    case 'wire writes': {
      const run = `${String(questions.seed)}-${Date.now().toString(36)}`
      const logId = questions.isInCrm ? /"logId":"a\d+"/ : /"logId":"[^"]+"/
      let next = 0
      return () => {
        const body = JSON.stringify(wireCallOf(callIdOf(run, next++), next))
        return { method: 'POST', path, body, check: (status, answer) => status === 200 && answer.includes('"successful":true') && logId.test(answer) ? null : wrong(status, answer) }
      }
    }
    case 'call reads': {
      const draw = createDraw(questions.seed)
      return () => {
        const id = storedCallId(draw(questions.count))
        return { method: 'GET', path: path + id, check: (status, body) => isOf(id, body) && status === 200 ? null : wrong(status, body) }
      }
    }
  }
}

function numbersOf(asked: NumberQuestions, path: string, book: ContactBook): () => Question {
  const check = createAnswerCheck(asked.sources)
  const numbers = numbersAsked(asked, book)
  return () => {
    const { number, expected } = numbers()
    return { method: 'GET', path: path + encodeURIComponent(number), check: (status, body) => check(status, body, expected) }
  }
}

function numbersAsked({ from, to, order, which, seed, contacts }: Omit<WireNumbers, 'of'>, book: ContactBook): () => { number: string; expected: string | null } {
  const draw = createDraw(seed)
  let next = from
  return () => {
    const index = order === 'random' ? from + draw(to - from) : next++
    const numbers = book.numbersAt(index)
    return { number: numbers[which === 'first' ? 0 : draw(numbers.length)] ?? '', expected: index < contacts ? book.idAt(index) : null }
  }
}

/** Whoever searches by a number's last digits finds a few more. */
const isFound = (body: string, expected: string | null): boolean => body.includes('"successful":true') && (expected === null || body.includes(`"id":"${expected}"`))

const isOf = (callId: string, body: string): boolean => body.includes(`"callId":"${callId}"`)
const wrong = (status: number, body: string): string => `status ${String(status)}: ${body.slice(0, 300)}`
