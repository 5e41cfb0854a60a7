import request from 'supertest'
import type { TestServer } from './test-server.js'
import { until } from './until.js'

/** Give it to the test server as `metricsKey`. */
export const scraperKey = 'a-key-for-the-scraper'

export const scrape = async ({ url }: TestServer): Promise<string> =>
  (await request(url).get('/metrics').auth(scraperKey, { type: 'bearer' }).expect(200)).text

/** Of the series as it is written, or 0 before there is one. */
export const valueOf = (text: string, series: string): number =>
  Number(text.split('\n').find(line => line.startsWith(`${series} `))?.slice(series.length + 1) ?? 0)

/** Resolves once `work` has raised the series by so much: a request is counted just behind the end of its answer. */
export async function rise(test: TestServer, series: string, by: number, work: () => Promise<unknown>): Promise<void> {
  const before = valueOf(await scrape(test), series)
  await work()
  await until(async () => valueOf(await scrape(test), series) === before + by ? true : null, 5000)
}
