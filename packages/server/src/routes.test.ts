import { expect, it } from '@jest/globals'
import { endpoints, type Endpoint } from '@linefinder/core/api'
import { routes } from './routes.js'

const nameOf = ({ method, path }: Endpoint) => `${method} ${path}`

it('has a handler for every declared endpoint, each once', () => {
  expect(routes.map(({ endpoint }) => nameOf(endpoint)).sort()).toEqual(endpoints.map(nameOf).sort())
})

it('mounts the very declarations, not copies', () => {
  const declared = new Set(endpoints)
  expect(routes.filter(({ endpoint }) => !declared.has(endpoint)).map(({ endpoint }) => nameOf(endpoint))).toEqual([])
})
