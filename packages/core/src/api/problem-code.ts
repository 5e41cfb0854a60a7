import * as z from 'zod'
import { problemCodes } from '../errors/code-names.js'

/** Plain text to clients, so that a newer server may send one that they do not know. */
export const problemCode = z.enum(problemCodes as [string, ...string[]])
