import { unreachableWords } from '#renderer/ui/error-words.ts'
import { timeOfDay } from '#renderer/ui/time.ts'
import type { SyncReport } from '#shared/contract/records.ts'
import { assertNever } from '#shared/kernel/assert-never.ts'

const changes = (count: number): string =>
  count === 1 ? '1 change' : `${count.toLocaleString('en-GB')} changes`

/** Sync in one honest sentence, and how much it matters. */
export function syncWords(report: SyncReport | null): { tone: 'good' | 'attention' | 'soft'; text: string } {
  if (report === null) return { tone: 'soft', text: 'Opening your records' }
  const { state, needsAttention } = report
  if (needsAttention.length > 0)
    return { tone: 'attention', text: `${changes(needsAttention.length)} to look at` }
  switch (state.name) {
    case 'closed':
      return { tone: 'soft', text: 'Records closed' }
    case 'loading':
      return { tone: 'soft', text: `Getting the council’s records: ${state.records.toLocaleString('en-GB')}` }
    case 'up-to-date':
      return { tone: 'good', text: `All changes sent, as at ${timeOfDay(state.asAt)}` }
    case 'sending':
      return { tone: 'soft', text: `Sending ${changes(state.unsent)}` }
    case 'behind':
      return state.unsent > 0
        ? {
            tone: 'attention',
            text: `${changes(state.unsent)} not sent since ${timeOfDay(state.since)}: ${unreachableWords[state.reason]}`,
          }
        : {
            tone: 'attention',
            text: `Working from this desk’s records${state.asAt === null ? '' : `, as at ${timeOfDay(state.asAt)}`}: ${unreachableWords[state.reason]}`,
          }
    default:
      return assertNever(state)
  }
}

const minuteMs = 60_000

/** `5 minutes`, `2 hours`, `3 days`, in the largest that fits. */
function length(ms: number): string {
  const sizes = [
    [24 * 60 * minuteMs, 'day'],
    [60 * minuteMs, 'hour'],
    [minuteMs, 'minute'],
  ] as const
  const [sizeMs, name] = sizes.find(([each]) => ms >= each) ?? sizes[2]
  const count = Math.round(ms / sizeMs)
  return `${count} ${name}${count === 1 ? '' : 's'}`
}

/** What is wrong with this desk itself, each in short and as a whole sentence. */
export function deskWords(report: SyncReport | null): readonly { short: string; sentence: string }[] {
  const { clockAheadMs, desk } = report ?? {}
  const clock = (aheadMs: number) => {
    const wrong = `${length(Math.abs(aheadMs))} ${aheadMs > 0 ? 'fast' : 'slow'}`
    return {
      short: `Clock ${wrong}`,
      sentence: `This computer’s clock is ${wrong}, so the times of what you save are wrong. Tell IT.`,
    }
  }
  const version = {
    older: {
      short: 'Update this desk',
      sentence:
        'The council’s service is newer than this desk. Everything this desk knows goes on working; update it for the rest.',
    },
    newer: {
      short: 'Newer than the council’s service',
      sentence:
        'This desk is newer than the council’s service. What the service does not know yet it refuses, and it stays here.',
    },
  }
  return [
    ...(clockAheadMs === undefined ? [] : [clock(clockAheadMs)]),
    ...(desk === undefined ? [] : [version[desk]]),
  ]
}
