/** A bug that is put into a copy of the adapter for Acme: one place in one file reads otherwise. */
export interface Mutation {
  readonly name: string
  /** What an author may have been thinking. */
  readonly bug: string
  /** In `adapters/acme/src`. */
  readonly file: string
  /** Occurs exactly once. */
  readonly from: string
  readonly to: string
  /** Goes to the top of the file. */
  readonly atTop?: string
}

/** Throws when the place is not there, or more than once: the adapter has changed, and the mutation must follow. */
export function mutated(text: string, { name, from, to, atTop = '' }: Mutation): string {
  const places = text.split(from).length - 1
  if (places !== 1) throw new Error(`mutation "${name}": ${String(places)} places read so`)
  return `${atTop}\n${text.replace(from, () => to)}`
}
