/** A text in single quotes, as this project writes them. */
export const quoted = (text: string): string => `'${JSON.stringify(text).slice(1, -1).replaceAll('\\"', '"').replaceAll('\'', '\\\'')}'`

const isIdentifier = (name: string): boolean => /^[A-Za-z_$][\w$]*$/.test(name)

/** A name as the key of an object literal. */
export const keyOf = (name: string): string => isIdentifier(name) ? name : quoted(name)

/** Access to a member. */
export const memberOf = (of: string, name: string): string => isIdentifier(name) ? `${of}.${name}` : `${of}[${quoted(name)}]`

export const listOf = (texts: Iterable<string>): string => `[${[...texts].map(quoted).join(', ')}]`

/** The parts that are there, one after the other. */
export const joined = (parts: readonly (string | false | null)[], between = '\n'): string =>
  parts.filter(part => part !== false && part !== null).join(between)

/** Every line two blanks further in. */
export const indented = (text: string): string => text.replace(/^(?=.)/gm, '  ')
