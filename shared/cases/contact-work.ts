import type { Draft } from '../contract/draft.ts'
import type { CaseRecord, CaseStatus, FieldValue, Operation } from '../contract/rest.ts'
import type { Random } from '../kernel/random.ts'

/** What the script has made of the contact so far. */
export interface GuidedWork {
  readonly service: { readonly lgsl: number; readonly lgil: number; readonly name: string }
  readonly subject: string
  readonly status: CaseStatus
  readonly fields: Readonly<Record<string, FieldValue>>
  /** Null until the script has reached an outcome. */
  readonly wantsCase: boolean | null
}

/** Everything one Save looks at. `existing` is the case as the desk knows it, null before it is made. */
export interface WorkToSave {
  readonly draft: Draft
  readonly guided: GuidedWork | null
  readonly existing: CaseRecord | null
  /** ISO 8601. */
  readonly at: string
}

export interface SavePlan {
  readonly operations: readonly Operation[]
  /** The case the contact now belongs to; made here when the work asks for one. */
  readonly caseId: string | null
}

/**
 * The operations that bring the records up to the work: the contact always, the case when there is one to make or
 * to change. A case is made when the outcome wants one, or before any outcome as soon as there is something to keep.
 */
export function planSave(work: WorkToSave, random: Random): SavePlan {
  const { draft, guided, existing, at } = work
  const caseOperation = guided === null ? null : planCase(draft, guided, existing, at, random)
  const caseId = caseOperation === null ? (existing?.id ?? draft.caseId) : caseOperation.caseId
  const contact: Operation = {
    kind: 'contact.save',
    id: random.uuid(),
    at,
    contactId: draft.contactId,
    fields: {
      channel: draft.channel,
      direction: draft.direction,
      queueId: draft.queueId,
      startedAt: new Date(draft.startedAt).toISOString(),
      endedAt: draft.endedAt === null ? null : new Date(draft.endedAt).toISOString(),
      residentId: draft.residentId,
      caseId,
      disposition: draft.disposition,
      identity: draft.identity,
      script: draft.run === null ? null : { id: draft.run.scriptId, version: draft.run.scriptVersion },
      callId: draft.callId,
      assistance: draft.assistance,
      ...(draft.language === null ? {} : { language: draft.language }),
    },
  }
  // The case goes first, so that the contact never names a case the service has not seen.
  return { operations: caseOperation === null ? [contact] : [caseOperation, contact], caseId }
}

type CaseOperation = Extract<Operation, { kind: 'case.create' | 'case.change' }>

function planCase(
  draft: Draft,
  guided: GuidedWork,
  existing: CaseRecord | null,
  at: string,
  random: Random,
): CaseOperation | null {
  const earlier = existing !== null && isEarlier(existing, draft)
  if (existing !== null && (!earlier || existing.serviceCode === guided.service.lgsl))
    return planCaseChange(draft, guided, existing, at, random)
  // The contact has a case that this desk cannot show just now: a second one must not be made.
  if (existing === null && draft.caseId !== null) return null
  // A case of another service that came with the call stays as it is: this script writes one of its own.
  const wanted = guided.wantsCase ?? Object.keys(guided.fields).length > 0
  if (!wanted) return null
  return {
    kind: 'case.create',
    id: random.uuid(),
    at,
    caseId: random.uuid(),
    record: {
      openedAt: at,
      residentId: draft.residentId,
      serviceCode: guided.service.lgsl,
      interactionCode: guided.service.lgil,
      serviceName: guided.service.name,
      subject: guided.subject,
      status: guided.status,
      queueId: draft.queueId,
      assignedTo: null,
      fields: { ...guided.fields },
    },
  }
}

/** From before the contact, as when a colleague passed it on. */
const isEarlier = (existing: CaseRecord, draft: Draft): boolean =>
  Date.parse(existing.openedAt) < draft.startedAt

function planCaseChange(
  draft: Draft,
  guided: GuidedWork,
  existing: CaseRecord,
  at: string,
  random: Random,
): CaseOperation | null {
  const fields = Object.fromEntries(
    Object.entries(guided.fields).filter(([name, value]) => !sameValue(existing.fields[name] ?? null, value)),
  )
  const status = statusFor(draft, guided, existing)
  const change = {
    ...(existing.subject === guided.subject ? {} : { subject: guided.subject }),
    ...(existing.status === status ? {} : { status }),
    ...(existing.residentId === draft.residentId ? {} : { residentId: draft.residentId }),
    ...(Object.keys(fields).length === 0 ? {} : { fields }),
  }
  if (Object.keys(change).length === 0) return null
  return {
    kind: 'case.change',
    id: random.uuid(),
    at,
    caseId: existing.id,
    baseVersion: existing.version,
    change,
  }
}

function statusFor(
  draft: Draft,
  { wantsCase, status }: GuidedWork,
  existing: CaseRecord,
): CaseRecord['status'] {
  // What has become of an earlier case is for an outcome to say that goes on with it.
  if (isEarlier(existing, draft)) return wantsCase === true ? status : existing.status
  // The outcome decided that no case is needed after one was made on the way: it is closed, not lost.
  return wantsCase === false ? 'closed' : status
}

function sameValue(a: FieldValue, b: FieldValue): boolean {
  return JSON.stringify(a) === JSON.stringify(b)
}

/** A timeline entry of this contact: a note the adviser wrote, or the account of the contact at its end. */
export function noteOperation(
  draft: Draft,
  kind: 'note' | 'contact',
  text: string,
  at: string,
  random: Random,
): Operation {
  return {
    kind: 'timeline.append',
    id: random.uuid(),
    at,
    entryId: random.uuid(),
    entry: { caseId: draft.caseId, residentId: draft.residentId, contactId: draft.contactId, at, kind, text },
  }
}

/** Tells whether the work differs from what was last saved. */
export function workFingerprint(draft: Draft, guided: GuidedWork | null): string {
  return JSON.stringify([
    draft.residentId,
    draft.identity,
    draft.assistance,
    draft.language,
    draft.disposition,
    draft.endedAt,
    draft.run?.answers ?? [],
    guided?.subject ?? null,
    guided?.fields ?? null,
  ])
}
