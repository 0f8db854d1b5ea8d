import { spokenNumber } from '#renderer/ui/telephone.ts'
import { duration, timeOfDay, when } from '#renderer/ui/time.ts'
import type { DialTarget } from '#shared/contract/phone.ts'
import type { Callback, CallHistoryEntry } from '#shared/contract/rest.ts'
import type { Tone } from './words.ts'

const outcomeWords: Record<CallHistoryEntry['outcome'], string> = {
  'in-progress': 'going on',
  answered: 'answered',
  missed: 'missed',
  declined: 'you declined',
  'no-answer': 'no answer',
  busy: 'busy',
  failed: 'did not connect',
  transferred: 'passed on',
}

export interface HistoryWords {
  readonly who: string
  readonly what: string
  readonly missed: boolean
}

/** One earlier call: who, which way, how it went, how long. */
export function historyWords(
  entry: CallHistoryEntry,
  queueName: (id: string) => string | undefined,
  now: number,
): HistoryWords {
  const number = entry.number === null ? null : spokenNumber(entry.number)
  const who = entry.name ?? (entry.withheld ? 'Number withheld' : (number ?? 'Unknown caller'))
  const queue = entry.queueId === null ? undefined : queueName(entry.queueId)
  const talked =
    entry.answeredAt !== null && entry.endedAt !== null
      ? duration(Date.parse(entry.endedAt) - Date.parse(entry.answeredAt))
      : null
  const parts = [
    when(entry.startedAt, now),
    entry.direction === 'inbound' ? 'in' : 'out',
    outcomeWords[entry.outcome],
    talked,
    queue,
  ]
  return {
    who,
    what: parts.filter((part) => part !== null && part !== undefined).join(' · '),
    missed: entry.outcome === 'missed',
  }
}

/** Whom calling back would call; null when the number is withheld or never was one. */
export function redialTarget(entry: CallHistoryEntry): DialTarget | null {
  return entry.number === null ? null : { kind: 'number', number: entry.number }
}

/** When a promised call is due, and whether that is late. Local times. */
export function dueWords(
  callback: Pick<Callback, 'dueFrom' | 'dueBy'>,
  now: number,
): { tone: Tone; text: string } {
  const from = Date.parse(callback.dueFrom)
  const by = Date.parse(callback.dueBy)
  const span = `${dayWords(from, now)} ${timeOfDay(from)} to ${sameDay(from, by) ? '' : `${dayWords(by, now)} `}${timeOfDay(by)}`
  if (now > by) return { tone: 'danger', text: `Late: promised by ${lateDay(by, now)}${timeOfDay(by)}` }
  if (now >= from)
    return { tone: 'attention', text: `Due now, promised by ${lateDay(by, now)}${timeOfDay(by)}` }
  return { tone: 'soft', text: `Due ${span}` }
}

const lateDay = (at: number, now: number): string => (sameDay(at, now) ? '' : `${dayWords(at, now)} `)

const sameDay = (a: number, b: number): boolean => new Date(a).toDateString() === new Date(b).toDateString()
const dayMs = 86_400_000

function dayWords(at: number, now: number): string {
  if (sameDay(at, now)) return 'today'
  if (sameDay(at, now + dayMs)) return 'tomorrow'
  if (sameDay(at, now - dayMs)) return 'yesterday'
  return when(at, now)
}

export interface PromiseFields {
  readonly number: string
  readonly name: string
  readonly reason: string
  /** As `<input type="date">` and `<input type="time">` give them, in local time. */
  readonly day: string
  readonly from: string
  readonly by: string
}

/** What is wrong with a promised call as typed; null when it can be kept. */
export function promiseProblem(fields: PromiseFields, isNumber: boolean, now: number): string | null {
  if (!isNumber) return 'Type the telephone number to call.'
  if (fields.name.trim() === '') return 'Type whom to ask for.'
  const from = Date.parse(`${fields.day}T${fields.from}`)
  const by = Date.parse(`${fields.day}T${fields.by}`)
  if (Number.isNaN(from) || Number.isNaN(by)) return 'Choose the day and the two times.'
  if (by <= from) return 'The second time must be after the first.'
  if (by <= now) return 'That time has passed.'
  return null
}
