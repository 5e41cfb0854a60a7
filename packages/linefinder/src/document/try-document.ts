import { existsSync } from 'node:fs'
import { CrmError } from '@linefinder/core'
import { AddressGuard } from '@linefinder/server'
import { methodNames, type Description, type MethodName } from '@linefinder/declarative'
import { CommandError } from '../command-error.js'
import { readDocumentFile } from './document-file.js'
import { watch, type Exchange, type StandIn } from './exchanges.js'
import { givenProperties, givenToken, type Terminal, type ValueOptions } from './given-values.js'
import { openCrm, type OpenCrm } from './open-crm.js'
import { answerFrom, emptyRecording, readRecording, withExchange, writeRecording } from './recording.js'
import { answerLines, mappedLines, requestLines } from './show.js'

export interface TryOptions extends ValueOptions {
  readonly phone?: string
  readonly param: readonly string[]
  readonly host?: string
  readonly strict: boolean
  /** Answers come from there. */
  readonly recording?: string
  /** Exchanges are kept there. */
  readonly out?: string
  readonly keepNumbers?: boolean
}

export interface Surroundings extends Terminal {
  readonly privateOrigins: readonly string[]
  print(line: string): void
}

/** Sends one method as the server would, and shows the request, the answer and what is mapped. Gives the exit code. */
export async function tryDocument(path: string, method: string, options: TryOptions, around: Surroundings): Promise<number> {
  const { description, told, counted } = readDocumentFile(path, options)
  if (told !== '') around.warn(`${told}\n${counted}`)
  if (!description) return 1
  const name = methodIn(description, method)
  const parameters = givenParameters(description, options)
  const guard = new AddressGuard(around.privateOrigins)
  try {
    const properties = await givenProperties(description, options, around)
    const crm = await openCrm({ description, properties, host: options.host, guard, token: () => givenToken(options, around) })
    try {
      return await send(name, parameters, crm, options, around)
    } finally {
      crm.close()
    }
  } catch (error) {
    return tellFailure(error, around)
  } finally {
    guard.close()
  }
}

class NotSent extends Error {}

async function send(name: MethodName, parameters: Record<string, string>, { methods, ctx, secrets }: OpenCrm, options: TryOptions, around: Surroundings): Promise<number> {
  const exchanges: Exchange[] = []
  const played = options.recording === undefined ? undefined : readRecording(options.recording)
  const standIn: StandIn | undefined = options.dryRun
    ? sent => {
        for (const line of requestLines(sent, secrets)) around.print(line)
        throw new NotSent()
      }
    : played && (sent => answerFrom(played, sent, secrets))
  watch(ctx.http, exchange => {
    exchanges.push(exchange)
    for (const line of requestLines(exchange.sent, secrets)) around.print(line)
    around.print('')
    for (const line of exchange.answered ? answerLines(exchange.answered, secrets) : ['no answer']) around.print(line)
    around.print('')
  }, standIn)
  try {
    const answer = await methods.call(ctx, name, parameters)
    for (const line of mappedLines(answer)) around.print(secrets.without(line))
    return 0
  } catch (error) {
    if (isNotSent(error)) return 0
    if (error instanceof CrmError && error.cause instanceof CommandError) throw error.cause
    throw error
  } finally {
    if (options.out !== undefined && exchanges.length > 0) keep(options.out, exchanges, methods.description.id, options, secrets, around)
  }
}

const isNotSent = (error: unknown): boolean => error instanceof NotSent || (error instanceof Error && error.cause instanceof NotSent)

function keep(path: string, exchanges: readonly Exchange[], document: string, options: TryOptions, secrets: OpenCrm['secrets'], around: Surroundings): void {
  const before = existsSync(path) ? readRecording(path) : emptyRecording(document, options.keepNumbers !== true)
  if (before.document !== document) throw new CommandError(`${path} is a recording of ${before.document}, not of ${document}. Name another file.`)
  if (before.numbersHidden === (options.keepNumbers === true)) throw new CommandError(`${path} was begun ${before.numbersHidden ? 'without' : 'with'} --keep-numbers. Go on so, or name another file.`)
  const made = exchanges.reduce((recording, exchange) => withExchange(recording, exchange, secrets), before)
  writeRecording(path, made)
  around.print(`\nkept in ${path}, which has ${String(made.exchanges.length)} now`)
}

function methodIn({ methods }: Description, typed: string): MethodName {
  const name = methodNames.find(each => each.toLowerCase() === typed.toLowerCase())
  if (name !== undefined && methods[name]) return name
  throw new CommandError(`The document has no ${typed}. It has ${Object.keys(methods).join(', ')}.`)
}

function givenParameters({ types }: Description, { phone, param }: TryOptions): Record<string, string> {
  const named = param.map((each): [string, string] => {
    const [name = '', ...rest] = each.split('=')
    if (rest.length === 0) throw new CommandError(`--param is written name=value, not "${each}".`)
    if (!Object.hasOwn(types, name)) throw new CommandError(`"${name}" is no parameter of the document. There are: ${Object.keys(types).join(', ')}.`)
    return [name, rest.join('=')]
  })
  return Object.fromEntries([...(phone === undefined ? [] : [['phone', phone] as const]), ...named])
}

/** What the CRM or its address did wrong, in words. */
function tellFailure(error: unknown, around: Surroundings): number {
  if (!(error instanceof CrmError)) throw error
  around.warn(`${error.code}: ${error.detail ?? error.message}`)
  if (error.code === 'address_refused') around.warn('A private address, or one without https, is asked only where LINEFINDER_PRIVATE_ORIGINS lists it, such as http://127.0.0.1:4100.')
  return 1
}
