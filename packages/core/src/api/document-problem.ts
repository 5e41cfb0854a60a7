import * as z from 'zod'

/** Something that is wrong in a document, or could be. */
export const documentProblem = z.object({
  severity: z.enum(['error', 'warning']),
  /** Stable: switch on this, never on a sentence. */
  code: z.string(),
  path: z.array(z.union([z.string(), z.int()])),
  /** From 1, as editors count. */
  line: z.int(),
  column: z.int(),
  message: z.string(),
  /** The nearest known name. */
  suggestion: z.string().optional(),
}).meta({ id: 'DocumentProblem' })
export type DocumentProblem = z.infer<typeof documentProblem>
