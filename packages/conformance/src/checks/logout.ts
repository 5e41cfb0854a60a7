import { about } from '../check.js'

export const logoutChecks = about('logout', {
  async 'ends without a word, and once more'(bench) {
    const crm = bench.as({ connection: await bench.connect() })
    await crm.logout()
    await crm.logout().catch((error: { code?: string }) => { if (error.code !== 'unauthorized') throw error })
  },

  async 'ends nobody else’s connection, nor the next one of the same user'(bench) {
    const connection = await bench.connect()
    const other = await bench.connect()
    await bench.as({ connection }).logout()
    await bench.as({ connection: other }).getUserInfo()
    await bench.as({ connection: await bench.connect() }).getUserInfo()
  },
})
