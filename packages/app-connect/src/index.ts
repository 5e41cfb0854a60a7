export * from './extras.js'
export * from './wire/index.js'
