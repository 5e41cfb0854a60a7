import type { Template } from './description.js'

/** A text with placeholders, held against another text: captures are as short as they can be, and the whole must fit. */
export function matchPattern(template: Template, text: string): (readonly [name: string, value: string])[] | null {
  const names = template.flatMap(part => typeof part === 'string' ? [] : [part.name])
  const [only] = names
  const captured = captures(template, text)
  if (captured) return captured
  return names.length === 1 && only !== undefined ? [[only, text]] : null
}

function captures(template: Template, text: string): (readonly [string, string])[] | null {
  const last = template.at(-1)
  const tail = typeof last === 'string' ? last : ''
  const first = template[0]
  const lead = typeof first === 'string' ? first : ''
  if (!text.startsWith(lead) || !text.endsWith(tail) || (template.length > 1 && text.length < lead.length + tail.length)) return null
  const end = text.length - (template.length > 1 ? tail.length : 0)
  const found: (readonly [string, string])[] = []
  let at = lead.length
  const middle = template.slice(lead === '' ? 0 : 1, tail === '' ? undefined : -1)
  for (const [index, part] of middle.entries()) {
    if (typeof part === 'string') continue
    const following = middle[index + 1]
    // Two placeholders side by side: the first takes nothing.
    const until = following === undefined ? end : typeof following === 'string' ? text.indexOf(following, at) : at
    if (until === -1 || until > end) return null
    found.push([part.name, text.slice(at, until)])
    at = until + (typeof following === 'string' ? following.length : 0)
  }
  return at <= end ? found : null
}
