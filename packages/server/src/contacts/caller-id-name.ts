const maxCharacters = 60

/**
 * A name as phones show it, in one line of at most 60 characters; empty when nothing of it can be shown.
 *
 * Latin letters lose their accents (`Müller` is `Muller`, `Straße` is `Strasse`): many displays know no others. Letters of
 * other scripts stay, for whoever has such names has phones that show them. What a PBX could take for syntax goes: quotes, `\`, `<`,
 * `>` and `;` end the name in a SIP header, and `${…}` is a variable in dialplans (FreeSWITCH refuses such a name). So do control,
 * zero-width and bidi characters, which hide or reorder what is shown. Blanks of any kind become one. It is cut between
 * characters as people see them, and the length counts code points.
 *
 * @see https://www.rfc-editor.org/rfc/rfc3261#section-25.1 the quoted string of a display name
 */
export function callerIdName(name: string): string {
  const shown = name
    .normalize('NFC')
    .replace(latinLetter, withoutAccents)
    .replace(/[\s\p{Cc}]+/gu, ' ')
    .replace(/[\p{Cf}\p{Co}\p{Cs}\p{Default_Ignorable_Code_Point}"\\<>;`${}]/gu, '')
    .replace(/ +/g, ' ')
    .trim()
  return cut(shown)
}

const latinLetter = /\p{Script=Latin}\p{M}*/gu

/** NFKD also parts ligatures, and makes full-width letters plain ones. */
const withoutAccents = (letter: string): string =>
  [...letter.normalize('NFKD').replace(/\p{M}/gu, '')].map(each => plainLetters[each] ?? each).join('')

/** Letters that Unicode holds for letters of their own, not for accented ones. */
const plainLetters: Readonly<Record<string, string>> = {
  ß: 'ss', ẞ: 'SS', æ: 'ae', Æ: 'AE', œ: 'oe', Œ: 'OE', ø: 'o', Ø: 'O', đ: 'd', Đ: 'D', ð: 'd', Ð: 'D', þ: 'th', Þ: 'Th',
  ł: 'l', Ł: 'L', ı: 'i', ħ: 'h', Ħ: 'H', ŧ: 't', Ŧ: 'T', ŋ: 'ng', Ŋ: 'Ng', ə: 'e', Ə: 'E', ƒ: 'f', ĸ: 'k',
}

const characters = new Intl.Segmenter('und', { granularity: 'grapheme' })

function cut(text: string): string {
  let [kept, length] = ['', 0]
  for (const { segment } of characters.segment(text)) {
    length += [...segment].length
    if (length > maxCharacters) return kept.trimEnd()
    kept += segment
  }
  return kept
}
