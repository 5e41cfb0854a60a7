import axios, { type AxiosRequestConfig } from 'axios'

const composer = new axios.Axios({})

/** Where a request goes, as axios puts it together. `getUri` of an instance merges its every default into the request first, which has them by then. */
export function addressOf({ baseURL, url, params, paramsSerializer, allowAbsoluteUrls }: AxiosRequestConfig): string {
  // To axios, undefined is not given.
  return composer.getUri({ baseURL, url, params: params as unknown, paramsSerializer, allowAbsoluteUrls } as AxiosRequestConfig)
}
