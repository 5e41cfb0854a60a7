import { hostsOf, type ChosenInstallation, type SurfaceServices } from '@linefinder/server'
import type { CrmAdapter } from '@linefinder/core'
import { isConnectorAdapter, type JsonObject } from '../extras.js'
import { WireRefusal } from './refusal.js'
import type { WireSettings } from './options.js'

/** What a platform's name stands for. */
export interface Platform {
  readonly name: string
  readonly installationId: string
  readonly adapter: CrmAdapter
  readonly manifest: JsonObject
}

type Services = Pick<SurfaceServices, 'clientApps' | 'installations' | 'adapters'>

/** The platforms of one client app: which installation of its tenant each name stands for. */
export class Platforms {
  constructor(private readonly services: Services, private readonly settings: Pick<WireSettings, 'clientApp' | 'platforms'>) {}

  async tenantId(): Promise<string> {
    return (await this.services.clientApps.get(this.settings.clientApp)).tenantId
  }

  /** All that can be connected to now. Of several installations of one adapter without names of their own, the first has the adapter's. */
  async list(): Promise<Platform[]> {
    const { installations } = this.services
    const tenantId = await this.tenantId()
    const enabled = await installations.listEnabled(tenantId)
    const of = (name: string, installationId: string, manifest: JsonObject = {}): Platform[] => {
      const installation = enabled.find(({ id }) => id === installationId)
      return installation ? [{ name, installationId, adapter: this.services.adapters.get(tenantId, installation.adapter), manifest }] : []
    }
    const { platforms } = this.settings
    if (platforms) return Object.entries(platforms).flatMap(([name, { installation, manifest }]) => of(name, installation, manifest))
    const named = enabled.flatMap(({ id, adapter }) => of(platformOf(this.services.adapters.get(tenantId, adapter)), id))
    return named.filter(({ name }, index) => named.findIndex(other => other.name === name) === index)
  }

  /** Throws a refusal in the wire's own words. */
  async get(name: string | undefined): Promise<Platform> {
    if (name === undefined || name === '') throw new WireRefusal(400, 'Missing platform name')
    const platform = (await this.list()).find(each => each.name === name)
    if (!platform) throw new WireRefusal(400, 'Platform not found')
    return platform
  }

  /** The name by which the client knows the installation that somebody is connected to. */
  async nameOf({ tenantId, installationId, adapter }: { readonly tenantId: string; readonly installationId: string; readonly adapter: string }): Promise<string> {
    const known = (await this.list()).find(each => each.installationId === installationId)
    return known?.name ?? platformOf(this.services.adapters.get(tenantId, adapter))
  }

  /**
   * The platform's installation on the host that the client names. A host that the admin did not allow is never asked: where there is one only, that
   * one is meant, whatever tab the client was in.
   */
  async choose(platform: Platform, wantedHost: string | undefined): Promise<ChosenInstallation> {
    const { installations } = this.services
    const tenantId = await this.tenantId()
    const hosts = hostsOf(await installations.get(tenantId, platform.installationId), platform.adapter)
    const host = wantedHost !== undefined && hosts.includes(wantedHost.toLowerCase()) ? wantedHost : undefined
    return installations.choose(tenantId, platform.installationId, host)
  }
}

const platformOf = (adapter: CrmAdapter): string => isConnectorAdapter(adapter) ? adapter.appConnect.platform : adapter.id
