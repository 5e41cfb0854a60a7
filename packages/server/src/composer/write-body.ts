import type { BodyFormat } from '@linefinder/core'
import type { DetailLine } from './detail-lines.js'

/** One detail, escaped. `readBody` recognises these shapes again: what begins a detail, and what continues it. */
type Writer = (line: Omit<DetailLine, 'detail'>) => string

/** What stands between two details. Nothing in HTML: some CRMs turn line ends into `<br>`. */
export const separators: Readonly<Record<BodyFormat, string>> = { plain: '\n', html: '', markdown: '\n' }

export const writers: Readonly<Record<BodyFormat, Writer>> = {
  plain({ label, value }) {
    switch (value.kind) {
      case 'line': return `${label}: ${value.text}`
      // Indented, so that no line of a note looks like a detail.
      case 'text': return `${label}: ${value.lines.join('\n  ').replace(/ +$/gm, '')}`
      case 'list': return [`${label}:`, ...value.items.map(item => `  - ${item}`)].join('\n')
      case 'link': return `${label}: ${value.url}`
    }
  },
  html({ label, value }) {
    const title = `<b>${htmlText(label)}</b>:`
    switch (value.kind) {
      case 'line': return `<div>${title} ${htmlText(value.text)}</div>`
      case 'text': return `<div>${title} ${value.lines.map(htmlText).join('<br>')}</div>`
      // Beside the block, not inside: a CRM that makes paragraphs of blocks would move it there.
      case 'list': return `<div>${title}</div><ul>${value.items.map(item => `<li>${htmlText(item)}</li>`).join('')}</ul>`
      case 'link': return `<div>${title} <a href="${htmlText(value.url)}">${htmlText(value.url)}</a></div>`
    }
  },
  markdown({ label, value }) {
    const title = `- **${markdownText(label)}**:`
    switch (value.kind) {
      case 'line': return `${title} ${markdownText(value.text)}`
      case 'text': return `${title} ${value.lines.map((line, index) => index === 0 ? markdownText(line) : markdownLine(line)).join('\\\n  ')}`
      case 'list': return [title, ...value.items.map(item => `  - ${markdownLine(item)}`)].join('\n')
      case 'link': return `${title} <${value.url}>`
    }
  },
}

const htmlText = (text: string): string => text.replace(/[&<>"']/g, character => entities[character] ?? character)

const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' }

/** Also keeps addresses from becoming links, as GitHub's dialect would make them. */
const markdownText = (text: string): string => text
  .replace(/[\\`*_[\]~|@$]|:(?=\/\/)|(?<=\bwww)\./gi, '\\$&')
  .replace(/[&<>]/g, character => entities[character] ?? character)

/** At the start of a line more has a meaning: headings, lists, rules. */
const markdownLine = (line: string): string => markdownText(line).replace(/^[#+=-]/, '\\$&').replace(/^(\d{1,9})([.)])/, '$1\\$2')
