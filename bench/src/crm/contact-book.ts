import { countries, findBlocks, type NumberBlock } from './number-blocks.js'
import { mix } from './seeded.js'
import { spell } from './spellings.js'

export interface BookContact {
  readonly id: string
  readonly name: string
  readonly company: string | null
  readonly email: string
  readonly phones: readonly { readonly number: string; readonly label: string }[]
  readonly createdAt: string
}

/** Of five contacts, two have one number and three have two: 1.6 on average. */
const firstNumbers = [0, 1, 3, 4, 6]
const numbersOfFive = 8

/** Prime to 10,000, so that it steps through every tail; and its inverse. */
const tailStep = 7919
const tailStepBack = 7679

const firstNames = ['Anna', 'Ben', 'Chiara', 'David', 'Emma', 'Finn', 'Greta', 'Hugo', 'Iris', 'Jonas', 'Katja', 'Liam', 'Maria', 'Nils', 'Olga', 'Pieter', 'Rosa', 'Sven', 'Tessa', 'Yusuf']
const lastNames = ['Adams', 'Bakker', 'Costa', 'Dubois', 'Evans', 'Fischer', 'García', 'Haddad', 'Ivanov', 'Jansen', 'Kowalski', 'Lindström', 'Moreau', 'Nowak', 'Okafor', 'Popescu', 'Rossi', 'Schmidt', 'Tanaka', 'Weber']
const companies = ['Bakery', 'Logistics', 'Dental Care', 'Roofing', 'Software', 'Consulting', 'Gardens', 'Transport']

/**
 * A list of contacts without end that is computed, not stored: the contact at an index, and the index of a number's contact,
 * are the same for the same seed in every process. No number belongs to two contacts.
 */
export class ContactBook {
  /** One list a country, in the order of `countries`. */
  readonly #blocks: readonly (readonly NumberBlock[])[]
  readonly #places = new Map<string, { readonly country: number; readonly block: number }>()
  /** Blocks by the last three digits of their prefix. */
  readonly #byEnding = new Map<string, NumberBlock[]>()

  constructor(private readonly seed: number) {
    this.#blocks = countries.map(country => findBlocks(country, seed))
    this.#blocks.forEach((blocks, country) => {
      blocks.forEach((block, index) => {
        this.#places.set(block.prefix, { country, block: index })
        const ending = block.prefix.slice(-3)
        this.#byEnding.set(ending, [...this.#byEnding.get(ending) ?? [], block])
      })
    })
  }

  /** Indices below it have numbers. */
  get capacity(): number {
    return Math.min(...this.#blocks.map((blocks, country) => {
      const contacts = Math.floor(blocks.length * 10_000 / numbersOfFive) * 5
      return country === 0 ? contacts * 2 : contacts * 2 * (countries.length - 1)
    }))
  }

  idAt(index: number): string {
    return `c${String(index)}`
  }

  contactAt(index: number): BookContact {
    const dice = mix(this.seed, index)
    const first = pick(firstNames, dice)
    const last = pick(lastNames, dice >>> 5)
    const company = (dice & 1) === 0 ? `${last} ${pick(companies, dice >>> 10)}` : null
    return {
      id: this.idAt(index),
      name: `${first} ${last}`,
      company,
      email: `${first}.${last}.${String(index)}@example.com`.toLowerCase(),
      phones: this.#placesAt(index).map(({ block, tail }, position) => ({
        number: spell(pick(block.templates, mix(dice, position)), tail),
        label: position === 0 ? 'work' : 'mobile',
      })),
      createdAt: new Date(1_600_000_000_000 + index * 60_000).toISOString(),
    }
  }

  /** E.164. */
  numbersAt(index: number): string[] {
    return this.#placesAt(index).map(({ block, tail }) => block.prefix + tail)
  }

  /** Whose number it is; `null` when it is none of the book's. `e164`: `+` and digits. */
  indexOf(e164: string): number | null {
    const place = this.#places.get(e164.slice(0, -4))
    if (!place) return null
    const blocks = this.#blocks[place.country]?.length ?? 0
    const turn = (Number(e164.slice(-4)) * tailStepBack) % 10_000
    const ordinal = turn * blocks + place.block
    const within = ordinal % numbersOfFive
    const inCountry = Math.floor(ordinal / numbersOfFive) * 5 + firstNumbers.findLastIndex(first => first <= within)
    return place.country === 0 ? inCountry * 2 : (inCountry * (countries.length - 1) + place.country - 1) * 2 + 1
  }

  /** Contacts below `limit` with a number that ends with these digits, of which there must be seven. */
  indicesEndingWith(lastSeven: string, limit: number): number[] {
    const blocks = this.#byEnding.get(lastSeven.slice(0, 3)) ?? []
    const indices = blocks.map(({ prefix }) => this.indexOf(prefix + lastSeven.slice(3)))
    return [...new Set(indices)].filter(index => index !== null && index < limit).map(Number).sort((a, b) => a - b)
  }

  #placesAt(index: number): { block: NumberBlock; tail: string }[] {
    const half = Math.floor(index / 2)
    const country = index % 2 === 0 ? 0 : 1 + half % (countries.length - 1)
    const inCountry = index % 2 === 0 ? half : Math.floor(half / (countries.length - 1))
    const blocks = this.#blocks[country] ?? []
    const five = inCountry % 5
    const first = Math.floor(inCountry / 5) * numbersOfFive + (firstNumbers[five] ?? 0)
    const count = (firstNumbers[five + 1] ?? numbersOfFive) - (firstNumbers[five] ?? 0)
    return Array.from({ length: count }, (_, position) => {
      const ordinal = first + position
      const turn = Math.floor(ordinal / blocks.length)
      const block = blocks[ordinal % blocks.length]
      if (!block || turn >= 10_000) throw new RangeError(`the book has no numbers for contact ${String(index)}`)
      return { block, tail: String((turn * tailStep) % 10_000).padStart(4, '0') }
    })
  }
}

function pick<Item>(items: readonly Item[], dice: number): Item {
  const item = items[dice % items.length]
  if (item === undefined) throw new RangeError('nothing to pick from')
  return item
}
