const hidden = '[redacted]'

/** Headers that carry credentials, or what stands for them. */
const secretHeader = /^(proxy-)?authorization$|cookie|token|secret|passw|api-?key|session|signature|credential/i

/** What may not be shown or kept: values, in whichever way they are encoded. */
export class Secrets {
  readonly #spellings: readonly string[]
  readonly #headers: ReadonlySet<string>

  /** @param headers further ones that carry credentials */
  constructor(values: readonly string[], headers: readonly string[] = []) {
    const spellings = values.filter(value => value !== '').flatMap(value =>
      [value, encodeURIComponent(value), new URLSearchParams({ v: value }).toString().slice(2), JSON.stringify(value).slice(1, -1), Buffer.from(value).toString('base64')])
    // The longest first, so that none is left over from within another.
    this.#spellings = [...new Set(spellings)].sort((a, b) => b.length - a.length)
    this.#headers = new Set(headers.map(name => name.toLowerCase()))
  }

  without(text: string): string {
    return this.#spellings.reduce((cleaned, spelling) => cleaned.replaceAll(spelling, hidden), text)
  }

  header(name: string, value: string): string {
    return secretHeader.test(name) || this.#headers.has(name.toLowerCase()) ? hidden : this.without(value)
  }

  headers(headers: Readonly<Record<string, string>>): Record<string, string> {
    return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, this.header(name, value)]))
  }
}
