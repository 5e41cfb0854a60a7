import { currentScope } from './scope.js'

const methods = ['log', 'info', 'warn', 'error', 'debug', 'trace'] as const

/** Notes what is printed within a scope. Returns how to stop. */
export function watchOutput(): () => void {
  const real = methods.map(method => [method, console[method]] as const)
  for (const [method, print] of real) {
    console[method] = (...words: unknown[]) => {
      currentScope()?.said.push(textOf(words))
      print.apply(console, words)
    }
  }
  const streams = [process.stdout, process.stderr].map(stream => {
    const write = stream.write.bind(stream)
    // True because whatever is given is passed on as it is; the type has overloads.
    stream.write = ((...given: Parameters<typeof write>) => {
      currentScope()?.said.push(String(given[0]))
      return write(...given)
    }) as typeof stream.write
    return () => { stream.write = write }
  })
  return () => {
    for (const [method, print] of real) console[method] = print
    for (const restore of streams) restore()
  }
}

/** With what is inside, as far as it can be written. */
export function textOf(value: unknown): string {
  const seen = new WeakSet<object>()
  const text: string | undefined = JSON.stringify(value, (_key, inner: unknown) => {
    if (typeof inner === 'bigint') return String(inner)
    if (typeof inner !== 'object' || inner === null) return inner
    if (seen.has(inner)) return '…'
    seen.add(inner)
    return inner instanceof Error ? { ...inner, message: inner.message, cause: inner.cause } : inner
  })
  return text ?? ''
}
