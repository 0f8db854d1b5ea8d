import { describe, expect, test } from 'vitest'
import { seedCases } from '#electron/practice/council/seed/cases.ts'
import { advisers, queues } from '#electron/practice/council/seed/practice-council.ts'
import { seedResidents } from '#electron/practice/council/seed/residents.ts'
import { createSeededRandom } from '#electron/practice/council/seed/seeded-random.ts'
import { services } from '#electron/practice/council/seed/services.ts'
import { caseRecord, resident, timelineEntry } from '#shared/contract/rest.ts'
import { cast } from '#shared/practice/cast.ts'
import { seededAt } from './places.ts'

const dayMs = 86_400_000

function seed(seedNumber: number) {
  const random = createSeededRandom(seedNumber)
  const residents = seedResidents(random, seededAt)
  return { residents, ...seedCases(random, residents, seededAt) }
}

const { residents, cases, timeline, counters } = seed(1)
const countBy = <T>(items: readonly T[], key: (item: T) => string) => {
  const counts = new Map<string, number>()
  for (const item of items) counts.set(key(item), (counts.get(key(item)) ?? 0) + 1)
  return counts
}

describe('the seed', () => {
  test('is the same every time, and another for another number', () => {
    expect(seed(1)).toEqual({ residents, cases, timeline, counters })
    expect(seed(2).residents).not.toEqual(residents)
  })

  test('is 2,000 residents and 5,000 cases of 20 services, as the contract says', () => {
    expect(residents).toHaveLength(2000)
    expect(cases).toHaveLength(5000)
    expect(services).toHaveLength(20)
    expect(new Set(cases.map(({ serviceCode }) => serviceCode)).size).toBe(20)
    for (const record of residents) expect(resident.parse(record)).toEqual(record)
    for (const record of cases) expect(caseRecord.parse(record)).toEqual(record)
    for (const entry of timeline) expect(timelineEntry.parse(entry)).toEqual(entry)
  })

  test('gives nothing out twice', () => {
    for (const ids of [residents, cases, timeline].map((records) => records.map(({ id }) => id))) {
      expect(new Set(ids).size).toBe(ids.length)
    }
    expect(new Set(cases.map(({ reference }) => reference)).size).toBe(cases.length)
    const addressOf = new Map(residents.map(({ address }) => [address.uprn, JSON.stringify(address)]))
    expect(new Set(addressOf.values()).size).toBe(addressOf.size)
    for (const { address } of residents) expect(addressOf.get(address.uprn)).toBe(JSON.stringify(address))
  })

  test('holds Ofcom’s drama numbers, example addresses and postcodes of no area, only', () => {
    for (const { phones, email = 'a@example.org', address } of residents) {
      for (const phone of phones) expect(phone).toMatch(/^\+44(1632960|7700900)\d{3}$/)
      expect(email).toMatch(/^[a-z0-9.-]+@example\.org$/)
      expect(address.postcode).toMatch(/^ZX\d \d[ABD-HJLNP-UW-Z]{2}$/)
    }
  })

  test('has some shared numbers, some residents without one, and keeps the cast’s numbers to the cast', () => {
    const holders = countBy(
      residents.flatMap(({ phones }) => phones),
      (phone) => phone,
    )
    const sharing = residents.filter(({ phones }) => phones.some((phone) => (holders.get(phone) ?? 0) > 1))
    expect(sharing.length / residents.length).toBeGreaterThan(0.015)
    expect(sharing.length / residents.length).toBeLessThan(0.06)
    const without = residents.filter(({ phones }) => phones.length === 0)
    expect(without.length).toBeGreaterThan(50)
    for (const { phone, phoneOnRecord } of cast) {
      const onRecord = residents.filter(({ phones }) => phones.includes(phone)).map(({ id }) => id)
      const expected = cast.filter((member) => member.phone === phone && phoneOnRecord).map(({ id }) => id)
      expect(onRecord).toEqual(expected)
    }
  })

  test('gives every one of the cast a case', () => {
    const holders = new Set(cases.map(({ residentId }) => residentId))
    for (const { id } of cast) expect(holders).toContain(id)
  })

  test('has Welsh speakers and names from many places', () => {
    expect(residents.filter(({ language }) => language === 'cy').length).toBeGreaterThan(30)
    expect(new Set(residents.map(({ familyName }) => familyName)).size).toBeGreaterThan(300)
  })

  test('tells each case in one to six entries, in order, of the last twelve months', () => {
    const entries = countBy(timeline, ({ caseId }) => caseId ?? '')
    const last = new Map<string, string>()
    for (const { id } of cases) {
      expect(entries.get(id)).toBeGreaterThanOrEqual(1)
      expect(entries.get(id)).toBeLessThanOrEqual(6)
    }
    for (const { caseId, at } of timeline) {
      expect(at >= (last.get(caseId ?? '') ?? '')).toBe(true)
      expect(Date.parse(at)).toBeLessThanOrEqual(seededAt)
      last.set(caseId ?? '', at)
    }
    for (const { openedAt, updatedAt, id } of cases) {
      expect(Date.parse(openedAt)).toBeGreaterThan(seededAt - 366 * dayMs)
      expect(updatedAt).toBe(last.get(id))
    }
  })

  test('leaves no placeholder in a text', () => {
    for (const { text } of timeline) expect(text).not.toMatch(/[{}]|undefined|null/)
    for (const { subject } of cases) expect(subject).not.toMatch(/[{}]|undefined|null/)
  })

  test('sends cases to queues that are there and advisers who take them', () => {
    const queueIds = queues.map(({ id }) => id)
    for (const { queueId, assignedTo, status } of cases) {
      expect(queueIds).toContain(queueId)
      if (assignedTo === null) continue
      expect(advisers.find(({ id }) => id === assignedTo)?.queueIds).toContain(queueId)
      expect(['resolved', 'closed']).not.toContain(status)
    }
  })

  test('goes on with references after the last one given', () => {
    for (const { prefix, year, last } of counters) {
      const given = cases.flatMap(({ reference }) =>
        reference?.startsWith(`${prefix}-${year}-`) ? [Number(reference.slice(-6))] : [],
      )
      expect(Math.max(...given)).toBe(last)
    }
  })
})
