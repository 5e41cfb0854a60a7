import { api, type PersonalEntry } from '@linefinder/core/api'
import { route, type Route } from '../http/route.js'
import type { PersonalRow } from './personal-statements.js'

const { personalData } = api.admin

export const personalDataRoutes: Route[] = [
  route(personalData.export, async ({ body, caller, services }) => {
    const { entries, ...rest } = await services.personalData.export(caller, body)
    return { entries: entries.map(toEntry), ...rest }
  }),

  route(personalData.erase, async ({ body, caller, services }) => services.personalData.erase(caller, body)),
]

const toEntry = ({ kind, phoneSystem, key, part, status, activity, content, createdAt }: PersonalRow): PersonalEntry =>
  ({ kind, phoneSystem, key, part, status, activity, content: { ...content }, createdAt: createdAt.toISOString() })
