import { appendFileSync, existsSync, mkdirSync, readFileSync, truncateSync } from 'node:fs'
import { dirname } from 'node:path'
import { z } from 'zod'

const line = z.discriminatedUnion('what', [
  z.object({
    what: z.literal('customer'), id: z.number(), name: z.string(), company: z.string(), email: z.string(), phones: z.array(z.string()),
    isActive: z.boolean(), createdAt: z.number(), changedAt: z.number(),
  }),
  z.object({
    what: z.literal('activity'), no: z.number(), customerId: z.number(), userId: z.number(), kind: z.enum(['CALL', 'NOTE']),
    date: z.string(), text: z.string(), createdAt: z.number(),
  }),
])
export type Line = z.infer<typeof line>

/** A file to which everything is appended, one JSON document a line; a later line about the same record counts. */
export interface Journal {
  readonly lines: readonly Line[]
  append(added: Line): void
}

/** Without a file everything is forgotten at the end. */
export function openJournal(file: string | undefined): Journal {
  if (file === undefined) return { lines: [], append: () => undefined }
  mkdirSync(dirname(file), { recursive: true })
  return {
    lines: existsSync(file) ? read(file) : [],
    append: (added) => { appendFileSync(file, `${JSON.stringify(added)}\n`) },
  }
}

/** A last line without an end was being written when the process died: nobody was told that it is kept, so it goes. */
function read(file: string): Line[] {
  const content = readFileSync(file)
  const end = content.lastIndexOf('\n') + 1
  if (end < content.length) truncateSync(file, end)
  const text = content.subarray(0, end).toString('utf8')
  return text.split('\n').filter((each) => each !== '').map((each) => line.parse(JSON.parse(each)))
}
