import type { Callback, CaseRecord } from '#shared/contract/rest.ts'
import { cast } from '#shared/practice/cast.ts'
import { advisers } from './practice-council.ts'

const minuteMs = 60_000

interface PracticeCallback {
  readonly id: string
  readonly residentId: (typeof cast)[number]['id']
  readonly reason: string
  readonly queueId: string
  /** From the moment of the seed. */
  readonly dueFromMinutes: number
  readonly dueByMinutes: number
  /** Null is for anyone of the queue. */
  readonly assignedTo: string | null
}

const [sam, nia] = advisers.map(({ id }) => id)

/** One to make now, one later today, one for whoever is free, one of a colleague. */
const promised: readonly PracticeCallback[] = [
  {
    id: 'callback-00001',
    residentId: 'cast-priya-raman',
    reason: 'Is at work until now. Wants to know when the recycling is collected.',
    queueId: 'waste',
    dueFromMinutes: -15,
    dueByMinutes: 45,
    assignedTo: sam ?? null,
  },
  {
    id: 'callback-00002',
    residentId: 'cast-derek-hollis',
    reason: 'Asked to hear what the inspection of the pavement found.',
    queueId: 'general',
    dueFromMinutes: 60,
    dueByMinutes: 180,
    assignedTo: sam ?? null,
  },
  {
    id: 'callback-00003',
    residentId: 'cast-amara-okafor',
    reason: 'Missed call back about the Council Tax instalments.',
    queueId: 'council-tax',
    dueFromMinutes: 30,
    dueByMinutes: 240,
    assignedTo: null,
  },
  {
    id: 'callback-00004',
    residentId: 'cast-gwen-pritchard',
    reason: 'Wishes to speak Welsh.',
    queueId: 'housing',
    dueFromMinutes: 30,
    dueByMinutes: 120,
    assignedTo: nia ?? null,
  },
]

export function seedCallbacks(cases: readonly CaseRecord[], now: number): readonly Callback[] {
  const iso = (minutes: number): string => new Date(now + minutes * minuteMs).toISOString()
  return promised.flatMap((callback): readonly Callback[] => {
    const { id, residentId, reason, queueId, assignedTo } = callback
    const resident = cast.find((member) => member.id === residentId)
    if (!resident) return []
    const { title, givenName, familyName, phone } = resident
    const about = cases.findLast((each) => each.residentId === residentId && each.queueId === queueId)
    const record: Callback = {
      id,
      version: 1,
      updatedAt: iso(-120),
      number: phone,
      name: `${title} ${givenName} ${familyName}`,
      reason,
      residentId,
      caseId: about?.id ?? null,
      contactId: null,
      dueFrom: iso(callback.dueFromMinutes),
      dueBy: iso(callback.dueByMinutes),
      assignedTo,
      queueId,
      status: 'due',
      closedAt: null,
    }
    return [record]
  })
}
