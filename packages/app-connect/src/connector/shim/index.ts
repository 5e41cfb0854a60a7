import type { Output } from '../connector-call.js'
import type { AxiosLike } from '../guarded-axios.js'
import { AccountDataStore, createAccountData, createAccountDataModel } from './account-data.js'
import { adminConfigModel } from './admin-config-model.js'
import { createAdminHandler } from './admin-handler.js'
import { callLogComposer } from './call-log-composer.js'
import { constants } from './constants.js'
import { createCore, Registrations } from './core.js'
import { createEncode } from './encode.js'
import { createErrorHandler } from './error-handler.js'
import { createJwt } from './jwt.js'
import { lockSchema } from './lock.js'
import { createLogger } from './logger.js'
import { createOAuth } from './oauth.js'
import { userModel } from './user-model.js'
import { createUtil } from './util.js'

/** The package whose place these modules take. */
export const corePackage = '@app-connect/core'

export interface ShimParts {
  readonly axios: AxiosLike
  readonly output: Output
  /** A variable of the connector's environment. */
  environment(name: string): string | undefined
  requireOwn(name: string): unknown
}

export interface Shim {
  readonly modules: ReadonlyMap<string, unknown>
  readonly registrations: Registrations
  readonly accountData: AccountDataStore
}

/** What a connector gets when it requires `@app-connect/core` or one of the modules in it, by the path within the package; its root is ''. */
export function createShim({ axios, output, environment, requireOwn }: ShimParts): Shim {
  const secretKey = () => {
    const key = environment('APP_SERVER_SECRET_KEY')
    if (key === undefined || key === '') throw new Error('the connector signs or seals something: give it APP_SERVER_SECRET_KEY in its environment')
    return key
  }
  const logger = createLogger(output)
  const registrations = new Registrations()
  const store = new AccountDataStore()
  const accountData = createAccountData(store, platform => registrations.get(platform).accountData ?? {})
  const modules = new Map<string, unknown>(Object.entries({
    '': createCore(registrations, accountData),
    'lib/constants': constants,
    'lib/logger': logger,
    'lib/errorHandler': createErrorHandler(logger),
    'lib/jwt': createJwt(secretKey),
    'lib/encode': createEncode(secretKey),
    'lib/oauth': createOAuth(axios),
    'lib/util': createUtil(requireOwn),
    'lib/accountData': accountData,
    'lib/callLogComposer': callLogComposer,
    'models/userModel': userModel,
    'models/adminConfigModel': adminConfigModel,
    'models/accountDataModel': createAccountDataModel(store),
    'models/dynamo/lockSchema': lockSchema,
    'models/sequelize': { sequelize: noDatabase('sequelize') },
    'models/callLogModel': { CallLogModel: noDatabase('CallLogModel') },
    'models/messageLogModel': { MessageLogModel: noDatabase('MessageLogModel') },
    'models/cacheModel': { CacheModel: noDatabase('CacheModel') },
    'handlers/admin': createAdminHandler(axios),
    'connector/developerPortal': developerPortal(),
  }))
  return { modules, registrations, accountData: store }
}

/** RingCentral's list of connectors, which nobody asks here. Applications put functions of their own in its place. */
const developerPortal = () => ({ getPublicConnectorList: async () => null, getConnectorManifest: async () => null })

/** Can be required, as connectors do for types and options, and says what to do when it is used. */
const noDatabase = (table: string): unknown => new Proxy({}, {
  get(_target, name) {
    if (typeof name === 'symbol' || name === 'then') return undefined
    throw new Error(`a connector has no database here (${table}.${name}): what it keeps is kept with its user`)
  },
})
