import { expect, it } from '@jest/globals'
import { WriteBatch } from './write-batch.js'

interface Statement {
  readonly questions: readonly string[]
  end(error?: Error): void
}

/** A batch whose statements end when the test says so. Answers are the questions in capitals. */
function start(limits = { maxRunning: 1, maxSize: 100 }) {
  const sent: Statement[] = []
  const batch = new WriteBatch<string, string>({
    keyOf: question => question.slice(0, 1),
    write: questions => new Promise((resolve, reject) => {
      sent.push({ questions, end: error => { if (error) reject(error); else resolve(questions.map(question => question.toUpperCase())) } })
    }),
    isRepeated: (earlier, later) => earlier === later,
    answerRepeated: answer => `${answer} again`,
  }, limits)
  return { batch, sent, texts: () => sent.map(({ questions }) => questions.join(' ')) }
}
const turn = () => new Promise(resolve => setImmediate(() => setImmediate(resolve)))
const refused = (code: string) => Object.assign(new Error(code), { code })

it('sends what arrives together in one statement, and answers each its own', async () => {
  const { batch, sent, texts } = start()
  const answers = Promise.all(['a', 'b', 'c'].map(question => batch.add(question)))
  await turn()
  expect(texts()).toEqual(['a b c'])
  sent[0]?.end()
  expect(await answers).toEqual(['A', 'B', 'C'])
})

it('gathers what arrives while a statement runs', async () => {
  const { batch, sent, texts } = start()
  const first = batch.add('a')
  await turn()
  const others = [batch.add('b'), batch.add('c')]
  await turn()
  expect(texts()).toEqual(['a'])
  sent[0]?.end()
  await first
  await turn()
  expect(texts()).toEqual(['a', 'b c'])
  sent[1]?.end()
  await Promise.all(others)
})

it('writes one key in one statement after the other, in order, also when several may run', async () => {
  const { batch, sent, texts } = start({ maxRunning: 2, maxSize: 100 })
  const answers = [batch.add('a1'), batch.add('a2'), batch.add('b1')]
  await turn()
  const later = batch.add('a3')
  await turn()
  expect(texts()).toEqual(['a1 b1'])
  for (const index of [0, 1, 2]) {
    sent[index]?.end()
    await turn()
  }
  expect(texts()).toEqual(['a1 b1', 'a2', 'a3'])
  expect(await Promise.all([...answers, later])).toEqual(['A1', 'A2', 'B1', 'A3'])
})

it('asks again for each alone when one row is refused, so that only that one fails', async () => {
  const { batch, sent, texts } = start()
  const answers = Promise.allSettled(['a', 'b'].map(question => batch.add(question)))
  await turn()
  sent[0]?.end(refused('22P05'))
  await turn()
  sent[1]?.end(refused('22P05'))
  await turn()
  sent[2]?.end()
  expect(await answers).toMatchObject([{ status: 'rejected', reason: { code: '22P05' } }, { status: 'fulfilled', value: 'B' }])
  expect(texts()).toEqual(['a b', 'a', 'b'])
})

it('fails for all when the database is gone, and goes on afterwards', async () => {
  const { batch, sent } = start()
  const answers = Promise.allSettled(['a', 'b'].map(question => batch.add(question)))
  await turn()
  sent[0]?.end(refused('57P01'))
  expect(await answers).toMatchObject([{ status: 'rejected' }, { status: 'rejected' }])
  const next = batch.add('a')
  await turn()
  sent[1]?.end()
  expect(await next).toBe('A')
})

it('puts no more than its size into a statement', async () => {
  const { batch, sent, texts } = start({ maxRunning: 1, maxSize: 2 })
  const answers = Promise.all(['a', 'b', 'c'].map(question => batch.add(question)))
  await turn()
  sent[0]?.end()
  await turn()
  sent[1]?.end()
  await answers
  expect(texts()).toEqual(['a b', 'c'])
})

it('writes once what is said several times, unless something else of its key was said in between', async () => {
  const { batch, sent, texts } = start()
  const answers = ['a1', 'a1', 'a2', 'a1', 'b1', 'b1'].map(question => batch.add(question))
  for (const index of [0, 1, 2]) {
    await turn()
    sent[index]?.end()
  }
  expect(await Promise.all(answers)).toEqual(['A1', 'A1 again', 'A2', 'A1', 'B1', 'B1 again'])
  expect(texts()).toEqual(['a1 b1', 'a2', 'a1'])
})
