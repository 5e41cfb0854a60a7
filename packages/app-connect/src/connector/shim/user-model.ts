import type { ColumnValues, ConnectorUser } from '../connector-user.js'
import { currentCall } from '../scope.js'

interface Query {
  readonly where?: Readonly<Record<string | symbol, unknown>>
}

/** `models/userModel`: a table of users in which a connector finds the one whose call it is, and nobody else. */
export const userModel = {
  UserModel: {
    async findByPk(id: unknown): Promise<ConnectorUser | null> {
      const { user } = currentCall()
      return user.id !== '' && String(id) === user.id ? user : null
    },
    async findOne(query: Query = {}): Promise<ConnectorUser | null> {
      return (await userModel.UserModel.findAll(query))[0] ?? null
    },
    /** Conditions other than equality with a value or one of a list match nobody. */
    async findAll({ where = {} }: Query = {}): Promise<ConnectorUser[]> {
      const { user } = currentCall()
      return user.id !== '' && matches(user, where) ? [user] : []
    },
    async count(query: Query = {}): Promise<number> {
      return (await userModel.UserModel.findAll(query)).length
    },
    /** There is one user to a connection: what is given becomes of that one. Throws for another's id. */
    async create(values: ColumnValues): Promise<ConnectorUser> {
      const { user } = currentCall()
      if (user.id !== '' && values.id !== undefined && values.id !== user.id) throw new Error('a connection has one user, and this is another one')
      return user.update(values)
    },
    async findOrCreate({ where = {}, defaults = {} }: Query & { readonly defaults?: ColumnValues }): Promise<[ConnectorUser, boolean]> {
      const found = await userModel.UserModel.findOne({ where })
      return found ? [found, false] : [await userModel.UserModel.create({ ...where, ...defaults }), true]
    },
    async update(values: ColumnValues, query: Query): Promise<[number]> {
      const found = await userModel.UserModel.findAll(query)
      for (const user of found) await user.update(values)
      return [found.length]
    },
    async destroy(query: Query): Promise<number> {
      const found = await userModel.UserModel.findAll(query)
      for (const user of found) await user.destroy()
      return found.length
    },
  },
}

function matches(user: ConnectorUser, where: Readonly<Record<string | symbol, unknown>>): boolean {
  const values = user.toJSON() as Readonly<Record<string, unknown>>
  return Reflect.ownKeys(where).every(name => {
    const wanted = where[name]
    if (typeof name === 'symbol') return Array.isArray(wanted) && wanted.every(each => matches(user, each as Readonly<Record<string, unknown>>))
    return Array.isArray(wanted) ? wanted.includes(values[name]) : wanted === values[name]
  })
}
