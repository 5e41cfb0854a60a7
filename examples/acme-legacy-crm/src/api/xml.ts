import type { Response } from 'express'

export interface Element {
  readonly name: string
  readonly attributes?: Readonly<Record<string, string | number>>
  /** A text, or further elements. */
  readonly content?: string | readonly Element[]
}

export const element = (name: string, content: string | readonly Element[], attributes: Element['attributes'] = {}): Element => ({ name, content, attributes })

export type Encoding = 'UTF-8' | 'ISO-8859-1'

/** The encoding is named in the document only: the header says nothing of it. */
export function sendXml(response: Response, root: Element, encoding: Encoding = 'UTF-8'): void {
  const document = `<?xml version="1.0" encoding="${encoding}"?>\n${write(root)}\n`
  const body = encoding === 'UTF-8' ? Buffer.from(document, 'utf8') : Buffer.from(withReferences(document), 'latin1')
  response.status(200).setHeader('Content-Type', 'text/xml').end(body)
}

function write({ name, attributes = {}, content = '' }: Element): string {
  const start = [name, ...Object.entries(attributes).map(([key, value]) => `${key}="${escape(String(value))}"`)].join(' ')
  const inner = typeof content === 'string' ? escape(content) : content.map((each) => `\n${write(each)}`).join('')
  return inner === '' ? `<${start}/>` : `<${start}>${inner}</${name}>`
}

const escape = (text: string): string =>
  text.replace(/[&<>"\r]/g, (character) => `&#${String(character.charCodeAt(0))};`)

/** What the encoding does not have. */
const withReferences = (text: string): string =>
  text.replace(/[^\0-\u{ff}]/gu, (character) => `&#${String(character.codePointAt(0))};`)
