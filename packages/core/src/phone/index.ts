export { isCountry, parsePhone, type ParsedPhone, type PhoneOptions } from './parse.js'
export { samePhone } from './same.js'
export { variants, digitsOf, type PhoneSearch } from './variants.js'
