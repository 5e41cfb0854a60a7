export interface AddressParts {
  readonly params?: Readonly<Record<string, unknown>>
  readonly query?: Readonly<Record<string, unknown>>
}

/**
 * The endpoint's address with its parameters filled in; a `+` in a value arrives as a plus. Throws a TypeError for a path
 * parameter that no address can carry: an empty one, `.` and `..` would name another endpoint.
 */
export function addressOf(baseUrl: string, path: string, { params = {}, query = {} }: AddressParts): string {
  const filled = path.replace(/\{(\w+)\}/g, (_, name: string) => {
    const value = String(params[name] ?? '')
    if (['', '.', '..'].includes(value)) throw new TypeError(`"${value}" cannot be ${name} in ${path}`)
    return encodeURIComponent(value)
  })
  const search = new URLSearchParams()
  for (const [name, value] of Object.entries(query)) if (value !== undefined) search.set(name, String(value))
  return `${baseUrl.replace(/\/+$/, '')}${filled}${search.size === 0 ? '' : `?${search.toString()}`}`
}
