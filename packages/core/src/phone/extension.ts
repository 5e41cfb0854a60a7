import { digitsOf } from './written-text.js'

/** How people announce an extension. Longer words come before those that they begin with. */
const words = [
  'extension', 'extensión', 'extn', 'ext', 'xtn', 'x', 'toestel', 'tst', 'durchwahl', 'dw', 'nebenstelle', 'nst', 'apparat', 'poste', 'interno',
  'interne', 'int', 'anexo', 'ramal', 'wewn', 'wew', 'dahili', 'anknytning', 'ankn', 'добавочный', 'доб', 'внутренний', 'вн', '内線', '分機', '分机',
].join('|')

const announced = new RegExp(`(?:${words})\\s?\\.?\\s?[:=]?\\s?([\\d-]{1,20})\\s?#?\\s?[)\\]]?$`, 'iu')
const afterHash = /#\s?(\d{1,7})#?$/
const beforeHash = /[ -](\d{1,7})#$/
/** Dialled after a pause: commas, or a semicolon where the phone waits. A menu may follow. */
const afterPause = /(?:,[, ]*|; ?)(\d{1,6})(?:#[\d,;#* ]*)?$/

/** The text before an extension, and the extension's digits, or `null` without one. `head` is `''` for a lone extension. */
export function splitExtension(text: string): { head: string; extension: string | null } {
  for (const pattern of [announced, afterHash, beforeHash, afterPause]) {
    const found = pattern.exec(text)
    const extension = digitsOf(found?.[1] ?? '')
    if (found === null || extension === '') continue
    const head = text.slice(0, found.index)
    // The end of another word, as in `fax 204`.
    if (pattern === announced && /\p{L}$/u.test(head)) continue
    return { head: head.replace(/[\s,;.([/-]+$/, ''), extension }
  }
  return { head: text, extension: null }
}
