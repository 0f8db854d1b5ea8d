import { parsePhoneNumberFromString } from 'libphonenumber-js'
import { isValid as isPostcode, toNormalised } from 'postcode'
import { z } from 'zod'
import type { FieldValue } from '../contract/rest.ts'
import type { AskStep } from './format.ts'
import { dayNames, dayNumber, isoOfDay, monthNames, weekdayOf } from './time.ts'
import type { StepInput } from './view.ts'
import type { GuidanceErrorCode } from './wording.ts'

/** What was typed or chosen, read as the step's kind of value. */
export type ReadInput =
  | { readonly ok: true; readonly value: FieldValue }
  | { readonly ok: false; readonly code: GuidanceErrorCode }

export type ReadAnswer =
  | { readonly ok: true; readonly value: Exclude<FieldValue, null> }
  | { readonly ok: false; readonly code: GuidanceErrorCode }

const good = (value: FieldValue): ReadInput => ({ ok: true, value })
const bad = (code: GuidanceErrorCode): ReadInput => ({ ok: false, code })

/** Values a choice accepts, in order. */
export function optionValues(step: AskStep): readonly string[] {
  if (step.input === 'yesNo') return step.notSure === true ? ['yes', 'no', 'not-sure'] : ['yes', 'no']
  return step.options ?? []
}

/** `several`: choosing it excludes the others. */
export const noneOption = 'none'

/** What an adviser did with an ask step, as it is recorded: '' when it was passed over. `todayIso` is `YYYY-MM-DD`. */
export function readAnswer(step: AskStep, input: StepInput | undefined, todayIso: string): ReadAnswer {
  if (input === undefined) return { ok: false, code: 'guidance/needed' }
  const skipped = step.optional === true
  if (input.kind === 'skip') return skipped ? { ok: true, value: '' } : { ok: false, code: 'guidance/needed' }
  if (input.kind !== 'value') return { ok: false, code: 'guidance/wrong-kind' }
  if (input.value.length === 0 && skipped) return { ok: true, value: '' }
  const read = readInput(step, input.value, todayIso)
  if (!read.ok) return read
  return read.value === null ? { ok: false, code: 'guidance/needed' } : { ok: true, value: read.value }
}

/** Reads what was typed or chosen for an ask step. `todayIso` is `YYYY-MM-DD`. */
export function readInput(step: AskStep, input: string | readonly string[], todayIso: string): ReadInput {
  if (step.input === 'several') return readSeveral(step, typeof input === 'string' ? [input] : input)
  if (typeof input !== 'string') return bad('guidance/wrong-kind')
  const typed = tidy(input)
  if (typed === '') return bad('guidance/needed')
  if (step.input === 'choice' || step.input === 'yesNo') {
    return optionValues(step).includes(typed) ? good(typed) : bad('guidance/not-an-option')
  }
  return readTyped(step, typed, todayIso)
}

function readTyped(step: AskStep, typed: string, todayIso: string): ReadInput {
  if (typed.length > (step.maxLength ?? 1000)) return bad('guidance/too-long')
  switch (step.input) {
    case 'number':
      return readNumber(step, typed)
    case 'money':
      return readMoney(step, typed)
    case 'date':
      return readDate(step, typed, todayIso)
    case 'phone':
      return readPhone(typed)
    case 'email':
      return z.email().safeParse(typed).success ? good(typed) : bad('guidance/not-an-email')
    case 'postcode':
      return isPostcode(typed) ? good(toNormalised(typed) ?? typed) : bad('guidance/not-a-postcode')
    case 'address':
      if (holdsCardNumber(typed)) return bad('guidance/card-number')
      return /\p{L}{2}/u.test(typed) && typed.length >= 5 ? good(typed) : bad('guidance/not-an-address')
    default:
      return holdsCardNumber(typed) ? bad('guidance/card-number') : good(typed)
  }
}

/** Control characters and direction overrides could make a line read as something else; line breaks may stay. */
export function tidy(text: string): string {
  return text
    .normalize('NFC')
    .replace(/[\p{Cc}\u202a-\u202e\u2066-\u2069\u200e\u200f]/gu, (character) =>
      character === '\n' || character === '\t' ? character : '',
    )
    .trim()
}

function readSeveral(step: AskStep, input: readonly unknown[]): ReadInput {
  const values = optionValues(step)
  if (input.length === 0) return bad('guidance/needed')
  if (!input.every((value) => typeof value === 'string' && values.includes(value))) {
    return bad('guidance/not-an-option')
  }
  const chosen = values.filter((value) => input.includes(value))
  return chosen.includes(noneOption) && chosen.length > 1 ? bad('guidance/none-and-others') : good(chosen)
}

function within(step: AskStep, value: number): ReadInput {
  if (step.min !== undefined && value < step.min) return bad('guidance/too-small')
  if (step.max !== undefined && value > step.max) return bad('guidance/too-big')
  return good(value)
}

function readNumber(step: AskStep, typed: string): ReadInput {
  const plain = typed.replace(/,(?=\d{3}\b)/g, '')
  return /^-?\d{1,12}(\.\d{1,6})?$/.test(plain) ? within(step, Number(plain)) : bad('guidance/not-a-number')
}

/** Pounds; "£1,200", "12.50". */
function readMoney(step: AskStep, typed: string): ReadInput {
  const plain = typed.replace(/^£\s*/, '').replace(/,(?=\d{3}\b)/g, '')
  return /^\d{1,9}(\.\d{2})?$/.test(plain) ? within(step, Number(plain)) : bad('guidance/not-money')
}

/**
 * E.164. Only length is judged, not whether the range is in service: a regulator opens new ranges, and numbers kept
 * for drama and training must pass.
 */
function readPhone(typed: string): ReadInput {
  const number = parsePhoneNumberFromString(typed, 'GB')
  if (number?.isPossible() !== true) return bad('guidance/not-a-phone')
  const national = number.countryCallingCode !== '44' || number.nationalNumber.length >= 9
  return national && /^\+[1-9]\d{4,14}$/.test(number.number)
    ? good(number.number)
    : bad('guidance/not-a-phone')
}

/**
 * 13 to 19 digits with a valid check digit (ISO/IEC 7812-1), written in one or in groups; digits beside them, such as
 * an expiry date, do not hide them.
 */
export function holdsCardNumber(text: string): boolean {
  for (const run of text.match(/\d(?:[ -]?\d){12,}/g) ?? []) {
    const groups = run.split(/[ -]/)
    for (let from = 0; from < groups.length; from += 1) {
      let digits = ''
      for (let to = from; to < groups.length && digits.length < 19; to += 1) {
        digits += groups[to]
        if (digits.length >= 13 && digits.length <= 19 && luhn(digits)) return true
      }
    }
  }
  return false
}

function luhn(digits: string): boolean {
  let sum = 0
  for (let place = 0; place < digits.length; place += 1) {
    const digit = Number(digits[digits.length - 1 - place])
    const doubled = place % 2 === 0 ? digit : digit * 2
    sum += doubled > 9 ? doubled - 9 : doubled
  }
  return sum % 10 === 0
}

function readDate(step: AskStep, typed: string, todayIso: string): ReadInput {
  const today = dayNumber(todayIso)
  if (today === null) return bad('guidance/not-a-date')
  const wanted = step.dateIn ?? 'any'
  const day = dayTyped(typed.toLowerCase().replace(/\s+/g, ' '), today, wanted)
  if (day === null) return bad('guidance/not-a-date')
  if (wanted === 'past' && day > today) return bad('guidance/date-not-past')
  if (wanted === 'future' && day < today) return bad('guidance/date-not-future')
  return good(isoOfDay(day))
}

type Wanted = 'past' | 'future' | 'any'

function dayTyped(typed: string, today: number, wanted: Wanted): number | null {
  const relative = { today: 0, yesterday: -1, tomorrow: 1, heddiw: 0, ddoe: -1, yfory: 1 }
  if (Object.hasOwn(relative, typed)) return today + relative[typed as keyof typeof relative]
  return weekdayTyped(typed, today, wanted) ?? calendarTyped(typed, today, wanted)
}

/** "Tuesday", "tues", "last Tuesday", "next Tuesday". A bare day is today's when it is that day. */
function weekdayTyped(typed: string, today: number, wanted: Wanted): number | null {
  const match = /^(last |this |next )?([a-z]{3,9})\.?$/.exec(typed)
  const word = match?.[2]
  if (word === undefined) return null
  const weekday = dayNames.findIndex((name) => name.toLowerCase().startsWith(word))
  if (weekday < 0) return null
  const since = (weekdayOf(today) - weekday + 7) % 7
  const until = (7 - since) % 7
  if (match?.[1] === 'last ') return today - (since === 0 ? 7 : since)
  if (match?.[1] === 'next ') return today + (until === 0 ? 7 : until)
  return wanted === 'future' ? today + until : today - since
}

function calendarTyped(typed: string, today: number, wanted: Wanted): number | null {
  const iso = /^(\d{4})-(\d{1,2})-(\d{1,2})$/.exec(typed)
  if (iso !== null) return dayOf(Number(iso[1]), Number(iso[2]), Number(iso[3]))
  const numeric = /^(\d{1,2})[/.-](\d{1,2})(?:[/.-](\d{2}|\d{4}))?$/.exec(typed)
  if (numeric !== null) {
    return dayWithYear(numeric[3], Number(numeric[2]), Number(numeric[1]), today, wanted)
  }
  const spoken =
    /^(?:[a-z]+,? )?(?<day>\d{1,2})(?:st|nd|rd|th)?(?: of)? (?<month>[a-z]{3,9})\.?,?(?: (?<year>\d{2}|\d{4}))?$/.exec(
      typed,
    ) ?? /^(?<month>[a-z]{3,9})\.? (?<day>\d{1,2})(?:st|nd|rd|th)?,?(?: (?<year>\d{4}))?$/.exec(typed)
  const month = monthNumber(spoken?.groups?.month ?? '')
  if (month === null) return null
  return dayWithYear(spoken?.groups?.year, month, Number(spoken?.groups?.day), today, wanted)
}

function monthNumber(word: string): number | null {
  const index = word.length < 3 ? -1 : monthNames.findIndex((name) => name.toLowerCase().startsWith(word))
  return index < 0 ? (word === 'sept' ? 9 : null) : index + 1
}

function dayOf(year: number, month: number, date: number): number | null {
  if (year < 1890 || year > 2150) return null
  return dayNumber(`${year}-${String(month).padStart(2, '0')}-${String(date).padStart(2, '0')}`)
}

/** A missing year is the one that fits what is wanted, else the nearest; a short one never lies far ahead. */
function dayWithYear(
  year: string | undefined,
  month: number,
  date: number,
  today: number,
  wanted: Wanted,
): number | null {
  const thisYear = Number(isoOfDay(today).slice(0, 4))
  if (year?.length === 4) return dayOf(Number(year), month, date)
  if (year !== undefined) {
    const recent = Math.floor(thisYear / 100) * 100 + Number(year)
    return dayOf(recent > thisYear + (wanted === 'past' ? 0 : 20) ? recent - 100 : recent, month, date)
  }
  // 29 February comes back within eight years, across a century that is not a leap year.
  const near = Array.from({ length: 17 }, (_, index) => dayOf(thisYear - 8 + index, month, date))
    .filter((day) => day !== null)
    .filter((day) => wanted === 'any' || (wanted === 'past' ? day <= today : day >= today))
    .sort((a, b) => Math.abs(a - today) - Math.abs(b - today))
  return near[0] ?? null
}
