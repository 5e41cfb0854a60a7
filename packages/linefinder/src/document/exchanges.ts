import axios, { AxiosError, AxiosHeaders, type AxiosInstance, type AxiosResponse, type InternalAxiosRequestConfig } from 'axios'

export interface Sent {
  readonly method: string
  /** Whole, with the query. */
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  /** `null` where there is none, or it is a stream. */
  readonly body: string | null
}

export interface Answered {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

export interface Exchange {
  readonly sent: Sent
  /** `null` when there was no answer. */
  readonly answered: Answered | null
}

/** Answers in the CRM's place. Throws when it has none. */
export type StandIn = (sent: Sent) => Answered

/** Tells of everything that passes, credentials too: what is shown of it must be cleaned first. */
export function watch(http: AxiosInstance, onExchange: (exchange: Exchange) => void, standIn?: StandIn): void {
  const send = axios.getAdapter('http')
  http.defaults.adapter = async config => {
    const sent = sentBy(http, config)
    if (standIn) {
      const answered = standIn(sent)
      onExchange({ sent, answered })
      return settled(config, answered)
    }
    try {
      const response = await send(config)
      onExchange({ sent, answered: answeredBy(response) })
      return response
    } catch (error) {
      onExchange({ sent, answered: error instanceof AxiosError && error.response ? answeredBy(error.response) : null })
      throw error
    }
  }
}

const sentBy = (http: AxiosInstance, config: InternalAxiosRequestConfig): Sent => ({
  method: (config.method ?? 'get').toUpperCase(), url: http.getUri(config), headers: texts(config.headers.toJSON()), body: typeof config.data === 'string' ? config.data : null,
})

const answeredBy = ({ status, headers, data }: AxiosResponse<unknown>): Answered =>
  ({ status, headers: texts(headers instanceof AxiosHeaders ? headers.toJSON() : headers), body: typeof data === 'string' ? data : '' })

const texts = (headers: object): Record<string, string> =>
  Object.fromEntries(Object.entries(headers).filter(([, value]) => value !== undefined && value !== null && value !== false).map(([name, value]) => [name, String(value)]))

function settled(config: InternalAxiosRequestConfig, { status, headers, body }: Answered): AxiosResponse {
  const response: AxiosResponse = { status, statusText: '', headers: new AxiosHeaders({ ...headers }), data: body, config }
  if (status >= 200 && status < 300) return response
  throw new AxiosError(`answered ${String(status)}`, status < 500 ? AxiosError.ERR_BAD_REQUEST : AxiosError.ERR_BAD_RESPONSE, config, undefined, response)
}
