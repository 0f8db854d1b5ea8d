import type { Language } from './format.ts'

/** A moment as a clock on a wall in the United Kingdom shows it. */
export interface WallClock {
  /** `YYYY-MM-DD` */
  readonly date: string
  /** `HH:MM:SS` */
  readonly time: string
}

const wallFormat = new Intl.DateTimeFormat('en-GB', {
  timeZone: 'Europe/London',
  year: 'numeric',
  month: '2-digit',
  day: '2-digit',
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
  hourCycle: 'h23',
})

/** Null when the text is not a time. */
export function wallClock(iso: string): WallClock | null {
  const moment = new Date(iso)
  if (Number.isNaN(moment.getTime())) return null
  const parts: Record<string, string> = {}
  for (const part of wallFormat.formatToParts(moment)) parts[part.type] = part.value
  return {
    date: `${parts.year?.padStart(4, '0')}-${parts.month}-${parts.day}`,
    time: `${parts.hour}:${parts.minute}:${parts.second}`,
  }
}

const names = {
  en: {
    days: ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'],
    months: [
      'January',
      'February',
      'March',
      'April',
      'May',
      'June',
      'July',
      'August',
      'September',
      'October',
      'November',
      'December',
    ],
    dayParts: ['this morning', 'this afternoon', 'this evening'],
  },
  cy: {
    days: ['dydd Sul', 'dydd Llun', 'dydd Mawrth', 'dydd Mercher', 'dydd Iau', 'dydd Gwener', 'dydd Sadwrn'],
    months: [
      'Ionawr',
      'Chwefror',
      'Mawrth',
      'Ebrill',
      'Mai',
      'Mehefin',
      'Gorffennaf',
      'Awst',
      'Medi',
      'Hydref',
      'Tachwedd',
      'Rhagfyr',
    ],
    dayParts: ['y bore yma', 'y prynhawn yma', 'heno'],
  },
} as const

export const dayNames: readonly string[] = names.en.days
export const monthNames: readonly string[] = names.en.months

const dayMs = 86_400_000

/** Days since 1970 of a `YYYY-MM-DD`; null when there is no such day. */
export function dayNumber(isoDate: string): number | null {
  const match = /^(\d{4})-(\d{2})-(\d{2})$/.exec(isoDate)
  if (match === null) return null
  const ms = Date.UTC(Number(match[1]), Number(match[2]) - 1, Number(match[3]))
  const back = new Date(ms)
  return back.getUTCMonth() === Number(match[2]) - 1 && back.getUTCDate() === Number(match[3])
    ? ms / dayMs
    : null
}

/** `YYYY-MM-DD` of a day number. */
export function isoOfDay(day: number): string {
  return new Date(day * dayMs).toISOString().slice(0, 10)
}

/** 0 is Sunday. */
export function weekdayOf(day: number): number {
  return (((day + 4) % 7) + 7) % 7
}

/** "Tuesday 3 November 2026", "dydd Mawrth 3 Tachwedd 2026". The text itself when it is no date. */
export function dateInWords(isoDate: string, language: Language): string {
  const day = dayNumber(isoDate)
  if (day === null) return isoDate
  const [year, month, date] = isoDate.split('-').map(Number)
  return `${names[language].days[weekdayOf(day)]} ${date} ${names[language].months[(month ?? 1) - 1]} ${year}`
}

function clockInWords(time: string, language: Language): string {
  const [hour = 0, minute = 0] = time.split(':').map(Number)
  const part = hour < 12 ? 0 : hour < 17 ? 1 : 2
  const twelve = hour % 12 === 0 ? 12 : hour % 12
  return `${twelve}:${String(minute).padStart(2, '0')} ${names[language].dayParts[part]}`
}

/**
 * How old a fact is, said aloud: "as at 9:10 this morning", "as at yesterday", "as at 3 November". In Welsh
 * without the preposition's sense of "as": "am 9:10 y bore yma", "ddoe", "ar 3 Tachwedd".
 */
export function asAtInWords(asAtIso: string, nowIso: string, language: Language): string {
  const asAt = wallClock(asAtIso)
  const now = wallClock(nowIso)
  const asAtDay = asAt === null ? null : dayNumber(asAt.date)
  const nowDay = now === null ? null : dayNumber(now.date)
  if (asAt === null || now === null || asAtDay === null || nowDay === null) return ''
  const welsh = language === 'cy'
  if (asAtDay === nowDay) return `${welsh ? 'am' : 'as at'} ${clockInWords(asAt.time, language)}`
  if (asAtDay === nowDay - 1) return welsh ? 'ddoe' : 'as at yesterday'
  const [year, month, date] = asAt.date.split('-').map(Number)
  const sameYear = now.date.startsWith(String(year))
  return `${welsh ? 'ar' : 'as at'} ${date} ${names[language].months[(month ?? 1) - 1]}${sameYear ? '' : ` ${year}`}`
}

/**
 * Reads the first time of day in plain words, such as "3.30pm", "16:00", "6.30 in the morning" or "noon", as
 * `HH:MM:SS`. Null when there is none or it is unclear which half of the day is meant.
 */
export function timeOfDay(words: string): string | null {
  if (/\b(noon|midday)\b/i.test(words)) return '12:00:00'
  if (/\bmidnight\b/i.test(words)) return '00:00:00'
  const match =
    /\b(\d{1,2})(?:[.:](\d{2}))?(?:\s*([ap])\.?m\b\.?|\s+(?:o'clock\s+)?in the (morning|afternoon|evening)\b)?/i.exec(
      words,
    )
  if (match === null) return null
  const half = match[3]?.toLowerCase() ?? (match[4] === undefined ? null : match[4] === 'morning' ? 'a' : 'p')
  const hour = Number(match[1])
  const minute = Number(match[2] ?? '0')
  if (minute > 59 || hour > 23) return null
  if (half === null) {
    // "16:00" and "06:30" are clear on a 24-hour clock; "4" or "6.30" could be either half.
    const clear = match[2] !== undefined && (hour > 12 || match[1]?.length === 2)
    return clear ? `${String(hour).padStart(2, '0')}:${String(minute).padStart(2, '0')}:00` : null
  }
  if (hour < 1 || hour > 12) return null
  const hour24 = (hour % 12) + (half === 'p' ? 12 : 0)
  return `${String(hour24).padStart(2, '0')}:${String(minute).padStart(2, '0')}:00`
}
