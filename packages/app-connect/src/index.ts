export {}
export * from './extras.js'
