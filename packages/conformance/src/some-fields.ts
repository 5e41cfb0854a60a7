import type { LogFieldValues } from '@linefinder/core'
import type { Bench } from './bench.js'

/** Values that a server would let through. */
export async function someFields(bench: Bench): Promise<LogFieldValues> {
  if (!bench.adapter.fields) return { priority: 'high', count: 3, isUrgent: true, tags: ['a', 'b'] }
  const samples = { text: 'a', textarea: 'a', number: 3, checkbox: true, date: '2026-03-01' } as const
  return Object.fromEntries((await bench.as().fields({ kind: 'call', contactId: null })).map(({ name, type, options = [] }) => {
    const first = options[0]?.value ?? ''
    return [name, type === 'select' ? first : type === 'multiselect' ? [first] : samples[type]]
  }))
}
