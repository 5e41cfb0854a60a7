import { expect, it } from '@jest/globals'
import { installationSettings } from '@linefinder/core/api'
import { maxParallelOf } from './max-parallel.js'

it('is four unless the admin says otherwise, from 1 to 50', () => {
  expect(maxParallelOf(installationSettings.parse({}))).toBe(4)
  expect(maxParallelOf(installationSettings.parse({ maxParallelDeliveries: 50 }))).toBe(50)
  for (const maxParallelDeliveries of [0, 51, 1.5, '4']) expect(installationSettings.safeParse({ maxParallelDeliveries }).success).toBe(false)
})
