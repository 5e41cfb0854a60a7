import { Command, InvalidArgumentError, Option } from 'commander'
import { phoneOutputs } from '@linefinder/core/api'
import { isCountry } from '@linefinder/core/phone'
import type { CleanFileOptions } from './clean-file.js'
import { fileFormats, type FileFormat } from './file-format.js'
import { PhonesError } from './phones-error.js'

export function phonesCommand(): Command {
  const phones = new Command('phones').description('phone numbers in files')
  phones.command('clean [file]').description('write every number of a CSV or NDJSON file, or of a pipe, in one form')
    .requiredOption('--column <name>', 'column, or member of each JSON object, that holds a number; may be given several times', append)
    .option('--country <code>', 'reads numbers that name no country: two letters (ISO 3166-1)', country)
    .option('--area-code <digits>', 'completes local numbers; without its leading zero', digits)
    .addOption(new Option('--to <form>', 'form to write').choices(phoneOutputs).default('e164'))
    .addOption(new Option('--format <format>', 'default: as the name or the beginning of the file tells').choices(fileFormats))
    .option('--delimiter <character>', 'between the fields of a CSV file; "tab" is one (default: a comma, in .tsv a tab)', delimiter)
    .option('--extension-column <name>', 'moves extensions there; added where there is none')
    .option('--accept-possible', 'write numbers of a fitting length also when nobody has them in use', false)
    .option('--output <file>', 'default: standard output')
    .option('--in-place', 'replace the file, at the end and as a whole', false)
    .option('--report <file>', 'CSV of what could not be cleaned: line, column, value, reason')
    .option('--force', 'overwrite files that --output and --report name', false)
    .option('--strict', 'exit with 2 when something could not be cleaned', false)
    .action(runClean)
  return phones
}

interface Typed {
  column: string[]
  country?: string
  areaCode?: string
  to: (typeof phoneOutputs)[number]
  format?: FileFormat
  delimiter?: string
  extensionColumn?: string
  acceptPossible: boolean
  output?: string
  inPlace: boolean
  report?: string
  force: boolean
  strict: boolean
}

/** Sets the exit code: 2 by `--strict`, and what a shell expects of a process that a signal ended. */
async function runClean(file: string | undefined, typed: Typed): Promise<void> {
  const options = toOptions(typed)
  const stop = new AbortController()
  let exitCode = 0
  for (const [signal, code] of [['SIGINT', 130], ['SIGTERM', 143]] as const) {
    process.once(signal, () => {
      exitCode = code
      stop.abort()
    })
  }
  try {
    const { cleanFile } = await import('./clean-file.js')
    const tally = await cleanFile(file, options, stop.signal)
    process.stderr.write(tally.summary())
    if (typed.strict && tally.left > 0) process.exitCode = 2
  } catch (error) {
    // Whoever reads the output has enough of it, as `head` does.
    if (error instanceof Error && 'code' in error && error.code === 'EPIPE') return
    if (!stop.signal.aborted) throw error
    process.stderr.write('Stopped. No file was changed.\n')
    process.exitCode = exitCode
  }
}

function toOptions({ column, to, inPlace, output, ...typed }: Typed): CleanFileOptions {
  if (inPlace && output !== undefined) throw new PhonesError('--in-place and --output exclude each other.')
  if (typed.areaCode !== undefined && typed.country === undefined) throw new PhonesError('--area-code needs --country.')
  if ((to === 'national' || to === 'digits') && typed.country === undefined) throw new PhonesError(`--to ${to} needs --country: without it the result could not be read again.`)
  if (typed.extensionColumn !== undefined && column.length > 1) throw new PhonesError('--extension-column goes with one --column: two extensions do not fit into it.')
  if (typed.extensionColumn !== undefined && column.includes(typed.extensionColumn)) throw new PhonesError('--extension-column cannot be the column of the numbers.')
  return {
    columns: [...new Set(column)],
    phone: { country: typed.country, areaCode: typed.areaCode },
    output: to,
    format: typed.format,
    delimiter: typed.delimiter,
    extensionColumn: typed.extensionColumn,
    movesExtension: typed.extensionColumn !== undefined,
    acceptsPossible: typed.acceptPossible,
    target: inPlace ? { kind: 'in-place' } : output === undefined ? { kind: 'stdout' } : { kind: 'file', path: output },
    report: typed.report,
    overwrites: typed.force,
  }
}

const append = (name: string, before: string[] = []): string[] => [...before, name]

function country(text: string): string {
  const code = text.toUpperCase()
  if (!isCountry(code)) throw new InvalidArgumentError('It is no country. Codes are two letters of ISO 3166-1, such as NL, DE or US.')
  return code
}

function digits(text: string): string {
  if (!/^\d{1,8}$/.test(text)) throw new InvalidArgumentError('It must be digits.')
  return text
}

function delimiter(text: string): string {
  const character = text === 'tab' || text === '\\t' ? '\t' : text
  if (!/^[\t !#-~]$/.test(character)) throw new InvalidArgumentError('It must be one character, or "tab".')
  return character
}
