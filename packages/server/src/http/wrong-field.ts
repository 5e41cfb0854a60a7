import type { Problem } from '@linefinder/core/api'
import { ApiError } from './api-error.js'

type Place = NonNullable<Problem['errors']>[number]

/** For what a schema cannot know, such as a country that does not exist. `pointer` is RFC 6901. */
export const wrongField = (place: Place['in'], pointer: string, message: string): ApiError =>
  new ApiError('invalid_fields', { errors: [{ in: place, pointer, message }] })
