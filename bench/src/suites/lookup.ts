import { compare, summarise, type Measured, type Side } from '../comparison.js'
import { countCalls, setManners } from '../crm/crm-control.js'
import { anyOf, askFloor, askServer, firstOf } from '../load/jobs.js'
import { failureTables, loadTable, ratioTable } from '../load-tables.js'
import { settle } from '../postgres.js'
import type { SuiteResult, Table } from '../report.js'
import type { Settings } from '../settings.js'
import { onStage, type Stage } from '../stage.js'
import { fillDirectory, installCrm } from '../tenant.js'

const crmLatencyMs = 300
const crowdSize = 1000
const rememberedNumbers = 1000

/** How fast numbers are looked up: in the directory and in remembered answers against the floor, and live. */
export const measureLookup = (settings: Settings): Promise<SuiteResult> => onStage(settings, async stage => {
  const withDirectory = await installCrm(stage.server, stage.crm.host, 'With a directory')
  const { token } = await installCrm(stage.server, stage.crm.host, 'Without a directory')
  const directory = await fillDirectory(stage.server, withDirectory)
  await settle(stage.database.url)

  const compared = await compareWithFloor(stage, settings, directory.id, { withDirectory: withDirectory.token, without: token })
  await setManners(stage.crm.host, { searchMs: crmLatencyMs })
  const live = await compareLive(stage, settings, { withDirectory: withDirectory.token, without: token })
  const crowd = await measureCrowd(stage, settings, token)
  return {
    measurements: [directory, ...compared, ...live, crowd],
    tables: [
      loadTable(`Lookup among ${String(directory.contacts)} contacts with ${String(directory.numbers)} numbers`, compared),
      ratioTable('Linefinder over the floor', compared),
      loadTable(`Directory and live search, the CRM taking ${String(crmLatencyMs)} ms`, live),
      liveTable(live),
      crowdTable(crowd),
      ...failureTables([...compared, ...live, crowd.measured]),
    ],
  }
})

/** Sessions of an agent. */
interface Tokens {
  readonly withDirectory: string
  readonly without: string
}

async function compareWithFloor(stage: Stage, settings: Settings, directoryId: string, tokens: Tokens): Promise<Measured[]> {
  const { contacts, connections } = settings
  const floor = await stage.startFloor(directoryId)
  const inDirectory = (from: number, to: number) => (count: number): Side[] => [
    { who: 'floor', job: askFloor(settings, floor, count, anyOf(from, to)) },
    { who: 'linefinder', job: askServer(settings, stage.server, tokens.withDirectory, count, anyOf(from, to), ['directory']) },
  ]
  const set = Math.min(rememberedNumbers, contacts)
  const remembered = (count: number): Side[] => [
    { who: 'floor', job: askFloor(settings, floor, count, firstOf(0, set, 'random')) },
    {
      who: 'linefinder',
      job: askServer(settings, stage.server, tokens.without, count, firstOf(0, set, 'random'), ['remembered', 'crm']),
      // An answer is remembered for a short time only, so that each round needs new ones.
      prepare: async () => {
        const job = askServer(settings, stage.server, tokens.without, 10, firstOf(0, set, 'once'), ['crm', 'remembered'])
        await stage.load.run({ ...job, warmUpSeconds: 0, length: { requests: set } })
      },
    },
  ]
  // A process that has just started, and tables that nobody has read, would make the first case the slowest.
  await compare(stage.load, 'unmeasured', 1, inDirectory(0, contacts)(10))
  const measured: Measured[] = []
  for (const [name, sidesFor] of Object.entries({ known: inDirectory(0, contacts), unknown: inDirectory(contacts, 2 * contacts), remembered })) {
    for (const count of connections) measured.push(...await compare(stage.load, name, settings.rounds, sidesFor(count)))
  }
  return measured
}

/** Numbers that were asked before are not asked again: each is a search of the CRM. */
async function compareLive(stage: Stage, settings: Settings, tokens: Tokens): Promise<Measured[]> {
  const { contacts } = settings
  let next = Math.max(Math.floor(contacts / 2), rememberedNumbers)
  const measured: Measured[] = []
  for (let round = 0; round < settings.rounds; round++) {
    const live = { ...askServer(settings, stage.server, tokens.without, 1, firstOf(next, contacts, 'once'), ['crm']), warmUpSeconds: 0 }
    const known = askServer(settings, stage.server, tokens.withDirectory, 1, anyOf(0, contacts), ['directory'])
    const [inDirectory, asked] = await compare(stage.load, 'one after another', 1, [{ who: 'directory', job: known }, { who: 'live', job: live }])
    if (!inDirectory || !asked) break
    next += (asked.rounds[0]?.requests ?? 0) + 1
    measured.push(inDirectory, asked)
  }
  return ['directory', 'live'].map(who => {
    const rounds = measured.filter(each => each.who === who).flatMap(each => each.rounds)
    return { case: 'one after another', connections: 1, who, rounds }
  })
}

function liveTable(live: readonly Measured[]): Table {
  const [directory = NaN, asked = NaN] = live.map(each => summarise(each).p50Ms)
  return { title: 'Median wait', columns: ['directory, ms', 'live, ms', 'times as long'], rows: [[directory, asked, asked / directory]] }
}

interface Crowd {
  readonly measured: Measured
  /** Searches that the CRM counted. */
  readonly searches: number
}

/** Everyone asks for one number at once that nobody has asked for before. */
async function measureCrowd({ crm, server, load }: Stage, settings: Settings, token: string): Promise<Crowd> {
  const last = settings.contacts - 1
  const job = askServer(settings, server, token, crowdSize, firstOf(last, last + 1, 'random'), ['crm', 'remembered'])
  const before = await countCalls(crm.host)
  // Whoever waits longer than the deadline would be told to ask again.
  const path = '/v1/contacts?deadline_ms=30000&phone='
  const result = await load.run({ ...job, path, warmUpSeconds: 0, length: { requests: crowdSize } })
  const after = await countCalls(crm.host)
  return {
    measured: { case: 'one number at once', connections: crowdSize, who: 'linefinder', rounds: [result] },
    searches: after.searches - before.searches,
  }
}

function crowdTable({ measured, searches }: Crowd): Table {
  const [round] = measured.rounds
  return {
    title: `${String(crowdSize)} callers ask for one number at once`,
    columns: ['answered', 'failed', 'searches in the CRM', 'p50 ms', 'slowest ms'],
    rows: [[round?.requests ?? 0, round?.failed ?? 0, searches, round?.p50Ms ?? NaN, round?.maxMs ?? NaN]],
  }
}
