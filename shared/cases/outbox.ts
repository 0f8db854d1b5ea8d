import type { DecisionDraft, NeedsAttention } from '../contract/records.ts'
import type { ConflictField, Operation, OperationResult, Problem } from '../contract/rest.ts'

/**
 *   pending ──applied──▶ applied ──feed read to its end──▶ (gone)
 *      ├──────conflict──▶ conflict ──adviser decides──▶ (gone)
 *      └──────refused───▶ refused ───adviser decides──▶ (gone)
 *
 * There is no `sending`: an operation is idempotent by its id, so a lost answer is mended by sending it again.
 */
export type EntryState =
  | { readonly name: 'pending' }
  /** The service has it; kept as an overlay until the feed has brought what it made of it. */
  | { readonly name: 'applied' }
  /** `fields` clash, all others were applied. `confirmed`: the feed has brought those, the overlay may go. */
  | { readonly name: 'conflict'; readonly fields: readonly ConflictField[]; readonly confirmed: boolean }
  | { readonly name: 'refused'; readonly problem: Problem }

/** One saved operation on its way to the service. `savedAt` in milliseconds since 1970. */
export interface OutboxEntry {
  /** Order of saving on this desk; unique among the entries alive. */
  readonly sequence: number
  readonly savedAt: number
  readonly operation: Operation
  readonly state: EntryState
  readonly decision?: DecisionDraft
}

/** Entries in order of saving, one for each operation id. */
export type Outbox = readonly OutboxEntry[]

/** The record an operation changes. Appending changes nothing that exists. */
export function subjectOf(operation: Operation): string {
  switch (operation.kind) {
    case 'contact.save':
      return `contact:${operation.contactId}`
    case 'case.create':
    case 'case.change':
      return `case:${operation.caseId}`
    case 'timeline.append':
      return `entry:${operation.entryId}`
    case 'callback.save':
      return `callback:${operation.callbackId}`
    case 'resident.create':
    case 'resident.change':
    case 'warning.save':
    case 'warning.remove':
      return `resident:${operation.residentId}`
    case 'resident.merge':
    case 'resident.unmerge':
      return `merge:${operation.mergeId}`
    case 'contact.hand-over':
      return `hand-over:${operation.contactId}`
    case 'alert.raise':
      return `alert:${operation.alertId}`
    case 'script.report':
      return `report:${operation.reportId}`
  }
}

const needed = ({
  residentId,
  caseId,
  contactId,
}: {
  readonly residentId?: string | null | undefined
  readonly caseId?: string | null | undefined
  readonly contactId?: string | null | undefined
}): readonly string[] => [
  ...(residentId ? [`resident:${residentId}`] : []),
  ...(caseId ? [`case:${caseId}`] : []),
  ...(contactId ? [`contact:${contactId}`] : []),
]

/** Records that must exist at the service before the operation can be applied. */
function needsOf(operation: Operation): readonly string[] {
  switch (operation.kind) {
    case 'contact.save':
      return needed({ residentId: operation.fields.residentId, caseId: operation.fields.caseId })
    case 'case.create':
      return needed({ residentId: operation.record.residentId })
    case 'case.change':
      return needed({ residentId: operation.change.residentId })
    case 'resident.merge':
      return [`resident:${operation.keptId}`, `resident:${operation.goneId}`]
    case 'timeline.append':
      return needed(operation.entry)
    case 'callback.save':
      return needed(operation.fields)
    case 'contact.hand-over':
      return needed({ contactId: operation.contactId, residentId: operation.handOver.residentId })
    // An alert waits for nothing.
    case 'alert.raise':
    case 'script.report':
    case 'resident.create':
    case 'resident.change':
    case 'resident.unmerge':
    case 'warning.save':
    case 'warning.remove':
      return []
  }
}

const creating: ReadonlySet<Operation['kind']> = new Set([
  'resident.create',
  'case.create',
  'contact.save',
  'callback.save',
])
const mayCreate = (operation: Operation): boolean => creating.has(operation.kind)

/**
 * Walks the outbox in order and says of each pending entry for which operation it waits, null when it does not: for an
 * earlier one on the same record that was refused, clashes or waits itself, or for a record that such an entry was to
 * create.
 */
export function withWaiting(
  outbox: Outbox,
): readonly { readonly entry: OutboxEntry; readonly waitsFor: string | null }[] {
  const stuck = new Map<string, string>()
  const notCreated = new Map<string, string>()
  return outbox.map((entry) => {
    const { operation, state } = entry
    const subject = subjectOf(operation)
    const missing = needsOf(operation).find((need) => notCreated.has(need)) ?? ''
    const waitsFor = state.name === 'pending' ? (stuck.get(subject) ?? notCreated.get(missing) ?? null) : null
    if (waitsFor !== null || state.name === 'refused' || state.name === 'conflict') {
      if (!stuck.has(subject)) stuck.set(subject, operation.id)
      if (mayCreate(operation) && state.name !== 'conflict' && !notCreated.has(subject))
        notCreated.set(subject, operation.id)
    }
    return { entry, waitsFor }
  })
}

/** Pending entries that nothing holds back, in order. */
export function sendable(outbox: Outbox): Outbox {
  return withWaiting(outbox).flatMap(({ entry, waitsFor }) =>
    entry.state.name === 'pending' && waitsFor === null ? [entry] : [],
  )
}

/** What may be sent next, in order, at most `limit`. */
export function nextBatch(outbox: Outbox, limit: number): Outbox {
  return sendable(outbox).slice(0, limit)
}

const inOrder = (a: OutboxEntry, b: OutboxEntry): number =>
  a.sequence - b.sequence || a.savedAt - b.savedAt || (a.operation.id < b.operation.id ? -1 : 1)

/** Adds entries, keeping the order of saving. An operation that is already there stays as it is. */
export function addEntries(outbox: Outbox, entries: readonly OutboxEntry[]): Outbox {
  const known = new Set(outbox.map((entry) => entry.operation.id))
  const fresh = entries.filter((entry) => {
    if (known.has(entry.operation.id)) return false
    known.add(entry.operation.id)
    return true
  })
  return fresh.length === 0 ? outbox : [...outbox, ...fresh].sort(inOrder)
}

/** Gives operations their place in the outbox, leaving out those that have one. */
export function newEntries(
  outbox: Outbox,
  operations: readonly Operation[],
  savedAt: number,
): readonly OutboxEntry[] {
  const known = new Set(outbox.map((entry) => entry.operation.id))
  const last = outbox.at(-1)?.sequence ?? 0
  return operations
    .filter((operation) => !known.has(operation.id))
    .map((operation, index) => ({
      sequence: last + 1 + index,
      savedAt,
      operation,
      state: { name: 'pending' },
    }))
}

/** An outbox after a step, and the entries that the step changed. */
export interface OutboxChange {
  readonly outbox: Outbox
  readonly changed: readonly OutboxEntry[]
}

function stateAfter(result: OperationResult): EntryState {
  switch (result.outcome) {
    case 'applied':
      return { name: 'applied' }
    case 'conflict':
      return { name: 'conflict', fields: result.fields, confirmed: false }
    case 'refused':
      return { name: 'refused', problem: result.problem }
  }
}

/**
 * Applies the service's answers. Answers for operations that are not pending any more are ignored. An operation
 * refused only because the record it needs was refused before it stays pending: it waits, with its data.
 */
export function applyResults(outbox: Outbox, results: readonly OperationResult[]): OutboxChange {
  const resultById = new Map(results.map((result) => [result.id, result]))
  const next: OutboxEntry[] = []
  const changed: OutboxEntry[] = []
  for (const entry of outbox) {
    const result = resultById.get(entry.operation.id)
    if (entry.state.name !== 'pending' || !result) {
      next.push(entry)
      continue
    }
    const waitsFor = withWaiting([...next, entry]).at(-1)?.waitsFor ?? null
    if (result.outcome === 'refused' && waitsFor !== null) {
      next.push(entry)
      continue
    }
    const answered: OutboxEntry = { ...entry, state: stateAfter(result) }
    next.push(answered)
    changed.push(answered)
  }
  return { outbox: next, changed }
}

/** Entries whose outcome the service has given: the ones a feed read from now to its end will confirm. */
export function answeredIds(outbox: Outbox): ReadonlySet<string> {
  return new Set(
    outbox.flatMap((entry) =>
      entry.state.name === 'applied' || (entry.state.name === 'conflict' && !entry.state.confirmed)
        ? [entry.operation.id]
        : [],
    ),
  )
}

/** After the feed was read to its end from a moment at which `answered` had their answers: drops overlays. */
export function confirmAnswered(
  outbox: Outbox,
  answered: ReadonlySet<string>,
): OutboxChange & { readonly removed: readonly OutboxEntry[] } {
  const next: OutboxEntry[] = []
  const changed: OutboxEntry[] = []
  const removed: OutboxEntry[] = []
  for (const entry of outbox) {
    if (!answered.has(entry.operation.id)) next.push(entry)
    else if (entry.state.name === 'applied') removed.push(entry)
    else if (entry.state.name === 'conflict' && !entry.state.confirmed) {
      const confirmed: OutboxEntry = { ...entry, state: { ...entry.state, confirmed: true } }
      next.push(confirmed)
      changed.push(confirmed)
    } else next.push(entry)
  }
  return { outbox: next, changed, removed }
}

/** Takes an operation out, whatever its state. */
export function removeEntry(outbox: Outbox, operationId: string): Outbox {
  return outbox.filter((entry) => entry.operation.id !== operationId)
}

/** What the service would not take as it is, oldest first. */
export function needsAttention(outbox: Outbox): readonly NeedsAttention[] {
  return outbox.flatMap((entry): readonly NeedsAttention[] => {
    const base = { operation: entry.operation, savedAt: entry.savedAt }
    if (entry.state.name === 'conflict') {
      return [{ ...base, why: { name: 'conflict', fields: entry.state.fields } }]
    }
    if (entry.state.name === 'refused') {
      return [{ ...base, why: { name: 'refused', problem: entry.state.problem } }]
    }
    return []
  })
}

/** Ids of the residents, the contact, the case, the timeline entry and the callback that an operation is about. */
export function aboutIds(operation: Operation): readonly string[] {
  switch (operation.kind) {
    case 'contact.save':
      return [operation.contactId]
    case 'case.create':
    case 'case.change':
      return [operation.caseId]
    case 'timeline.append':
      return [operation.entryId, operation.entry.caseId, operation.entry.contactId].filter(
        (id) => id !== null,
      )
    case 'callback.save':
      return [operation.callbackId]
    case 'resident.create':
    case 'resident.change':
    case 'warning.save':
    case 'warning.remove':
      return [operation.residentId]
    case 'resident.merge':
      return [operation.keptId, operation.goneId, operation.mergeId]
    case 'resident.unmerge':
      return [operation.mergeId]
    case 'contact.hand-over':
      return [operation.contactId]
    case 'alert.raise':
      return [operation.alertId]
    case 'script.report':
      return [operation.reportId]
  }
}

/** Ids of contacts, cases, timeline entries and callbacks with changes that the service has not taken. */
export function pendingIds(outbox: Outbox): readonly string[] {
  return [
    ...new Set(outbox.flatMap((entry) => (entry.state.name === 'applied' ? [] : aboutIds(entry.operation)))),
  ]
}

/** Counts for the sync state. `unsent` is every pending entry, `sendable` those that nothing holds back. */
export interface OutboxCounts {
  readonly unsent: number
  readonly sendable: number
  /** When the oldest unsent change was saved; null when there is none. */
  readonly oldestUnsentAt: number | null
}

export function countOutbox(outbox: Outbox): OutboxCounts {
  const unsent = outbox.filter((entry) => entry.state.name === 'pending')
  return {
    unsent: unsent.length,
    sendable: sendable(outbox).length,
    oldestUnsentAt: unsent.reduce<number | null>(
      (oldest, entry) => (oldest === null ? entry.savedAt : Math.min(oldest, entry.savedAt)),
      null,
    ),
  }
}
