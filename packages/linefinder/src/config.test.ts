import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from '@jest/globals'
import { readConfig } from './config.js'
import { keptKeys } from './data-folder.js'
import { loadAdapters } from './load-adapters.js'

const folder = mkdtempSync(join(tmpdir(), 'linefinder-config-'))
afterAll(() => { rmSync(folder, { recursive: true }) })

describe('readConfig', () => {
  it('needs nothing', () => {
    expect(readConfig({})).toMatchObject({ PORT: 4000, HOST: '127.0.0.1', LINEFINDER_DATA_DIR: '.linefinder', LOG_LEVEL: 'info' })
  })

  it('names everything that is wrong at once, and what each is for', () => {
    const read = () => readConfig({ PORT: 'many', PUBLIC_URL: 'http://phone.example.com', DATABASE_URL: 'mysql://x', LINEFINDER_PRIVATE_ORIGINS: 'crm.internal' })
    expect(read).toThrow(/PORT: .*\(port to listen on\)[^]*PUBLIC_URL: must be https[^]*DATABASE_URL: must begin with postgres[^]*LINEFINDER_PRIVATE_ORIGINS/)
  })

  it('asks for the keys with a database of its own', () => {
    expect(() => readConfig({ DATABASE_URL: 'postgres://db/x' })).toThrow(/LINEFINDER_KEYS: missing .*linefinder keys new-secret/)
  })

  it('reads a value from a file, and says when it cannot', () => {
    writeFileSync(join(folder, 'password'), 's3cr:et\n')
    const config = readConfig({ DATABASE_URL: 'postgres://linefinder@db/x', DATABASE_PASSWORD_FILE: join(folder, 'password'), LINEFINDER_KEYS: 'k:x' })
    expect(config.DATABASE_URL).toBe('postgres://linefinder:s3cr%3Aet@db/x')
    expect(() => readConfig({ LINEFINDER_KEYS_FILE: '/nowhere' })).toThrow('LINEFINDER_KEYS_FILE: cannot read /nowhere')
  })

  it('takes no key for the metrics that somebody could guess or no header can carry', () => {
    expect(() => readConfig({ LINEFINDER_METRICS_KEY: 'secret' })).toThrow(/LINEFINDER_METRICS_KEY: must be 16 to 500/)
    expect(() => readConfig({ LINEFINDER_METRICS_KEY: 'sixteen letters and blanks' })).toThrow('LINEFINDER_METRICS_KEY')
    expect(readConfig({ LINEFINDER_METRICS_KEY: '0123456789abcdef', LINEFINDER_METRICS_PORT: '' })).toMatchObject({ LINEFINDER_METRICS_HOST: '127.0.0.1' })
  })

  it('takes an empty variable as not set, as compose files leave them', () => {
    expect(readConfig({ LINEFINDER_PRIVATE_ORIGINS: '', PUBLIC_URL: '' })).toMatchObject({ LINEFINDER_PRIVATE_ORIGINS: [] })
  })
})

describe('keptKeys', () => {
  it('makes the keys once, in a file that only this user can read', () => {
    const keys = keptKeys(folder)
    expect(keptKeys(folder)).toBe(keys)
    expect(statSync(join(folder, 'keys')).mode & 0o777).toBe(0o600)
  })
})

describe('loadAdapters', () => {
  it('says which module is missing, and which is no adapter', async () => {
    await expect(loadAdapters(['@nobody/nothing'])).rejects.toThrow('cannot load @nobody/nothing')
    writeFileSync(join(folder, 'wrong.mjs'), 'export default { id: "x" }')
    await expect(loadAdapters([join(folder, 'wrong.mjs')])).rejects.toThrow('is not an adapter')
  })
})
