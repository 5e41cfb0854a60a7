import { Command, InvalidArgumentError } from 'commander'

export const suiteNames = ['lookup', 'layers', 'sync', 'ledger', 'parse', 'declarative', 'peer'] as const
export type SuiteName = (typeof suiteNames)[number]

/** What the suite `ledger` measures, in this order. */
export const ledgerParts = ['acceptance', 'independence', 'delivery', 'stored', 'backlog'] as const
export type LedgerPart = (typeof ledgerParts)[number]

/** What the suite `peer` measures, in this order. */
export const peerParts = ['contacts', 'unasked', 'call-logs', 'stored', 'start', 'faults'] as const
export type PeerPart = (typeof peerParts)[number]

export interface Settings {
  readonly suite: SuiteName
  readonly contacts: number
  /** Call logs that are there before, of those that wait for their delivery, and of those whose delivery is measured. */
  readonly stored: number
  readonly backlog: number
  readonly deliveries: number
  readonly parts: readonly LedgerPart[]
  readonly peerParts: readonly PeerPart[]
  /** How long the CRM takes, in the suite `peer`. */
  readonly latencies: readonly number[]
  /** Pairs of requests for one call at once, in the suite `peer`. */
  readonly pairs: number
  /** How long one measurement lasts, and what runs before it unmeasured. */
  readonly seconds: number
  readonly warmUpSeconds: number
  /** Each side of a comparison is measured so often, in turn with the other. */
  readonly rounds: number
  readonly connections: readonly number[]
  /** Numbers, names and the order of questions follow from it. */
  readonly seed: number
  /** Folder of the result as JSON; `null`: none is written. */
  readonly out: string | null
}

/** `args`: without the program's name. Ends the process, with help, when they are wrong. */
export function readSettings(args: readonly string[]): Settings {
  const program = new Command('bench')
    .description('Measures Linefinder against the least that could do the same work.')
    .argument('[suite]', suiteNames.join(', '), toSuite, 'lookup')
    .option('--contacts <count>', 'contacts in the generated CRM', toNumber, 1_000_000)
    .option('--stored <count>', 'call logs that are stored', toNumber, 1_000_000)
    .option('--backlog <count>', 'call logs that wait for their delivery', toNumber, 100_000)
    .option('--deliveries <count>', 'call logs that are delivered', toNumber, 10_000)
    .option('--parts <list>', `of the suite ledger: ${ledgerParts.join(', ')}; of the suite peer: ${peerParts.join(', ')}`)
    .option('--latencies <list>', 'how many ms the CRM takes, in the suite peer', toLatencies, [0, 50, 300])
    .option('--pairs <count>', 'of requests for one call at once, in the suite peer', toNumber, 60)
    .option('--seconds <seconds>', 'how long one measurement lasts; of the suite peer, which has many, 3 by default', toNumber, 6)
    .option('--warm-up <seconds>', 'what runs before it unmeasured; of the suite peer 1', toNumber, 2)
    .option('--rounds <count>', 'how often each side is measured', toNumber, 2)
    .option('--connections <list>', 'numbers of connections', toNumbers, [1, 10, 64])
    .option('--seed <seed>', 'what everything generated follows from', toNumber, 1)
    .option('--out <folder>', 'where the result goes as JSON; with --quick, nowhere by default', 'bench/results')
    .option('--quick', '20,000 contacts, few call logs and 1 s: proves that it works, measures nothing', false)
    .parse(args, { from: 'user' })
  const { warmUp, quick, out, parts, ...given } = program.opts<Omit<Settings, 'suite' | 'warmUpSeconds' | 'out' | 'parts' | 'peerParts'> & { warmUp: number; quick: boolean; out: string; parts?: string }>()
  const isDefault = (name: string) => program.getOptionValueSource(name) === 'default'
  // `toSuite` has checked it.
  const suite = program.processedArgs[0] as SuiteName
  const isPeer = suite === 'peer'
  const pick = <Part extends string>(known: readonly Part[], isAsked: boolean): readonly Part[] => {
    const wanted = isAsked ? parts?.split(',') : undefined
    const wrong = wanted?.filter(part => !known.some(name => name === part)) ?? []
    if (wrong.length > 0) program.error(`error: Parts are ${known.join(', ')}.`)
    // Every one of them has been found among the known ones.
    return (wanted as Part[] | undefined) ?? known
  }
  return {
    ...given,
    suite,
    parts: pick(ledgerParts, !isPeer),
    peerParts: pick(peerParts, isPeer),
    latencies: quick && isDefault('latencies') ? [0, 50] : given.latencies,
    pairs: quick && isDefault('pairs') ? 3 : given.pairs,
    contacts: quick && isDefault('contacts') ? 20_000 : given.contacts,
    stored: quick && isDefault('stored') ? 5000 : given.stored,
    backlog: quick && isDefault('backlog') ? 2000 : given.backlog,
    deliveries: quick && isDefault('deliveries') ? 200 : given.deliveries,
    seconds: !isDefault('seconds') ? given.seconds : quick ? 1 : isPeer ? 3 : given.seconds,
    warmUpSeconds: !isDefault('warmUp') ? warmUp : quick ? 0.2 : isPeer ? 1 : warmUp,
    rounds: quick && isDefault('rounds') ? 1 : given.rounds,
    out: quick && isDefault('out') ? null : out,
  }
}

function toSuite(text: string): SuiteName {
  const suite = suiteNames.find(name => name === text)
  if (suite === undefined) throw new InvalidArgumentError(`Suites are ${suiteNames.join(', ')}.`)
  return suite
}

function toNumber(text: string): number {
  const number = Number(text)
  if (text.trim() === '' || !(number > 0)) throw new InvalidArgumentError('It must be a number above 0.')
  return number
}

const toLatencies = (text: string): number[] => text.split(',').map(part => {
  if (!/^\d+$/.test(part)) throw new InvalidArgumentError('They must be whole numbers.')
  return Number(part)
})

const toNumbers = (text: string): number[] => text.split(',').map(toNumber)
