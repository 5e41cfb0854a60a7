import { beforeEach, expect, it } from '@jest/globals'
import { GiveWay } from './give-way.js'

let now = 1_000_000
let giveWay: GiveWay
beforeEach(() => { giveWay = new GiveWay({ busyFromPerSecond: 300, busyDeliveriesPerSecond: 100 }, () => now) })

/** In the time slot before the one that is looked at. */
function claim(count: number): void {
  now += 100
  for (let n = 0; n < count; n++) giveWay.noteClaim()
  now += 100
}

it('holds nothing back while few claims come', () => {
  claim(30)
  expect(giveWay.allowed()).toBe(Infinity)
})

it('lets a few begin while many come', () => {
  claim(31)
  expect(giveWay.allowed()).toBe(10)
  for (let n = 0; n < 10; n++) giveWay.noteDelivery()
  expect(giveWay.allowed()).toBe(0)
  expect(giveWay.waitMs()).toBe(100)
})

it('holds nothing back as soon as they have ceased', () => {
  claim(1000)
  expect(giveWay.allowed()).toBe(10)
  now += 100
  expect(giveWay.allowed()).toBe(Infinity)
})
