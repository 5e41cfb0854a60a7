import type { Content, Exchange } from './exchange-proxy.js'

/** One line, and with bodies one more for each that there is. Nothing that looks like a secret is in them. */
export function exchangeLines({ method, url, status, ms, sent, answered }: Exchange, hasBodies: boolean): string[] {
  const line = `crm  ${method.padEnd(6)} ${withoutSecrets(url)}  ${status === null ? 'no answer' : String(status)}  ${String(ms)} ms`
  if (!hasBodies) return [line]
  return [line, ...bodyLines('>', sent), ...bodyLines('<', answered)]
}

function bodyLines(sign: string, { type, text }: Content): string[] {
  if (text === '') return []
  if (/json/.test(type)) return [`     ${sign} ${jsonWithoutSecrets(text)}`]
  if (type.startsWith('application/x-www-form-urlencoded')) return [`     ${sign} ${formWithoutSecrets(text)}`]
  return [`     ${sign} ${String(text.length)} characters of ${type === '' ? 'an unknown type' : type}`]
}

const isSecret = (name: string): boolean => /token|secret|passw|api_?key|^key$|session|authori[sz]ation|cookie|^code$|code_verifier|assertion|signature|credential|^pin$/i.test(name)

const hidden = '[hidden]'

function withoutSecrets(url: string): string {
  const [path = '', query] = url.split('?', 2)
  return query === undefined ? path : `${path}?${formWithoutSecrets(query)}`
}

function formWithoutSecrets(text: string): string {
  return text.split('&').map(pair => {
    const [name = ''] = pair.split('=', 1)
    return isSecret(readable(name)) ? `${name}=${hidden}` : pair
  }).join('&')
}

/** Text that is no JSON, such as one cut short, is not shown. */
function jsonWithoutSecrets(text: string): string {
  try {
    return JSON.stringify(JSON.parse(text, (name, value: unknown) => isSecret(name) && value !== null && typeof value !== 'object' ? hidden : value))
  } catch {
    return `${String(text.length)} characters that are no JSON`
  }
}

function readable(name: string): string {
  try {
    return decodeURIComponent(name)
  } catch {
    return name
  }
}
