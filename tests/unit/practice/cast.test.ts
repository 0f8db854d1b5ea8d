import { describe, expect, test } from 'vitest'
import { resident } from '#shared/contract/rest.ts'
import { type CastMember, cast } from '#shared/practice/cast.ts'

describe('the cast', () => {
  const members: readonly CastMember[] = cast

  test.each(members)('$id could be a resident of the contract', ({ phone, phoneOnRecord, ...member }) => {
    const phones = phoneOnRecord ? [phone] : []
    const record = { ...member, version: 1, updatedAt: '2026-11-03T09:00:00Z', phones }
    expect(resident.parse(record)).toEqual(record)
  })

  test('calls from Ofcom’s drama numbers only', () => {
    for (const { phone } of members) expect(phone).toMatch(/^\+44(1632960|7700900)\d{3}$/)
  })

  test('has a number that two share, a Welsh speaker and a number that is on no record', () => {
    const phones = members.map(({ phone }) => phone)
    expect(new Set(phones).size).toBe(phones.length - 1)
    expect(members.some(({ language }) => language === 'cy')).toBe(true)
    expect(members.filter(({ phoneOnRecord }) => !phoneOnRecord)).toHaveLength(1)
  })
})
