export { appConnect } from './surface.js'
export type { AdminOptions, AppConnectOptions, PlatformOptions } from './options.js'
export { rcRedirectPage } from './oauth-login.js'
export { manifestSchema, type Manifest } from './manifest-schema.js'
