import { KeyRing } from '@linefinder/server'
import type { ApiKeyScope } from '@linefinder/core/api'
import { ConfigError, type Config } from '../config.js'
import { withServer } from './with-server.js'

export const createTenant = (config: Config, id: string, name: string): Promise<void> =>
  withServer(config, async ({ services }) => {
    await services.tenants.create(id, name)
    console.log(`Tenant "${id}" is made. Next: linefinder keys create --tenant ${id} --scope admin`)
  })

/** Prints the key and nothing else on standard output, so that scripts can take it. */
export const createKey = (config: Config, { tenant, scope, name }: { tenant: string; scope: ApiKeyScope[]; name: string }): Promise<void> =>
  withServer(config, async ({ services }) => {
    if (!(await services.tenants.exists(tenant))) throw new ConfigError(`There is no tenant "${tenant}". Make it: linefinder tenants create ${tenant}`)
    const { key } = await services.apiKeys.create(tenant, name, scope)
    console.error('This key is shown once; only its hash is stored.')
    console.log(key)
  })

/** A date makes a good id: the newest is told apart at a glance. */
export function printNewSecret(): void {
  console.log(KeyRing.newKey(`k${new Date().toISOString().slice(0, 10).replaceAll('-', '')}`))
}
