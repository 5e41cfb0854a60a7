import { adapterOf, locateAll, readDocument } from '@linefinder/declarative'
import type { DocumentReader } from '@linefinder/server'

/** The formats that documents may be written in, for a server that knows none. */
export const documentReader: DocumentReader = {
  read(text) {
    const { description, problems } = readDocument(text)
    const positions = locateAll(text, problems)
    return {
      adapter: description && adapterOf(description),
      problems: problems.map(({ severity, code, path, message, suggestion }, index) => ({
        severity, code, path, message,
        ...(positions[index] ?? { line: 1, column: 1 }),
        ...(suggestion === undefined ? {} : { suggestion }),
      })),
    }
  },
}
