/** Nobody connected. `error` is OAuth's word for it, such as `access_denied`, or `window_closed`. */
export class ConnectingStopped extends Error {
  override readonly name = 'ConnectingStopped'

  constructor(readonly error: string, description?: string) {
    super(description ?? error)
  }
}

const pollMs = 250

/**
 * The one-time code that Linefinder's code page (`redirect_uri` `urn:ietf:wg:oauth:2.0:oob`) hands to the page that opened
 * `popup`. Listens only to `expectedOrigin`, Linefinder's own, and to messages that carry `state`. Rejects with
 * `ConnectingStopped` when access was denied or the popup was closed. Open the popup in the click itself, or the browser
 * blocks it. A CRM whose login page cuts off its opener looks like a closed popup: use a redirect address for that one.
 */
export function waitForCode(popup: { readonly closed: boolean }, expectedOrigin: string, state: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const finish = (settle: () => void) => {
      removeEventListener('message', listen)
      clearInterval(timer)
      settle()
    }
    const listen = ({ origin, data }: MessageEvent<unknown>) => {
      if (origin !== expectedOrigin || !isAnswer(data) || data.state !== state) return
      if ('code' in data) finish(() => { resolve(data.code) })
      else finish(() => { reject(new ConnectingStopped(data.error, data.error_description)) })
    }
    // A popup may post and close at once, so its message gets one more round to arrive.
    let wasClosed = false
    const timer = setInterval(() => {
      if (wasClosed) finish(() => { reject(new ConnectingStopped('window_closed', 'The window was closed before the CRM was connected.')) })
      wasClosed = popup.closed
    }, pollMs)
    addEventListener('message', listen)
  })
}

type Answer =
  | { readonly source: 'linefinder'; readonly state: string; readonly code: string }
  | { readonly source: 'linefinder'; readonly state: string; readonly error: string; readonly error_description?: string }

/** Whoever holds the origin is Linefinder; this only tells its messages apart from others. */
function isAnswer(data: unknown): data is Answer {
  if (typeof data !== 'object' || data === null) return false
  const { source, state, code, error } = data as Readonly<Record<string, unknown>>
  return source === 'linefinder' && typeof state === 'string' && (typeof code === 'string' || typeof error === 'string')
}
