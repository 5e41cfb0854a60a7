import { Readable } from 'node:stream'
import { Router } from 'express'
import { findRecording, readRecording } from '../crm/recordings.js'
import type { Database } from '../database/open-database.js'
import { messagePage } from './layout.js'

/** The sound itself, for the player on a person's page. */
export function recordingPageRoutes(database: Database): Router {
  const router = Router()

  router.get('/:activity/:name', async (request, response) => {
    const { activity, name } = request.params
    const found = await findRecording(database, activity, name)
    if (found === null) {
      response.status(404).send(messagePage('Not found', 'There is no such recording.'))
      return
    }
    response.set({ 'Content-Type': found.content_type, 'Content-Length': String(found.size_bytes) })
    const content = Readable.from(readRecording(database, found.upload_id))
    content.on('error', () => response.destroy())
    content.pipe(response)
  })

  return router
}
