import * as z from 'zod'

/** Yes or no in a query. `z.stringbool` would do the same, and weigh more in browsers. */
export const flag = z.union([z.boolean(), z.enum(['true', 'false']).transform(text => text === 'true')]).default(false)
