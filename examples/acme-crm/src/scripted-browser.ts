/** A browser without a screen: it keeps cookies, follows redirects and sends forms. */
export interface Browser {
  /** Follows redirects on the way, but never to `stopAt`. */
  open(url: string, stopAt?: string): Promise<Visit>
  /** Sends the first form of the page, its hidden fields included. */
  submit(visit: Visit, fields: Record<string, string>, stopAt?: string): Promise<Visit>
}

export interface Visit {
  /** Where it ended; the address that was not followed when that begins with `stopAt`. */
  readonly url: string
  readonly status: number
  readonly body: string
}

export interface Login {
  readonly authorizeUrl: string
  readonly redirectUri: string
  /** Default ann@acme.test. */
  readonly email?: string
  /** Default `acme`. */
  readonly password?: string
  /** Default `allow`. */
  readonly decision?: 'allow' | 'deny'
  /** Default a new one. With the same one again the user is still signed in. */
  readonly browser?: Browser
}

/** Signs in, allows or denies, and gives the address with `code` or `error` that the app would be called back at. */
export async function loginAndDecide({
  authorizeUrl, redirectUri, email = 'ann@acme.test', password = 'acme', decision = 'allow', browser = createBrowser(),
}: Login): Promise<URL> {
  let visit = await browser.open(authorizeUrl, redirectUri)
  if (visit.body.includes('name="password"')) visit = await browser.submit(visit, { email, password }, redirectUri)
  if (visit.body.includes('name="decision"')) visit = await browser.submit(visit, { decision }, redirectUri)
  if (!visit.url.startsWith(redirectUri)) throw new Error(`Ended at ${visit.url} with ${visit.status}`)
  return new URL(visit.url)
}

export function createBrowser(): Browser {
  const cookies: Cookie[] = []

  const request = async (url: string, init: RequestInit, stopAt: string | undefined): Promise<Visit> => {
    if (stopAt !== undefined && url.startsWith(stopAt)) return { url, status: 0, body: '' }
    const response = await fetch(url, { ...init, redirect: 'manual', headers: { ...init.headers, cookie: cookiesFor(cookies, url) } })
    for (const line of response.headers.getSetCookie()) keepCookie(cookies, line)
    const location = response.headers.get('location')
    const body = await response.text()
    if (location === null) return { url, status: response.status, body }
    return request(new URL(location, url).href, {}, stopAt)
  }

  return {
    open: (url, stopAt) => request(url, {}, stopAt),

    submit({ url, body }, fields, stopAt) {
      const form = /<main[^]*?<form([^>]*)>([^]*?)<\/form>/.exec(body)
      const action = /action="([^"]*)"/.exec(form?.[1] ?? '')?.[1] ?? ''
      const hidden = [...(form?.[2] ?? '').matchAll(/type="hidden" name="([^"]*)" value="([^"]*)"/g)]
      const sent = new URLSearchParams(fields)
      for (const [, name = '', value = ''] of hidden) sent.append(name, value)
      return request(new URL(action, url).href, { method: 'POST', body: sent }, stopAt)
    },
  }
}

interface Cookie {
  readonly name: string
  readonly value: string
  readonly path: string
}

function keepCookie(cookies: Cookie[], line: string): void {
  const [pair = '', ...attributes] = line.split(';').map((part) => part.trim())
  const [name = '', ...value] = pair.split('=')
  const attribute = (key: string) => attributes.find((text) => text.toLowerCase().startsWith(`${key}=`))?.slice(key.length + 1)
  const path = attribute('path') ?? '/'
  const index = cookies.findIndex((cookie) => cookie.name === name && cookie.path === path)
  if (index >= 0) cookies.splice(index, 1)
  const expires = attribute('expires')
  const isGone = expires !== undefined && Date.parse(expires) < Date.now()
  if (!isGone) cookies.push({ name, value: value.join('='), path })
}

function cookiesFor(cookies: readonly Cookie[], url: string): string {
  const { pathname } = new URL(url)
  return cookies.filter(({ path }) => pathname.startsWith(path)).map(({ name, value }) => `${name}=${value}`).join('; ')
}
