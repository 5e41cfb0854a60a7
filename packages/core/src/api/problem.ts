import * as z from 'zod'
import { documentProblem } from './document-problem.js'
import { problemCode } from './problem-code.js'

/** RFC 9457 problem document, `application/problem+json`. */
export const problem = z.object({
  type: z.string().meta({ description: 'Address of a page about the code.' }),
  title: z.string(),
  status: z.int(),
  detail: z.string().optional(),
  /** Ours, stable: switch on this, never on a sentence. */
  code: problemCode,
  retryable: z.boolean(),
  advice: z.string(),
  requestId: z.string(),
  /** For `invalid_fields`: each place that is wrong. */
  errors: z.array(z.object({
    in: z.enum(['path', 'query', 'body', 'header']),
    /** RFC 6901 JSON pointer. */
    pointer: z.string(),
    message: z.string(),
  })).optional(),
  /** For `document_invalid`: everything that is wrong in the document, in its order, warnings too. */
  problems: z.array(documentProblem).optional(),
}).meta({ id: 'Problem' })
export type Problem = z.infer<typeof problem>
