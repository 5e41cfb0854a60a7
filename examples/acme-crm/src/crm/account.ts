/** Acme runs for one customer at a time. */
export const account = { id: 'acme-nl', name: 'Acme Nederland BV' } as const
