import { Command, InvalidArgumentError } from 'commander'

export const suiteNames = ['lookup', 'layers', 'sync', 'ledger', 'parse', 'declarative'] as const
export type SuiteName = (typeof suiteNames)[number]

/** What the suite `ledger` measures, in this order. */
export const ledgerParts = ['acceptance', 'independence', 'delivery', 'stored', 'backlog'] as const
export type LedgerPart = (typeof ledgerParts)[number]

export interface Settings {
  readonly suite: SuiteName
  readonly contacts: number
  /** Call logs that are there before, of those that wait for their delivery, and of those whose delivery is measured. */
  readonly stored: number
  readonly backlog: number
  readonly deliveries: number
  readonly parts: readonly LedgerPart[]
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
    .option('--parts <list>', `of the suite ledger: ${ledgerParts.join(', ')}`, toParts, [...ledgerParts])
    .option('--seconds <seconds>', 'how long one measurement lasts', toNumber, 6)
    .option('--warm-up <seconds>', 'what runs before it unmeasured', toNumber, 2)
    .option('--rounds <count>', 'how often each side is measured', toNumber, 2)
    .option('--connections <list>', 'numbers of connections', toNumbers, [1, 10, 64])
    .option('--seed <seed>', 'what everything generated follows from', toNumber, 1)
    .option('--out <folder>', 'where the result goes as JSON; with --quick, nowhere by default', 'bench/results')
    .option('--quick', '20,000 contacts, few call logs and 1 s: proves that it works, measures nothing', false)
    .parse(args, { from: 'user' })
  const { warmUp, quick, out, ...given } = program.opts<Omit<Settings, 'suite' | 'warmUpSeconds' | 'out'> & { warmUp: number; quick: boolean; out: string }>()
  const isDefault = (name: string) => program.getOptionValueSource(name) === 'default'
  // `toSuite` has checked it.
  const suite = program.processedArgs[0] as SuiteName
  return {
    ...given,
    suite,
    contacts: quick && isDefault('contacts') ? 20_000 : given.contacts,
    stored: quick && isDefault('stored') ? 5000 : given.stored,
    backlog: quick && isDefault('backlog') ? 2000 : given.backlog,
    deliveries: quick && isDefault('deliveries') ? 200 : given.deliveries,
    seconds: quick && isDefault('seconds') ? 1 : given.seconds,
    warmUpSeconds: quick && isDefault('warmUp') ? 0.2 : warmUp,
    rounds: quick && isDefault('rounds') ? 1 : given.rounds,
    out: quick && isDefault('out') ? null : out,
  }
}

function toSuite(text: string): SuiteName {
  const suite = suiteNames.find(name => name === text)
  if (suite === undefined) throw new InvalidArgumentError(`Suites are ${suiteNames.join(', ')}.`)
  return suite
}

const toParts = (text: string): LedgerPart[] => text.split(',').map(part => {
  const known = ledgerParts.find(name => name === part)
  if (known === undefined) throw new InvalidArgumentError(`Parts are ${ledgerParts.join(', ')}.`)
  return known
})

function toNumber(text: string): number {
  const number = Number(text)
  if (text.trim() === '' || !(number > 0)) throw new InvalidArgumentError('It must be a number above 0.')
  return number
}

const toNumbers = (text: string): number[] => text.split(',').map(toNumber)
