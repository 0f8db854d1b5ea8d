import { draftHandedOver, draftHandedOverLate, draftHandedOverUnread } from '#shared/cases/hand-over.ts'
import type { Draft } from '#shared/contract/draft.ts'
import type { Line } from '#shared/contract/phone.ts'
import type { ScriptDocument } from '#shared/guidance/format.ts'
import { endCheck } from '#shared/guidance/run.ts'
import type { Records } from './contact-state.ts'
import type { ContactWork } from './contact-work.ts'
import { context } from './guided-contact.ts'

/** The draft with what the colleague saved when passing the call on, as far as the council can be asked. */
export async function withHandOver(
  records: Pick<Records, 'handOver' | 'caseView'>,
  draft: Draft,
  fromContactId: string,
): Promise<Draft> {
  const found = await records.handOver(fromContactId)
  if (!found.ok) return draftHandedOverUnread(draft, fromContactId)
  const { caseId } = found.value
  // A case that has not reached this desk yet would be made a second time.
  const known = caseId === null ? null : await records.caseView(caseId)
  return { ...draftHandedOver(draft, found.value), caseId: known === null ? null : caseId }
}

/** Asks again for what a colleague saved when passing the call on: a desk without a network sends it late. */
export async function readLateHandOver(work: ContactWork): Promise<void> {
  const { get, set, change } = work
  const waiting = get().draft
  if (waiting === null || waiting.handedOver?.by !== null || waiting.endedAt !== null) return
  const found = await work.ports.records.handOver(waiting.handedOver.contactId)
  if (!found.ok) return
  const { residentId } = found.value
  const resident = residentId === null ? null : await work.ports.records.residentView(residentId)
  const { draft } = get()
  if (draft?.contactId !== waiting.contactId || draft.handedOver?.by !== null) return
  const late = draftHandedOverLate(draft, found.value)
  if (late.residentId !== draft.residentId) set({ resident })
  change(late)
}

/** After a hold as long as the script says somebody else may have the telephone: the identity check is over. */
export function followHold(work: ContactWork, line: Line | undefined): void {
  const held = line?.state.name === 'held' ? line : undefined
  const since = work.heldSince
  work.heldSince = held?.state.name === 'held' ? held.state.since : null
  if (line?.state.name !== 'active' || since === null) return
  const { draft, script, resident, number } = work.get()
  const limitMinutes = holdLimit(script)
  if (draft === null || limitMinutes === null) return
  const now = work.ports.now()
  if (now - since < limitMinutes * 60_000) return
  const run =
    script === null || draft.run === null
      ? draft.run
      : endCheck(script, draft.run, work.iso(), context(work.ports, draft, resident, number))
  work.change({ run, given: null })
}

/** The shortest of the script's checks, in minutes; null when none is ended by a hold. */
function holdLimit(script: ScriptDocument | null): number | null {
  const limits = Object.values(script?.steps ?? {}).flatMap((step) =>
    step.kind === 'verify' && step.endsAfterHoldMinutes !== undefined ? [step.endsAfterHoldMinutes] : [],
  )
  return limits.length === 0 ? null : Math.min(...limits)
}
