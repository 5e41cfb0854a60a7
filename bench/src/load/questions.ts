import { callIdOf, callOf, storedCallId } from '../calls.js'
import type { ContactBook } from '../crm/contact-book.js'
import { createDraw } from '../crm/seeded.js'
import { createAnswerCheck } from './answer-check.js'
import type { LoadJob, NumberQuestions } from './load-job.js'

/** One request, and how its answer is judged. */
export interface Question {
  readonly method: 'GET' | 'PUT'
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
        return { method: 'PUT', path: path + id, body: JSON.stringify(callOf(next)), check: (status, body) => isOf(id, body) && status >= 200 && status <= 202 ? null : wrong(status, body) }
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

function numbersOf({ from, to, order, which, seed, contacts, sources }: NumberQuestions, path: string, book: ContactBook): () => Question {
  const draw = createDraw(seed)
  const check = createAnswerCheck(sources)
  let next = from
  return () => {
    const index = order === 'random' ? from + draw(to - from) : next++
    const numbers = book.numbersAt(index)
    const number = numbers[which === 'first' ? 0 : draw(numbers.length)] ?? ''
    const expected = index < contacts ? book.idAt(index) : null
    return { method: 'GET', path: path + encodeURIComponent(number), check: (status, body) => check(status, body, expected) }
  }
}

const isOf = (callId: string, body: string): boolean => body.includes(`"callId":"${callId}"`)
const wrong = (status: number, body: string): string => `status ${String(status)}: ${body.slice(0, 300)}`
