/** Prints each step with what was sent and answered. Tokens and codes are shown by their first characters only. */
export class Narrator {
  #steps = 0

  constructor(private readonly print: (line: string) => void) {}

  step(title: string): void {
    this.#steps += 1
    this.print(`\n${String(this.#steps)}. ${title}`)
  }

  say(text: string): void {
    this.print(`   ${text}`)
  }

  browser(url: string): void {
    this.print(`   browser  ${url}`)
  }

  /** A `fetch` that tells what it sees. */
  readonly fetch: typeof globalThis.fetch = async (input, init) => {
    const request = new Request(input, init)
    const { pathname, search } = new URL(request.url)
    this.print(`   >  ${request.method} ${pathname}${search}`)
    const sent = await request.clone().text()
    if (sent !== '') this.print(`      ${veiled(sent)}`)
    const response = await globalThis.fetch(request)
    const answer = await response.clone().text()
    this.print(`   <  ${String(response.status)} ${response.statusText}`)
    if (answer !== '') this.print(`      ${veiled(answer)}`)
    return response
  }
}

/** Error codes are short words; one-time codes are not. */
const veiled = (json: string): string => json.replace(/"(token|code|code_verifier)":"([^"]{4})[^"]{36,}"/g, '"$1":"$2…"')
