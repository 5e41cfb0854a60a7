import axios, { type AxiosInstance, type AxiosResponse, type CreateAxiosDefaults, type InternalAxiosRequestConfig } from 'axios'
import { currentCall } from './scope.js'

const { AxiosError, AxiosHeaders } = axios

const mostRedirects = 5

/** An instance of axios, and what the package `axios` has beside. */
export type AxiosLike = AxiosInstance & Record<string, unknown>

/** What a connector gets when it requires `axios`: every request goes out by the rules of the call that it belongs to. */
export function guardedAxios(): AxiosLike {
  const instance = guarded({})
  const { create: _create, ...statics } = axios as unknown as Record<string, unknown>
  const own = new Set(['request', 'get', 'delete', 'head', 'options', 'post', 'put', 'patch', 'postForm', 'putForm', 'patchForm', 'getUri', 'defaults', 'interceptors'])
  for (const [name, value] of Object.entries(statics)) if (!own.has(name)) Object.defineProperty(instance, name, { value, writable: true, enumerable: true, configurable: true })
  return Object.assign(instance, { create: (config?: CreateAxiosDefaults) => guarded(config ?? {}), default: instance, Axios: axios.Axios })
}

function guarded(config: CreateAxiosDefaults): AxiosLike {
  // True because what is missing of the package is added by whoever needs it.
  const instance = axios.create({ ...config, adapter: send }) as AxiosLike
  // The first interceptor is the last to run, so nothing that a connector sets gets behind it.
  instance.interceptors.request.use(request => Object.assign(request, { adapter: send }))
  return Object.assign(instance, { create: (own?: CreateAxiosDefaults) => guarded({ ...config, ...own }) })
}

async function send(config: InternalAxiosRequestConfig): Promise<AxiosResponse> {
  const call = currentCall()
  try {
    const response = await sendOnce(config)
    const authorization = String(config.headers.get('Authorization') ?? '')
    if (response.status !== 401 || authorization === '') return settled(config, response)
    const renewed = await call.headerAfterRefusal(authorization)
    if (renewed === null) return settled(config, response)
    config.headers.set('Authorization', renewed)
    return settled(config, await sendOnce(config))
  } catch (error) {
    call.noteFailure(error)
    throw error
  }
}

/** The answer as it came, whatever its status. */
async function sendOnce(config: InternalAxiosRequestConfig): Promise<AxiosResponse> {
  const call = currentCall()
  const { http } = call.credentials
  const headers = AxiosHeaders.from(config.headers)
  const authorization = headers.get('Authorization')
  if (typeof authorization === 'string') headers.set('Authorization', call.currentHeader(authorization))
  const method = config.method ?? 'get'
  if (call.idempotencyKey !== undefined && method.toLowerCase() === 'post') headers.set('Idempotency-Key', call.idempotencyKey, false)
  const asStream = config.responseType === 'stream'
  const response = await http.request<unknown>({
    method, headers,
    // Of the connector's settings those that say what is asked; how it goes out is not for it to say.
    ...chosen(config, ['url', 'baseURL', 'params', 'paramsSerializer', 'data', 'timeout', 'cancelToken', 'decompress', 'auth']),
    ...(config.maxRedirects !== undefined && { maxRedirects: Math.min(config.maxRedirects, mostRedirects) }),
    ...(config.signal && { signal: AbortSignal.any([call.ctx.signal, config.signal as AbortSignal]) }),
    responseType: asStream ? 'stream' : config.responseType === 'arraybuffer' ? 'arraybuffer' : 'text',
    transformRequest: [data => data as unknown],
    transformResponse: [data => data as unknown],
    validateStatus: null,
  })
  if (response.status < 400) call.noteAnswer(method, response.status)
  return { ...response, config }
}

/** As axios does it: the connector's own `validateStatus` says what is a failure. */
function settled(config: InternalAxiosRequestConfig, response: AxiosResponse): AxiosResponse {
  const { validateStatus } = config
  if (!response.status || !validateStatus || validateStatus(response.status)) {
    if (response.status < 300 && isNoAnswer(config, response)) throw new AxiosError('The answer is not what an API gives', AxiosError.ERR_BAD_RESPONSE, config, response.request, response)
    return response
  }
  const code = response.status < 500 ? AxiosError.ERR_BAD_REQUEST : AxiosError.ERR_BAD_RESPONSE
  throw new AxiosError(`Request failed with status code ${String(response.status)}`, code, config, response.request, response)
}

/** A web page that nobody asked for, or JSON that is none: many connectors do not look at the answer of a change. */
function isNoAnswer({ responseType = 'json', headers }: InternalAxiosRequestConfig, { data, headers: answered }: AxiosResponse): boolean {
  if (responseType !== 'json' || typeof data !== 'string' || data === '') return false
  const type = String(answered['content-type'] ?? '')
  if (type.includes('text/html')) return !String(headers.get('Accept') ?? '').includes('html')
  return type.includes('json') && !isJson(data)
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}

const chosen = <Name extends keyof InternalAxiosRequestConfig>(config: InternalAxiosRequestConfig, names: readonly Name[]): Partial<InternalAxiosRequestConfig> =>
  Object.fromEntries(names.filter(name => config[name] !== undefined).map(name => [name, config[name]]))
