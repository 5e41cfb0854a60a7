import { custom, CrmError, type CustomScheme, type InstallationFacts, type LoginContext, type SessionCredential } from '@linefinder/core'
import { z } from 'zod'
import { post } from './rpc.js'
import { databaseOf } from './settings.js'

/** Newer versions of Tryton say more than who it is and the key. */
const loggedIn = z.tuple([z.int(), z.string()]).rest(z.unknown())

/** Tryton's own login. A session ends after 30 days, unless Tryton is configured otherwise; the answer is then 401. */
export const byLogin = async (installation: InstallationFacts): Promise<CustomScheme> => custom({
  fields: [
    { name: 'username', label: 'User name', help: 'As you log in to Tryton.' },
    { name: 'password', label: 'Password', secret: true },
  ],

  async login({ http }, { username = '', password = '' }) {
    const params = [username, { password }]
    const [userId, key] = loggedIn.parse(await post(http, databaseOf(installation), { id: 0, method: 'common.db.login', params }))
    return { values: { username, userId: String(userId), key } }
  },

  authorize: credential => ({ headers: authorization(credential) }),

  end: (ctx, credential) => logOut(ctx, credential, databaseOf(installation)),
})

const authorization = ({ values: { username = '', userId = '', key = '' } }: SessionCredential) =>
  ({ Authorization: `Session ${Buffer.from(`${username}:${userId}:${key}`).toString('base64')}` })

async function logOut({ http }: LoginContext, credential: SessionCredential, database: string): Promise<void> {
  try {
    await post(http, database, { id: 0, method: 'common.db.logout', params: [] }, { headers: authorization(credential) })
  } catch (error) {
    // It has ended already.
    if (!(error instanceof CrmError && error.code === 'unauthorized')) throw error
  }
}
