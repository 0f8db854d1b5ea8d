import { describe, expect, it } from 'vitest'
import { councilMidnight, todaysUse } from '#shared/cases/script-use.ts'
import type { Contact } from '#shared/contract/rest.ts'

const iso = (text: string) => Date.parse(text)

describe('the council’s midnight', () => {
  it.each([
    ['in winter', '2026-01-15T09:00:00Z', '2026-01-15T00:00:00Z'],
    ['in summer', '2026-07-15T09:00:00Z', '2026-07-14T23:00:00Z'],
    ['in summer, just after it', '2026-07-14T23:30:00Z', '2026-07-14T23:00:00Z'],
    ['in summer, just before it', '2026-07-14T22:59:59.999Z', '2026-07-13T23:00:00Z'],
    ['at it', '2026-07-14T23:00:00Z', '2026-07-14T23:00:00Z'],
    ['on the day the clocks go forward, before they do', '2026-03-29T00:30:00Z', '2026-03-29T00:00:00Z'],
    ['on the day the clocks go forward', '2026-03-29T12:00:00Z', '2026-03-29T00:00:00Z'],
    ['on the day the clocks go back, before they do', '2026-10-25T00:30:00Z', '2026-10-24T23:00:00Z'],
    ['on the day the clocks go back', '2026-10-25T12:00:00Z', '2026-10-24T23:00:00Z'],
    ['on the day the clocks go back, at its end', '2026-10-25T23:30:00Z', '2026-10-24T23:00:00Z'],
  ])('%s', (_, now, midnight) => {
    expect(councilMidnight(iso(now))).toBe(iso(midnight))
  })
})

describe('today’s use of scripts', () => {
  const now = iso('2026-05-05T11:00:00Z')
  const contact = (id: string, scriptId: string | null, at: string, queueId: string | null = 'waste') =>
    ({
      id,
      queueId,
      startedAt: `2026-05-05T${at}:00Z`,
      script: scriptId === null ? null : { id: scriptId, version: 1 },
    }) as Contact
  const use = (...counts: [string, number][]) => ({
    use: {
      since: '2026-05-04T23:00:00.000Z',
      counts: counts.map(([scriptId, contacts]) => ({ scriptId, contacts })),
    },
    asAt: iso('2026-05-05T10:00:00Z'),
  })
  const none = new Set<string>()

  it('is what the service counted, while there is nothing newer', () => {
    const counted = contact('a', 'bins', '09:00')
    expect(todaysUse(use(['bins', 1]), [counted], new Set(['a']), ['waste'], now)).toEqual([
      { scriptId: 'bins', contacts: 1 },
    ])
  })

  it('adds what began since, and what the service has not been sent', () => {
    const contacts = [contact('a', 'bins', '10:30'), contact('b', 'blue-badge', '09:00')]
    expect(todaysUse(use(['bins', 3]), contacts, new Set(['a']), ['waste'], now)).toEqual([
      { scriptId: 'bins', contacts: 4 },
      { scriptId: 'blue-badge', contacts: 1 },
    ])
  })

  it('puts the most used first, and those used alike in a steady order', () => {
    const contacts = [contact('a', 'b-script', '10:30'), contact('b', 'a-script', '10:40')]
    expect(todaysUse(use(['c-script', 2]), contacts, none, ['waste'], now).map((c) => c.scriptId)).toEqual([
      'c-script',
      'a-script',
      'b-script',
    ])
  })

  it('leaves out other queues, contacts without a script and yesterday', () => {
    const contacts = [
      contact('a', 'bins', '10:30', 'housing'),
      contact('b', 'bins', '10:30', null),
      contact('c', null, '10:30'),
      { ...contact('d', 'bins', '10:30'), startedAt: '2026-05-04T22:59:00Z' },
    ]
    expect(todaysUse(null, contacts, none, ['waste'], now)).toEqual([])
  })

  it('counts nothing of an answer of yesterday, but what the desk itself knows of today', () => {
    const yesterday = { ...use(['bins', 40]), asAt: iso('2026-05-04T16:00:00Z') }
    expect(todaysUse(yesterday, [contact('a', 'bins', '09:00')], new Set(['a']), ['waste'], now)).toEqual([
      { scriptId: 'bins', contacts: 1 },
    ])
  })
})
