import type { Report, Result } from '@linefinder/conformance'

const words = { passed: 'ok', failed: 'FAILED', limited: 'limited', absent: '-' } as const

/** One line for each check, below the name of its topic. */
export class ResultPrinter {
  #topic: string | undefined

  constructor(private readonly write: (line: string) => void) {}

  print({ check: { topic, name }, outcome }: Result): void {
    if (topic !== this.#topic) this.write(`\n${topic}`)
    this.#topic = topic
    const reason = 'reason' in outcome && outcome.status !== 'absent' ? outcome.reason.split('\n') : []
    this.write(`  ${words[outcome.status].padEnd(8)}${name}${outcome.status === 'limited' ? ` (${reason[0] ?? ''})` : ''}`)
    if (outcome.status === 'failed') for (const line of reason) this.write(`            ${line}`)
  }

  summary({ adapter, counts: { passed, failed, limited, absent } }: Report): string {
    const counts = `${String(passed)} passed, ${String(failed)} failed, ${String(limited)} limited, ${String(absent)} about what it does not offer`
    return `${adapter.name}: ${counts}. ${failed === 0 ? 'It is right.' : 'It is not right yet.'}`
  }
}
