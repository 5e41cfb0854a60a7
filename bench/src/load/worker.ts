import autocannon from 'autocannon'
import * as z from 'zod'
import { ContactBook } from '../crm/contact-book.js'
import { announce } from '../parts/announce.js'
import { cpuMsOf, rssBytesOf } from '../parts/process-usage.js'
import { percentile } from '../statistics.js'
import { loadJob, type LoadJob, type LoadResult } from './load-job.js'
import { createQuestions, type Question } from './questions.js'

interface Fired {
  readonly latenciesMs: readonly number[]
  readonly failures: readonly string[]
  readonly elapsedMs: number
}

const { seed } = z.object({ seed: z.int() }).parse(JSON.parse(process.argv[2] ?? ''))
const book = new ContactBook(seed)

process.on('message', (message: unknown) => {
  run(loadJob.parse(message)).then(
    result => { process.send?.(result) },
    (error: unknown) => { process.send?.({ error: String(error) }) },
  )
})
announce('ready')

async function run(job: LoadJob): Promise<LoadResult> {
  const ask = createQuestions(job, book)
  if (job.warmUpSeconds > 0) await fire(job, ask, { duration: job.warmUpSeconds })
  const [serverCpu, client] = [cpuMsOf(job.serverPid), process.cpuUsage()]
  const { latenciesMs, failures, elapsedMs } = await fire(job, ask, 'seconds' in job.length ? { duration: job.length.seconds } : { amount: job.length.requests })
  if (latenciesMs.length === 0) throw new Error(`no answer at all; ${failures[0] ?? 'nor any error'}`)
  const [serverCpuAfter, { user, system }] = [cpuMsOf(job.serverPid), process.cpuUsage(client)]
  const sorted = Float64Array.from(latenciesMs).sort()
  return {
    requests: sorted.length,
    failed: failures.length,
    firstFailure: failures[0] ?? null,
    requestsPerSecond: sorted.length / elapsedMs * 1000,
    p50Ms: percentile(sorted, 0.5),
    p99Ms: percentile(sorted, 0.99),
    maxMs: percentile(sorted, 1),
    serverCpuMs: serverCpu === null || serverCpuAfter === null ? null : serverCpuAfter - serverCpu,
    clientCpuMs: (user + system) / 1000,
    serverRssBytes: rssBytesOf(job.serverPid),
  }
}

/** Every response time is kept: autocannon's own histogram counts whole milliseconds. */
async function fire(job: LoadJob, ask: () => Question, length: { duration: number } | { amount: number }): Promise<Fired> {
  const latenciesMs: number[] = []
  const failures: string[] = []
  const startedAt = performance.now()
  let endedAt = startedAt

  let clients = 0
  const setupClient = (client: autocannon.Client) => {
    // A question that its client has no request left for would be lost to the others.
    let left = 'amount' in length ? quotaOf(length.amount, job.connections, clients++) : Infinity
    let question = ask()
    let body = ''
    client.setRequests([requestOf(question)])
    client.on('body', (chunk: Buffer) => { body += chunk.toString() })
    // The client builds its next request after it has told of this answer.
    client.on('response', (status: number, _bytes: number, durationMs: number) => {
      endedAt = performance.now()
      latenciesMs.push(durationMs)
      const failure = question.check(status, body)
      if (failure !== null) failures.push(failure)
      if (--left <= 0) return
      question = ask()
      body = ''
      client.setRequests([requestOf(question)])
    })
  }
  await new Promise<void>((resolve, reject) => {
    const instance = autocannon({
      url: job.url, headers: job.headers, connections: job.connections, timeout: 30, sampleInt: 50, setupClient, ...length,
    }, (error: unknown) => { if (error) reject(error); else resolve() })
    instance.on('reqError', (error: unknown) => { failures.push(`no answer: ${error instanceof Error ? error.message : String(error)}`) })
  })
  return { latenciesMs, failures, elapsedMs: endedAt - startedAt }
}

const requestOf = ({ method, path, body }: Question): autocannon.Request => ({ method, path, ...(body === undefined ? {} : { body }) })

/** How autocannon shares requests out. */
const quotaOf = (requests: number, connections: number, client: number): number =>
  Math.floor(requests / connections) + (client < requests % connections ? 1 : 0)
