import { saysWithheld } from './withheld.js'
import { digitsOf } from './written-text.js'

/**
 * The number in a `tel:`, `callto:`, SIP or SIPS address as plain text: `tel:+31413741741;ext=204` is `+31413741741 x204`. Of
 * one that holds no number, the word that hides it, else `''`. `null` for text that is no address. Never throws.
 */
export function numberInAddress(text: string): string | null {
  const named = /^([^<]*)<\s*([^>]*)>/.exec(text)
  if (named !== null) {
    const [, name = '', inner = ''] = named
    const number = numberInAddress(inner) ?? inner
    return digitsOf(number) === '' && saysWithheld(name) ? name : number
  }
  const address = /^(sips?|tel|callto|sms|fax):(?:\/\/)?(.*)$/is.exec(text)
  if (address === null) return /^[^\s:@]+@[^\s@]+$/.test(text) ? userOf(text) : /^[a-z][a-z\d+.-]*:\/\//i.test(text) ? '' : null
  const [, scheme = '', rest = ''] = address
  return /^sips?$/i.test(scheme) ? userOf(rest) : withParameters(rest)
}

/** A user that is no number is a name. A host alone may be a number, but not an address of four bytes. */
function userOf(address: string): string {
  const at = address.indexOf('@')
  const user = at === -1 ? address.replace(/[?>].*$/s, '') : address.slice(0, at)
  const number = withParameters(user.replace(/^([^:]*):.*$/s, '$1'))
  if (saysWithheld(number)) return number
  const isNumber = (at === -1 ? /^\+?[\d-]+( x\d+)?$/ : /^[+(]?\d[\d ().-]*( x\d+)?$/).test(number)
  return isNumber ? number : ''
}

/** RFC 3966: a context of digits goes before a local number; a domain says only that it is local. Other parameters are passed over. */
function withParameters(text: string): string {
  const [written = '', ...parameters] = text.split(/[;?]/)
  const number = decode(written)
  let context = ''
  let extension = ''
  for (const parameter of parameters) {
    const [name = '', value = ''] = parameter.split('=')
    if (/^phone-context$/i.test(name) && decode(value).startsWith('+')) context = decode(value)
    if (/^ext$/i.test(name)) extension = digitsOf(decode(value))
  }
  const whole = number.startsWith('+') ? number : `${context}${number}`
  return extension === '' ? whole.trim() : `${whole.trim()} x${extension}`
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    // A `%` that encodes nothing: the text as it is.
    return text
  }
}
