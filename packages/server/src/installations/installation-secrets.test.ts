import { describe, expect, it } from '@jest/globals'
import { pino } from 'pino'
import { KeyRing } from '../secrets/key-ring.js'
import { InstallationSecrets } from './installation-secrets.js'

const [k1, k2] = [KeyRing.newKey('k1'), KeyRing.newKey('k2')]
const silent = pino({ level: 'silent' })
const secretsBy = (keys: string) => new InstallationSecrets(new KeyRing(keys), silent)
const id = '5b5c9a52-6f0e-4f5b-9d8e-0d5d3c1f2a11'

describe('InstallationSecrets', () => {
  it('gives back what was sealed, whatever the names', () => {
    const secrets = Object.fromEntries([['Client secret', 'hush'], ['__proto__', 'inert'], ['constructor', 'x']])
    const opened = secretsBy(k1).open(id, secretsBy(k1).seal(id, secrets))
    expect(Object.entries(opened)).toEqual(Object.entries(secrets))
    expect(Object.getPrototypeOf(opened)).toBe(Object.prototype)
  })

  it('opens a text once', () => {
    const secrets = secretsBy(k1)
    const sealed = secrets.seal(id, { Token: 'hush' })
    expect(secrets.open(id, sealed)).toBe(secrets.open(id, sealed))
  })

  it('seals by the newest key, and opens what an older one sealed', () => {
    const before = secretsBy(k1).seal(id, { Token: 'hush' })
    const rotated = secretsBy(`${k2},${k1}`)
    expect(rotated.open(id, before)).toEqual({ Token: 'hush' })
    expect(rotated.seal(id, { Token: 'hush' })).toMatch(/^s1\.k2\./)
  })

  it('opens nothing that was sealed for another installation, or by a key that is lost', () => {
    const sealed = secretsBy(k1).seal('another', { Token: 'hush' })
    const known = secretsBy(k1)
    expect(known.open('another', sealed)).toEqual({ Token: 'hush' })
    expect(known.open(id, sealed)).toEqual({})
    expect(secretsBy(k2).open('another', sealed)).toEqual({})
  })

  it('is nothing where there are none', () => {
    expect(secretsBy(k1).seal(id, {})).toBeNull()
    expect(secretsBy(k1).open(id, null)).toEqual({})
  })
})
