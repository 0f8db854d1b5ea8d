import { assistanceOfCall } from '#shared/cases/assistance.ts'
import { newDraft } from '#shared/cases/new-draft.ts'
import type { Draft } from '#shared/contract/draft.ts'
import type { Line } from '#shared/contract/phone.ts'
import type { Queue } from '#shared/contract/rest.ts'

/**
 * The call being talked on, answered or dialled has the desk; of several that are joined the one in hand. Otherwise
 * what is in hand stays, otherwise the last call on hold or to be wrapped up. `lines` are those of contacts alone.
 */
export function lineToWorkOn(
  lines: readonly Line[],
  draft: Draft | null,
  closed: ReadonlySet<string>,
): Line | undefined {
  const talking = lines.filter(({ state }) => ['active', 'answering', 'dialling'].includes(state.name))
  const inHand = talking.find((line) => line.contactId === draft?.contactId)
  if (inHand !== undefined) return inHand
  if (talking[0] !== undefined) return talking[0]
  if (draft !== null) return undefined
  return lines.findLast(
    (line) =>
      line.state.name === 'held' ||
      (line.state.name === 'ended' && leavesWork(line) && !closed.has(line.contactId)),
  )
}

/** A caller who gave up before the answer leaves nothing; a call we made is a contact even when nobody answered. */
const leavesWork = (line: Line): boolean => line.direction === 'outbound' || line.times.answeredAt !== null

/** The queue says what the call is about; a call that came past the queues, the number that was dialled. */
function queueOf(line: Line, queues: readonly Queue[]): string | null {
  if (line.queue !== null) return line.queue.id
  if (line.dialled === null) return null
  return queues.find(({ dialledNumber }) => dialledNumber === line.dialled)?.id ?? null
}

/** The draft of a contact that begins with this call. */
export function draftOfCall(line: Line, queues: readonly Queue[]): Draft {
  const queueId = queueOf(line, queues)
  return newDraft({
    contactId: line.contactId,
    startedAt: line.times.invitedAt,
    channel: 'telephone',
    callId: line.callId,
    direction: line.direction,
    queueId,
    language: queues.find(({ id }) => id === queueId)?.language ?? null,
    assistance: assistanceOfCall(line),
  })
}
