/** A copy that throws when anything in it is changed. What is no plain object or list, such as a stream, stays as it is. */
export function frozen<Value>(value: Value): Value {
  if (Array.isArray(value)) return Object.freeze(value.map(frozen)) as Value
  if (typeof value !== 'object' || value === null || Object.getPrototypeOf(value) !== Object.prototype) return value
  // True because members and their names stay the same.
  return Object.freeze(Object.fromEntries(Object.entries(value).map(([name, member]) => [name, frozen(member)]))) as Value
}
