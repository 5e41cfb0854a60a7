import { Router } from 'express'
import { z } from 'zod'
import { findActivity } from '../crm/activities.js'
import { listRecordingsOf, saveRecording, TooLarge } from '../crm/recordings.js'
import type { Database } from '../database/open-database.js'
import { ApiError, invalidField, notFound } from './api-error.js'

export const maxRecordingBytes = 100_000_000

const recordingQuery = z.object({ name: z.string().regex(/^[\w.-]{1,200}$/, 'A name is letters, digits, dots, dashes and underscores') })

/** Recordings come and go as they are, not as JSON. */
export function recordingRoutes(database: Database): Router {
  const router = Router()

  router.get('/:id/recordings', async (request, response) => {
    response.json({ items: await listRecordingsOf(database, [await activityIdOf(database, request.params.id)]) })
  })

  router.post('/:id/recording', async (request, response) => {
    const { name } = recordingQuery.parse(request.query)
    const activity_id = await activityIdOf(database, request.params.id)
    const content_type = request.get('content-type') ?? ''
    if (!/^(audio|video)\/[\w.+-]+$|^application\/octet-stream$/.test(content_type)) throw invalidField('content-type', 'A recording is audio or video')
    try {
      response.status(201).json(await saveRecording(database, { activity_id, name, content_type }, request, maxRecordingBytes))
    } catch (error) {
      throw error instanceof TooLarge ? new ApiError(413, 'too_large', error.message) : error
    }
  })

  return router
}

async function activityIdOf(database: Database, id: string): Promise<string> {
  if ((await findActivity(database, id)) === null) throw notFound('activity')
  return id
}
