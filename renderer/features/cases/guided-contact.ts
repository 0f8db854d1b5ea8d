import { speakerOf } from '#shared/cases/assistance.ts'
import type { GuidedWork } from '#shared/cases/contact-work.ts'
import type { Draft } from '#shared/contract/draft.ts'
import type { ResidentView } from '#shared/contract/records.ts'
import type { Me } from '#shared/contract/rest.ts'
import type { ScriptDocument } from '#shared/guidance/format.ts'
import { wallClock } from '#shared/guidance/time.ts'
import type { GuidanceContext, RunView } from '#shared/guidance/view.ts'

export interface GuidancePorts {
  now(): number
  me(): Me | null
}

/** What the script may know besides its answers. */
export function context(
  ports: GuidancePorts,
  draft: Draft,
  resident: ResidentView | null,
  number: string | null,
): GuidanceContext {
  const me = ports.me()
  const nowIso = new Date(ports.now()).toISOString()
  const queueName = me?.queues.find((queue) => queue.id === draft.queueId)?.name
  return {
    language: draft.language ?? resident?.resident.language ?? 'en',
    today: wallClock(nowIso)?.date ?? nowIso.slice(0, 10),
    now: nowIso,
    council: me?.council ?? { name: 'the council', facts: {} },
    adviser: { name: me?.adviser.name ?? '' },
    resident: resident?.resident ?? null,
    contact: queueName === undefined ? null : { queueName, ...(number === null ? {} : { number }) },
    speaker: speakerOf(draft),
    given: draft.given,
    failedAttempts: draft.failedAttempts,
    callEnded: draft.endedAt === null ? null : new Date(draft.endedAt).toISOString(),
  }
}

/** What the script has made of the contact, for saving. */
export function guidedWork(script: ScriptDocument | null, view: RunView | null): GuidedWork | null {
  if (script === null || view === null) return null
  return {
    service: script.service,
    subject: view.caseDraft.subject,
    status: view.caseDraft.status,
    fields: view.caseDraft.fields,
    wantsCase: view.outcome?.wantsCase ?? null,
  }
}
