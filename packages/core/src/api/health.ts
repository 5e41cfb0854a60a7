import * as z from 'zod'
import { endpoint } from './endpoint.js'

export const health = {
  live: endpoint({
    method: 'GET', path: '/healthz', tag: 'Health', access: 'public',
    summary: 'The process runs', output: z.object({ status: z.literal('ok') }), errors: [],
  }),
  ready: endpoint({
    method: 'GET', path: '/readyz', tag: 'Health', access: 'public',
    summary: 'The process can serve: its database answers and it is not stopping',
    output: z.object({ status: z.literal('ready') }), errors: ['not_ready'],
  }),
}
