import * as z from 'zod'
import { BenchError } from '../bench-error.js'
import { apiKeyPrefix } from '../crm/crm-server.js'

const answer = z.object({ jwtToken: z.string() })

/** Signs in as App Connect's client does, the same on both sides. Returns the token. */
export async function logInByKey(baseUrl: string, crmHost: string, user: string): Promise<string> {
  const apiKey = `${apiKeyPrefix}${user}`
  const response = await fetch(`${baseUrl}/apiKeyLogin?state=platform=bench`, {
    method: 'POST', headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ apiKey, platform: 'bench', hostname: crmHost, additionalInfo: { apiKey, key: apiKey } }),
  })
  const text = await response.text()
  if (!response.ok) throw new BenchError('wrong_answer', `${baseUrl}/apiKeyLogin: ${String(response.status)} ${text.slice(0, 300)}`)
  return answer.parse(JSON.parse(text)).jwtToken
}
