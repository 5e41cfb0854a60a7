import { beforeAll, describe, expect, it } from '@jest/globals'
import { examples, extension, spellingsOf } from '../testing/phone-spellings.js'
import { digitsOf, matchPhone, parsePhone, variants } from './index.js'

interface Written {
  readonly country: string
  readonly e164: string
  readonly name: string
  readonly text: string
}

const written: Written[] = examples.flatMap(({ country, e164 }) => spellingsOf(e164, country).map(spelling => ({ country, e164, ...spelling })))
const isExtended = ({ name }: Written) => name.endsWith('extension')
const show = ({ country, e164, name, text }: Written, got: string) => `${country} ${e164} as ${name}: ${text} -> ${got}`

beforeAll(() => {
  const count = (values: string[]) => String(new Set(values).size)
  process.stdout.write(`phone engine: ${count(written.map(({ country }) => country))} regions, ${count(written.map(({ e164 }) => e164))} numbers, `
    + `${String(written.length)} spellings (${count(written.map(({ name }) => name))} kinds)\n`)
})

describe('in every region', () => {
  it('every spelling of a number is read as that number, valid', () => {
    const wrong = written.flatMap(each => {
      const parsed = parsePhone(each.text, { country: each.country })
      const isRight = parsed.ok && parsed.e164 === each.e164 && parsed.isValid && parsed.extension === (isExtended(each) ? extension : null)
      return isRight ? [] : [show(each, JSON.stringify(parsed))]
    })
    expect(wrong).toEqual([])
  })

  it('every spelling of a number matches it surely', () => {
    const wrong = written.flatMap(each => {
      const match = matchPhone({ parsed: parsePhone(each.e164), raw: each.e164 }, each.text, { country: each.country })
      return match === 'e164' ? [] : [show(each, String(match))]
    })
    expect(wrong).toEqual([])
  })

  it('no spelling of a number matches another number', () => {
    const wrong = written.flatMap(each => othersOf(each).flatMap(other => {
      const match = matchPhone({ parsed: parsePhone(other), raw: other }, each.text, { country: each.country })
      return match === null ? [] : [show(each, `${other} by ${match}`)]
    }))
    expect(wrong).toEqual([])
  })

  it('a search by digits asks for the digits of every spelling', () => {
    const wrong = written.filter(each => !isExtended(each)).flatMap(each => {
      const asked = variants(each.e164, 'digits', {})
      return asked.includes(digitsOf(each.text)) ? [] : [show(each, asked.join(' '))]
    })
    expect(wrong).toEqual([])
  })
})

/** The region's other numbers, and the one whose last digit is another. */
const othersOf = ({ country, e164 }: Written): string[] => [
  ...examples.filter(each => each.country === country && each.e164 !== e164).map(each => each.e164),
  `${e164.slice(0, -1)}${String((Number(e164.at(-1)) + 1) % 10)}`,
]
