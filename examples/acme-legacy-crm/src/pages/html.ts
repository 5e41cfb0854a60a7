/** Markup that is safe to send: every value put into the template was escaped. */
export class Html {
  constructor(private readonly markup: string) {}

  toString(): string {
    return this.markup
  }
}

/** Lists print their items one after another. */
export const html = (parts: TemplateStringsArray, ...values: readonly (string | number | Html | readonly Html[])[]): Html =>
  new Html(String.raw({ raw: parts }, ...values.map(print)))

function print(value: string | number | Html | readonly Html[]): string {
  if (value instanceof Html) return value.toString()
  if (typeof value === 'object') return value.map(String).join('')
  return String(value).replace(/[&<>"']/g, (character) => `&#${String(character.charCodeAt(0))};`)
}
