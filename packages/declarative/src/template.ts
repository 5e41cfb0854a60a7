import type { Template } from './description.js'

/** How a document writes placeholders: `$name$` or `{name}`. */
export type PlaceholderForm = '$$' | '{}'

/**
 * Takes a text apart at its placeholders: those of `names`, the longest that fits. All else is literal, so that `$filter`, `$10` and
 * `{"a":1}` stay as they are.
 */
export function parseTemplate(text: string, names: ReadonlySet<string>, form: PlaceholderForm = '$$'): Template {
  const template: (string | { readonly name: string })[] = []
  let literalFrom = 0
  for (let at = text.indexOf(form.charAt(0)); at !== -1; at = text.indexOf(form.charAt(0), at)) {
    const placeholder = matchPlaceholder(text, at, names, form)
    if (!placeholder) {
      at++
      continue
    }
    if (at > literalFrom) template.push(text.slice(literalFrom, at))
    template.push({ name: placeholder.name })
    at = placeholder.end
    literalFrom = at
  }
  if (literalFrom < text.length) template.push(text.slice(literalFrom))
  return template
}

/** Longer names are not looked for. */
export const maxNameLength = 200

/** The placeholder that begins at `at`, if one does, and where the text goes on behind it. */
export function matchPlaceholder(
  text: string, at: number, names: ReadonlySet<string>, form: PlaceholderForm,
): { readonly name: string; readonly end: number } | null {
  if (text[at] !== form[0]) return null
  let found: { name: string; end: number } | null = null
  const ahead = text.slice(at + 1, at + longestIn(names) + 2)
  for (let end = ahead.indexOf(form.charAt(1), 1); end !== -1; end = ahead.indexOf(form.charAt(1), end + 1)) {
    const name = ahead.slice(0, end)
    if (names.has(name)) found = { name, end: at + end + 2 }
  }
  return found
}

const known = new WeakMap<ReadonlySet<string>, { readonly size: number; readonly longest: number }>()

/** Found once, and again when there are more names. */
function longestIn(names: ReadonlySet<string>): number {
  const before = known.get(names)
  if (before?.size === names.size) return before.longest
  const longest = [...names].reduce((most, name) => Math.max(most, Math.min(name.length, maxNameLength)), 0)
  known.set(names, { size: names.size, longest })
  return longest
}

/** Names in the order in which they occur, each once. */
export const namesInTemplate = (template: Template): string[] =>
  [...new Set(template.flatMap(part => typeof part === 'string' ? [] : [part.name]))]
