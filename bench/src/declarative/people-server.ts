import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { announce } from '../parts/announce.js'

/** Answers every search with the one person, as Acme does: the same work for whoever asks. */
const answer = Buffer.from(JSON.stringify({
  items: [{
    id: 'p_1', name: 'Jan de Vries', first_name: 'Jan', last_name: 'de Vries', title: 'Director', email: 'jan@devries.example', company_id: 'c_1', company_name: 'De Vries Bouw BV',
    phones: [{ label: 'work', number: '(0413) 741-741' }, { label: 'mobile', number: '06-12 34 56 78' }],
    created_at: '2025-01-02T03:04:05.000Z', updated_at: '2026-01-02T03:04:05.000Z', last_activity_at: '2026-02-03T04:05:06.000Z',
  }],
  next_cursor: null,
}))

const server = createServer((_request, response) => {
  response.writeHead(200, { 'Content-Type': 'application/json', 'Content-Length': String(answer.length) }).end(answer)
})
await new Promise<void>(resolve => { server.listen(0, '127.0.0.1', resolve) })
// A server that listens on TCP has an address of this form.
announce(`127.0.0.1:${String((server.address() as AddressInfo).port)}`)
