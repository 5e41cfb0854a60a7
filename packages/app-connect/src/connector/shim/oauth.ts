import type { AxiosLike } from '../guarded-axios.js'
import type { ConnectorUser } from '../connector-user.js'
import { currentCall } from '../scope.js'

export interface OAuthInfo {
  readonly clientId?: string
  readonly clientSecret?: string
  readonly accessTokenUri?: string
  readonly authorizationUri?: string
  readonly redirectUri?: string
  readonly scopes?: string | readonly string[]
}

interface RequestOptions {
  readonly headers?: Readonly<Record<string, string>>
  readonly query?: Readonly<Record<string, string>>
  readonly body?: Readonly<Record<string, string>>
}

interface TokenAnswer {
  readonly access_token: string
  readonly refresh_token?: string
  readonly expires_in?: number | string
}

/** `lib/oauth`: a client as the package `client-oauth2` makes it, as far as connectors use one. */
export const createOAuth = (axios: AxiosLike) => {
  const getOAuthApp = (info: OAuthInfo) => {
    const ask = async (form: Readonly<Record<string, string>>, { headers = {}, query = {}, body = {} }: RequestOptions = {}) => {
      const { clientId = '', clientSecret = '', accessTokenUri = '' } = info
      const basic = clientSecret === '' ? {} : { Authorization: `Basic ${Buffer.from(`${encodeURIComponent(clientId)}:${encodeURIComponent(clientSecret)}`).toString('base64')}` }
      // An empty header is how a connector says that the client is named in the query.
      const sent = Object.fromEntries(Object.entries({ ...basic, ...headers }).filter(([, value]) => value !== ''))
      const fields = { ...form, ...(clientSecret === '' && { client_id: clientId }), ...body }
      const { data } = await axios.post<TokenAnswer>(accessTokenUri, new URLSearchParams(fields), { headers: { Accept: 'application/json', ...sent }, params: query })
      return createToken(data.access_token, data.refresh_token, 'Bearer', data)
    }
    const createToken = (accessToken: string, refreshToken?: string, tokenType = 'Bearer', data: Partial<TokenAnswer> = {}) => ({
      accessToken, refreshToken, tokenType, data,
      expires: data.expires_in === undefined ? undefined : new Date(Date.now() + Number(data.expires_in) * 1000),
      async refresh(options?: RequestOptions) {
        if (refreshToken === undefined) throw new Error('there is no refresh token')
        const renewed = await ask({ grant_type: 'refresh_token', refresh_token: refreshToken }, options)
        return renewed.refreshToken === undefined ? { ...renewed, refreshToken } : renewed
      },
    })
    return {
      options: info,
      createToken,
      code: {
        getUri: () => `${info.authorizationUri ?? ''}?${new URLSearchParams({
          response_type: 'code', client_id: info.clientId ?? '', redirect_uri: info.redirectUri ?? '', scope: [info.scopes ?? []].flat().join(' '),
        }).toString()}`,
        getToken: (uri: string, options?: RequestOptions) => {
          const code = new URL(uri).searchParams.get('code') ?? ''
          return ask({ grant_type: 'authorization_code', code, redirect_uri: info.redirectUri ?? '' }, options)
        },
      },
    }
  }
  return {
    getOAuthApp,
    /** The server has renewed what has expired before a connector is called, so the user that is asked for has a good token. */
    async checkAndRefreshAccessToken(_app: unknown, user: ConnectorUser | null): Promise<ConnectorUser | null> {
      const { user: own } = currentCall()
      return user === null || user.id !== own.id ? user : own.reload()
    },
  }
}
