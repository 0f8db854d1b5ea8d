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
