import { describe, expect, it } from '@jest/globals'
import { KeyRing } from './key-ring.js'

const [oldKey, newKey] = [KeyRing.newKey('old'), KeyRing.newKey('new')]
const place = { table: 'connections', column: 'credentials', rowId: 'row-1' }

describe('KeyRing', () => {
  it('opens what it sealed, and shows nothing of it', () => {
    const ring = new KeyRing(newKey)
    const sealed = ring.seal('a token', place)
    expect(sealed).not.toContain('token')
    expect(ring.open(sealed, place)).toBe('a token')
  })

  it('seals one secret differently each time', () => {
    const ring = new KeyRing(newKey)
    expect(ring.seal('a token', place)).not.toBe(ring.seal('a token', place))
  })

  it('opens what an older key sealed, and seals with the newest', () => {
    const sealed = new KeyRing(oldKey).seal('a token', place)
    const rotated = new KeyRing(`${newKey},${oldKey}`)
    expect(rotated.open(sealed, place)).toBe('a token')
    expect(() => new KeyRing(oldKey).open(rotated.seal('a token', place), place)).toThrow('no key "new"')
  })

  it.each([
    ['row', { ...place, rowId: 'row-2' }],
    ['column', { ...place, column: 'other' }],
    ['table', { ...place, table: 'other' }],
  ])('does not open a secret that was moved to another %s', (_what, elsewhere) => {
    const ring = new KeyRing(newKey)
    const sealed = ring.seal('a token', place)
    expect(() => ring.open(sealed, elsewhere)).toThrow()
  })

  it('does not open a secret that was changed', () => {
    const ring = new KeyRing(newKey)
    const parts = ring.seal('a token', place).split('.')
    const body = Buffer.from(parts[3]!, 'base64url')
    body[0]! ^= 1
    expect(() => ring.open([...parts.slice(0, 3), body.toString('base64url')].join('.'), place)).toThrow()
  })

  it.each([
    ['', 'empty'],
    ['k1', 'not 32 bytes'],
    ['k1:c2hvcnQ=', 'not 32 bytes'],
    [`${newKey},${newKey}`, 'one id'],
    [`bad id:${newKey.split(':')[1]!}`, 'no id'],
  ])('refuses the key ring "%s"', (text, reason) => {
    expect(() => new KeyRing(text)).toThrow(reason)
  })
})
