import { describe, expect, it } from 'vitest'
import {
  asAtInWords,
  dateInWords,
  dayNumber,
  isoOfDay,
  timeOfDay,
  wallClock,
  weekdayOf,
} from '#shared/guidance/time.ts'

describe('times', () => {
  it.each([
    ['3.30pm', '15:30:00'],
    ['16:00', '16:00:00'],
    ['06:30', '06:30:00'],
    ['6.30 in the morning', '06:30:00'],
    ['4 in the afternoon', '16:00:00'],
    ['by 7am on the day', '07:00:00'],
    ['4 p.m.', '16:00:00'],
    ['12pm', '12:00:00'],
    ['12am', '00:00:00'],
    ['noon', '12:00:00'],
  ])('reads %j as %s', (words, time) => {
    expect(timeOfDay(words)).toBe(time)
  })

  it.each(['6.30', '4', 'the end of the shift', '25:00', '13pm', ''])('does not guess at %j', (words) => {
    expect(timeOfDay(words)).toBeNull()
  })

  it('shows a moment as clocks in the United Kingdom do', () => {
    expect(wallClock('2026-07-01T23:30:00Z')).toEqual({ date: '2026-07-02', time: '00:30:00' })
    expect(wallClock('2026-11-03T00:00:00Z')).toEqual({ date: '2026-11-03', time: '00:00:00' })
    expect(wallClock('not a time')).toBeNull()
  })
})

describe('as at', () => {
  const now = '2026-11-03T14:00:00Z'
  it.each([
    ['2026-11-03T09:10:00Z', 'as at 9:10 this morning', 'am 9:10 y bore yma'],
    ['2026-11-03T13:05:00Z', 'as at 1:05 this afternoon', 'am 1:05 y prynhawn yma'],
    ['2026-11-02T09:10:00Z', 'as at yesterday', 'ddoe'],
    ['2026-10-30T09:10:00Z', 'as at 30 October', 'ar 30 Hydref'],
    ['2025-10-30T09:10:00Z', 'as at 30 October 2025', 'ar 30 Hydref 2025'],
    ['nonsense', '', ''],
  ])('says %s as %j', (asAt, en, cy) => {
    expect(asAtInWords(asAt, now, 'en')).toBe(en)
    expect(asAtInWords(asAt, now, 'cy')).toBe(cy)
  })
})

describe('days', () => {
  it('are said in both languages', () => {
    expect(dateInWords('2026-11-03', 'en')).toBe('Tuesday 3 November 2026')
    expect(dateInWords('2026-11-03', 'cy')).toBe('dydd Mawrth 3 Tachwedd 2026')
    expect(dateInWords('no date', 'en')).toBe('no date')
  })

  it('are counted and named', () => {
    const day = dayNumber('2026-11-03') ?? 0
    expect(isoOfDay(day + 1)).toBe('2026-11-04')
    expect(weekdayOf(day)).toBe(2)
    expect(weekdayOf(dayNumber('1969-12-31') ?? 0)).toBe(3)
    expect(dayNumber('2026-02-30')).toBeNull()
  })
})
