const words = 'anonymous|private|unknown|restricted|unavailable|blocked|withheld'
  + '|anonym|anonyme|unbekannt|unterdrückt|anoniem|onbekend|privé|masqué|inconnu|desconocido|privado|oculto|sconosciuto'
const around = 'caller|callers|number|id|name|no|not'
const pattern = new RegExp(`^(?:(?:${around}) )*(?:${words})(?: (?:${around}))*$`, 'iu')

/** What phone systems show for a caller who hides the number: `Anonymous`, `Private number`, `caller-id blocked`. */
export const saysWithheld = (text: string): boolean => pattern.test(text.replace(/[^\p{L}]+/gu, ' ').trim())

/** ANONYMOUS, RESTRICTED, BLOCKED, UNKNOWN and UNAVAILABLE, keyed on a telephone. */
const spelledOut = new Set(['266696687', '7378742833', '2562533', '8656696', '86282452253'])

/** Phone systems that can only pass digits spell the word, some with North America's code before it. */
export const spellsWithheld = (digits: string): boolean =>
  spelledOut.has(digits) || (digits.startsWith('1') && spelledOut.has(digits.slice(1)))
