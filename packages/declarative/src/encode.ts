/** A value as a component of an address (RFC 3986 unreserved characters stay). What is no character becomes U+FFFD. */
export const encodeValue = (text: string): string =>
  encodeURIComponent(text.replace(/\p{Surrogate}/gu, '\ufffd')).replace(/[!'()*]/g, character => `%${character.charCodeAt(0).toString(16).toUpperCase()}`)

/** A document's own text: only what may not stand in an address is encoded, and what is encoded already stays. */
export const encodeLiteral = (text: string): string =>
  text.replace(/\p{Surrogate}/gu, '\ufffd').replace(/%(?![0-9a-f]{2})|[^\x21-\x7e]|["<>\\^`{|}]/giu, encodeURIComponent)

/** The name of a field in a query or a form. */
export const encodeName = (text: string): string => encodeLiteral(text).replace(/[&=#+]/g, encodeURIComponent)
