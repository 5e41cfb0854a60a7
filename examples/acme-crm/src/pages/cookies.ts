import type { Request } from 'express'

export function readCookie(request: Request, name: string): string | null {
  for (const pair of request.get('cookie')?.split(';') ?? []) {
    const [key = '', ...value] = pair.split('=')
    if (key.trim() === name) return value.join('=').trim()
  }
  return null
}
