import type { AxiosInstance } from 'axios'
import { z } from 'zod'
import type { ActivityRef, CrmAdapter } from '@linefinder/core'

const answer = z.object({ id: z.string() }).loose()

const createRecord = async (http: AxiosInstance, path: string, record: object) =>
  ({ id: answer.parse((await http.post(path, record)).data).id }) as ActivityRef

const updateRecord = async <Record extends object>(http: AxiosInstance, path: string, record: Record, changed: readonly (keyof Record)[]) => {
  // `undefined` would be left out of JSON.
  await http.patch(path, Object.fromEntries(changed.map(name => [name, record[name] ?? null])))
}

const findRecord = async (http: AxiosInstance, path: string, externalId: string) => {
  const [found] = z.array(answer).parse((await http.get(path, { params: { external_id: externalId } })).data)
  return found ? { id: found.id } as ActivityRef : null
}

/** What an adapter for `FakeCrm` can do beside calls. */
export const fakeMessageMembers = {
  createMessageLog: ({ http }, log) => createRecord(http, '/message-logs', log),
  updateMessageLog: ({ http }, { id }, log, changed) => updateRecord(http, `/message-logs/${id}`, log, changed),
  findMessageLog: ({ http }, externalId) => findRecord(http, '/message-logs', externalId),
} satisfies Partial<CrmAdapter>

export const fakeTaskMembers = {
  createTask: ({ http }, callback) => createRecord(http, '/tasks', callback),
  updateTask: ({ http }, { id }, callback, changed) => updateRecord(http, `/tasks/${id}`, callback, changed),
  findTask: ({ http }, externalId) => findRecord(http, '/tasks', externalId),
} satisfies Partial<CrmAdapter>
