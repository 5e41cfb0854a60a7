import { expect, it } from '@jest/globals'
import fc from 'fast-check'
import { fromLocalTime, toDayBefore, toLocalTime } from './local-time.js'

const zone = 'Europe/Amsterdam'

it.each([
  ['2026-11-24T14:04:59Z', '24.11.2026 15:04'],
  ['2026-07-01T23:30:00+02:00', '01.07.2026 23:30'],
  ['2026-07-01T22:30:00Z', '02.07.2026 00:30'],
  ['2026-12-31T23:30:00Z', '01.01.2027 00:30'],
  // The clock goes forward at 01:00 UTC on 29 March and back on 25 October.
  ['2026-03-29T00:59:00Z', '29.03.2026 01:59'],
  ['2026-03-29T01:00:00Z', '29.03.2026 03:00'],
  ['2026-10-25T00:30:00Z', '25.10.2026 02:30'],
  ['2026-10-25T01:30:00Z', '25.10.2026 02:30'],
])('%s is %s in the CRM', (instant, local) => {
  expect(toLocalTime(instant, zone)).toBe(local)
})

it.each([
  ['24.11.2026 15:04', '2026-11-24T14:04:00.000Z'],
  ['01.07.2026 23:30', '2026-07-01T21:30:00.000Z'],
  // Twice that night: the first of them.
  ['25.10.2026 02:30', '2026-10-25T00:30:00.000Z'],
  // Never that night.
  ['29.03.2026 02:30', '2026-03-29T01:30:00.000Z'],
  ['', undefined],
  ['2026-11-24', undefined],
])('%j of the CRM is %j', (local, instant) => {
  expect(fromLocalTime(local, zone)).toBe(instant)
})

it('reads back what it wrote, in any zone, but for the hour that comes twice', () => {
  fc.assert(fc.property(
    fc.date({ min: new Date('1990-01-01'), max: new Date('2040-01-01'), noInvalidDate: true }),
    fc.constantFrom('Europe/Amsterdam', 'America/New_York', 'Asia/Kathmandu', 'Australia/Lord_Howe', 'UTC', 'Pacific/Auckland'),
    (date, timeZone) => {
      const local = toLocalTime(date.toISOString(), timeZone)
      expect(toLocalTime(fromLocalTime(local, timeZone)!, timeZone)).toBe(local)
    },
  ))
})

it.each([
  ['2026-03-01T10:00:00Z', zone, '28.02.2026'],
  ['2026-01-01T00:30:00+01:00', zone, '31.12.2025'],
  ['2026-06-30T22:30:00Z', zone, '30.06.2026'],
  ['2026-06-30T16:30:00Z', 'Asia/Seoul', '30.06.2026'],
])('the day before %s in %s is %s', (instant, timeZone, day) => {
  expect(toDayBefore(instant, timeZone)).toBe(day)
})
