import type { Draft } from '#shared/contract/draft.ts'
import type { Line } from '#shared/contract/phone.ts'

/** The call being talked on has the desk; otherwise what is in hand stays, otherwise the last call to be wrapped up. */
export function lineToWorkOn(
  lines: readonly Line[],
  draft: Draft | null,
  closed: ReadonlySet<string>,
): Line | undefined {
  const talking = lines.find((line) => line.state.name === 'active' || line.state.name === 'answering')
  if (talking !== undefined) return talking
  if (draft !== null) return undefined
  return lines.findLast(
    (line) =>
      line.state.name === 'held' ||
      (line.state.name === 'ended' && line.times.answeredAt !== null && !closed.has(line.contactId)),
  )
}

/** The draft of a contact that begins with this call. */
export function newDraft(line: Line): Draft {
  return {
    version: 1,
    contactId: line.contactId,
    updatedAt: line.times.invitedAt,
    startedAt: line.times.invitedAt,
    callId: line.callId,
    direction: line.direction,
    queueId: line.queue?.id ?? null,
    residentId: null,
    identity: null,
    language: null,
    run: null,
    caseId: null,
    typed: {},
    disposition: null,
    endedAt: null,
    saved: null,
  }
}
