import { describe, expect, it } from 'vitest'
import {
  checkState,
  failedItems,
  isWorthRepeating,
  judge,
  type Measurement,
  newCheck,
  slowerRoundTrip,
  withMeasured,
} from '#shared/calls/readiness-check.ts'
import { readinessCheck } from '#shared/contract/phone.ts'

const good: readonly Measurement[] = [
  { item: 'microphone', live: true, peak: 0.02 },
  { item: 'speaker', outputs: 1 },
  { item: 'registration', registered: true },
  { item: 'media-path', candidates: 2, relayWanted: false, relayFound: false, connected: true },
  { item: 'round-trip', ms: 40 },
  { item: 'clock', aheadMs: -900 },
  { item: 'disk', freeMb: 9_000 },
  { item: 'cache-age', hours: 0.1, leaseHours: 168 },
]

const checkOf = (...found: readonly Measurement[]) =>
  [...good, ...found].reduce((check, each) => withMeasured(check, each, 2_000), newCheck(1_000))

describe('the check before the shift', () => {
  it('runs until every item is known, and is green when all are good', () => {
    const begun = newCheck(1_000)
    expect(checkState(null)).toBe('running')
    expect(checkState(begun)).toBe('running')
    const almost = good.slice(1).reduce((check, each) => withMeasured(check, each, 2_000), begun)
    expect(checkState(almost)).toBe('running')
    const finished = checkOf()
    expect(finished.finishedAt).toBe(2_000)
    expect(finished.items.map(({ outcome }) => outcome)).toEqual(Array(8).fill('passed'))
    expect(checkState(finished)).toBe('green')
    expect(readinessCheck.parse(finished)).toEqual(finished)
  })

  it('is stopped by what failed, until the adviser says why to work all the same', () => {
    const check = checkOf({ item: 'clock', aheadMs: 400_000 })
    expect(checkState(check)).toBe('failed')
    expect(failedItems(check)).toEqual(['clock'])
    expect(checkState({ ...check, override: { reason: 'Queue is long', at: 3_000 } })).toBe('green')
  })

  it('is not stopped by warnings', () => {
    expect(checkState(checkOf({ item: 'clock', aheadMs: 90_000 }, { item: 'round-trip', ms: null }))).toBe(
      'green',
    )
  })

  it('is worth repeating when something failed or could not be measured', () => {
    expect(isWorthRepeating(checkOf())).toBe(false)
    expect(isWorthRepeating(checkOf({ item: 'round-trip', ms: 600 }))).toBe(false)
    expect(isWorthRepeating(checkOf({ item: 'round-trip', ms: null }))).toBe(true)
    expect(isWorthRepeating(checkOf({ item: 'speaker', outputs: 0 }))).toBe(true)
  })

  it.each([
    [40, 15, 40],
    [40, 900, 900],
    [null, 15, null],
    [40, null, null],
    [null, 900, 900],
    [2_500, null, 2_500],
    [null, null, null],
  ])(
    'takes the slower of %j ms to the council and %j ms to the switchboard: %j',
    (council, switchboard, slower) => {
      expect(slowerRoundTrip(council, switchboard)).toBe(slower)
    },
  )

  it.each<[Measurement, string, number | null]>([
    [{ item: 'microphone', live: false, peak: null }, 'failed', null],
    [{ item: 'microphone', live: true, peak: 0 }, 'warning', null],
    [{ item: 'microphone', live: true, peak: 0.0001 }, 'passed', null],
    [{ item: 'microphone', live: true, peak: null }, 'warning', null],
    [{ item: 'speaker', outputs: 0 }, 'failed', null],
    [{ item: 'registration', registered: false }, 'failed', null],
    [
      { item: 'media-path', candidates: 0, relayWanted: false, relayFound: false, connected: false },
      'failed',
      null,
    ],
    [
      { item: 'media-path', candidates: 3, relayWanted: true, relayFound: false, connected: true },
      'warning',
      null,
    ],
    [{ item: 'round-trip', ms: 400 }, 'passed', 400],
    [{ item: 'round-trip', ms: 401 }, 'warning', 401],
    [{ item: 'round-trip', ms: 2_001 }, 'failed', 2_001],
    [{ item: 'clock', aheadMs: -60_000 }, 'passed', -60_000],
    [{ item: 'clock', aheadMs: -60_001 }, 'warning', -60_001],
    [{ item: 'clock', aheadMs: 300_001 }, 'failed', 300_001],
    [{ item: 'clock', aheadMs: null }, 'warning', null],
    [{ item: 'disk', freeMb: 500 }, 'passed', 500],
    [{ item: 'disk', freeMb: 499 }, 'warning', 499],
    [{ item: 'disk', freeMb: 49 }, 'failed', 49],
    [{ item: 'cache-age', hours: 25, leaseHours: 168 }, 'warning', 25],
    [{ item: 'cache-age', hours: 169, leaseHours: 168 }, 'failed', 169],
    [{ item: 'cache-age', hours: null, leaseHours: 168 }, 'warning', null],
  ])('%j is %s', (found, outcome, figure) => {
    expect(judge(found)).toEqual({ outcome, figure })
  })
})
