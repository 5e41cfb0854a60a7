export { startAcmeLegacy, type AcmeLegacy, type AcmeLegacyOptions } from './start-acme-legacy.js'
