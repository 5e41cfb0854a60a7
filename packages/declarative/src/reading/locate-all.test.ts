import { expect, it } from '@jest/globals'
import { locateAll } from './locate-all.js'
import { locate } from './locate.js'
import { readDocument } from './read-document.js'

it('says of every problem what `locate` says of each', () => {
  for (const text of ['{\n  "id": "x",\r\n  "nmae": "X",\n\n  "api": {\n    "FindContact": { "request_methd": "GET" } } }', '', '{"id": ', '[]', '\n\n{"id": 7}']) {
    const { problems } = readDocument(text)
    expect(problems.length).toBeGreaterThan(0)
    expect(locateAll(text, problems)).toEqual(problems.map(problem => locate(text, problem)))
  }
})
