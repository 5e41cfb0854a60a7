import { currentCall } from '../scope.js'

interface Item {
  readonly userId: string
  /** Seconds since the epoch. */
  readonly ttl: number
}

class LockTaken extends Error {
  override readonly name = 'ConditionalCheckFailedException'
}

const held = new Map<string, Item>()

/** Of this connection only. */
const keyOf = ({ userId }: { readonly userId: string }): string => `${currentCall().ctx.connection.id} ${userId}`

const rowOf = (item: Item) => {
  const key = keyOf(item)
  return {
    ...item,
    /** Does nothing when somebody else has it meanwhile. */
    async delete(): Promise<void> { if (held.get(key) === item) held.delete(key) },
  }
}

/**
 * `models/dynamo/lockSchema`, with which connectors keep two of their own calls from renewing at once. In this process: between processes the server
 * lets one renew at a time before the connector is asked.
 */
export const lockSchema = {
  Lock: {
    async create(item: Item, { overwrite = true }: { readonly overwrite?: boolean } = {}) {
      const key = keyOf(item)
      const own = { ...item }
      if (!overwrite && isLive(held.get(key))) throw new LockTaken('the lock is taken')
      held.set(key, own)
      return rowOf(own)
    },
    async get(wanted: { readonly userId: string }) {
      const item = held.get(keyOf(wanted))
      return isLive(item) ? rowOf(item) : undefined
    },
    async delete(wanted: { readonly userId: string }): Promise<void> {
      held.delete(keyOf(wanted))
    },
  },
}

const isLive = (item: Item | undefined): item is Item => item !== undefined && item.ttl * 1000 > Date.now()
