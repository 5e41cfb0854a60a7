import { readFile } from 'node:fs/promises'
import { expect, it } from '@jest/globals'
import { webhookEvent } from '@linefinder/core/api'
import { KeyRing } from '../secrets/key-ring.js'
import { newSecret, secretPlace, signedHeaders } from './signing.js'

const text = await readFile(new URL('../../../../docs/webhooks.md', import.meta.url), 'utf8')
const code = /^```js\n([^]*?)^```/m.exec(text)?.[1] ?? ''
// What the document shows is JavaScript of this form.
const { verify } = await import(`data:text/javascript;base64,${Buffer.from(code).toString('base64')}`) as {
  verify: (secret: string, headers: Record<string, string>, body: string) => unknown
}

const keyRing = new KeyRing(KeyRing.newKey('k1'))
const [secret, previous, body] = [newSecret(), newSecret(), '{"type":"webhook.test","é":1}']
const sign = (now?: Date) => signedHeaders(keyRing, {
  endpointId: 'w1', secret: keyRing.seal(secret, secretPlace('w1', 'secret')),
  previousSecret: keyRing.seal(previous, secretPlace('w1', 'previous_secret')), previousSecretUntil: new Date(Date.now() + 60_000),
}, 'd1', body, now)

it('shows a way to verify that takes what we sign, by either secret', () => {
  for (const each of [secret, previous]) expect(verify(each, sign(), body)).toEqual(JSON.parse(body))
})

it('shows a way to verify that refuses all else', () => {
  const headers = sign()
  expect(() => verify(newSecret(), headers, body)).toThrow('not a fresh event')
  expect(() => verify(secret, headers, `${body} `)).toThrow('not a fresh event')
  expect(() => verify(secret, { ...headers, 'webhook-id': 'd2' }, body)).toThrow('not a fresh event')
  expect(() => verify(secret, {}, body)).toThrow('not a fresh event')
  for (const minutes of [-6, 6]) expect(() => verify(secret, sign(new Date(Date.now() + minutes * 60_000)), body)).toThrow('not a fresh event')
})

it('names every event and what is in it', () => {
  for (const { shape: { type, data } } of webhookEvent.options) {
    expect(text).toContain(`\`${type.value}\``)
    for (const name of Object.keys(data.shape)) expect(text).toContain(`\`${name}\``)
  }
})
