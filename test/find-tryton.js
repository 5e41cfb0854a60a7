import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdir, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'

const run = promisify(execFile)
const packages = ['tryton-server', 'tryton-modules-party', 'python3-phonenumbers']
const admin = { email: 'admin@example.com', password: 'Kraanwater-36' }

/**
 * A folder with Tryton's database as it is right after installing, or `null` where there is no Tryton. Debian's packages are installed
 * where that is allowed, and the database is made once for each version of them.
 */
export async function findTryton(cacheFolder) {
  const version = await versionOf() ?? (await install() ? await versionOf() : null)
  if (version === null) return null
  const folder = join(cacheFolder, version)
  if (!existsSync(folder)) await makeDatabase(folder)
  return folder
}

async function versionOf() {
  try {
    const { stdout } = await run('dpkg-query', ['-W', '-f', '${db:Status-Abbrev}${Version}_', ...packages])
    const versions = stdout.split('_').filter(Boolean)
    return versions.length === packages.length && versions.every(text => text.startsWith('ii ')) ? versions.map(text => text.slice(3).replaceAll(/[^\w.+-]/g, '-')).join('_') : null
  } catch {
    return null
  }
}

async function install() {
  if (process.getuid?.() !== 0 || !existsSync('/usr/bin/apt-get')) return false
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
  try {
    await run('apt-get', ['update', '-qq'], { env, timeout: 120_000 })
    await run('apt-get', ['install', '-y', '-qq', '--no-install-recommends', ...packages], { env, timeout: 300_000 })
    return true
  } catch {
    return false
  }
}

/** Under another name until it is whole. */
async function makeDatabase(folder) {
  const building = `${folder}.${String(process.pid)}`
  await mkdir(building, { recursive: true })
  try {
    const [config, password] = [join(building, 'trytond.conf'), join(building, 'password')]
    await writeFile(config, `[database]\nuri = sqlite://\npath = ${building}\n`)
    await writeFile(password, `${admin.password}\n`)
    await writeFile(join(building, 'crm.sqlite'), '')
    const env = { ...process.env, TRYTONPASSFILE: password }
    await run('/usr/bin/trytond-admin', ['-c', config, '-d', 'crm', '--all', '--email', admin.email], { env })
    await run('/usr/bin/trytond-admin', ['-c', config, '-d', 'crm', '-u', 'party', '--activate-dependencies'], { env })
    await rename(building, folder)
  } catch (error) {
    await rm(building, { recursive: true, force: true })
    if (!existsSync(folder)) throw error
  }
}
