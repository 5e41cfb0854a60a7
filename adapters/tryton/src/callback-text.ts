import type { Callback, CallbackStatus } from '@linefinder/core'

/** The members of a callback that its headline tells. */
export const headlineMembers: readonly (keyof Callback)[] = ['status', 'name', 'number', 'dueAt']
export const bodyMembers: readonly (keyof Callback)[] = ['subject', 'note']

const begins: { readonly [Status in CallbackStatus]: string } = { open: 'Call back', done: 'Called back', cancelled: 'No longer to be called back:' }

export const headlineOf = ({ status, name, number, dueAt }: Callback): string =>
  `${begins[status]} ${name === undefined ? number : `${name} (${number})`}, due ${written(dueAt)}`

export const bodyOf = ({ subject, note }: Callback): string => [subject, note].filter(Boolean).join('\n')

/** In the offset in which the client said it: Tryton knows no time zone of a user. */
function written(rfc3339: string): string {
  const [, date = rfc3339, time = '', offset = ''] = /^(\S{10})T(\d\d:\d\d)[\d:.]*(Z|[+-]\d\d:\d\d)$/.exec(rfc3339) ?? []
  return `${date} ${time} (UTC${offset === 'Z' ? '' : offset})`
}
