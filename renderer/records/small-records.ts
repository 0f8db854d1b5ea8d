import type { Callback, Change, ChangesPage, ScriptEntry } from '#shared/contract/rest.ts'

/** Confirmed records of the kinds of which a desk has few, all in memory. */
export class SmallRecords {
  /** What the service says of each script: the newest version in force. */
  readonly scripts = new Map<string, ScriptEntry>()
  readonly callbacks = new Map<string, Callback>()
  /** While the feed is read again: ids of before that it has not told yet. */
  readonly #untold = new Set<string>()

  load(scripts: readonly ScriptEntry[], callbacks: readonly Callback[]): void {
    this.scripts.clear()
    this.callbacks.clear()
    for (const script of scripts) this.scripts.set(script.id, script)
    for (const callback of callbacks) this.callbacks.set(callback.id, callback)
  }

  startReading(): void {
    for (const id of [...this.scripts.keys(), ...this.callbacks.keys()]) this.#untold.add(id)
  }

  /** What is of before a reading from the beginning goes with its last page; answers the ids of what went. */
  apply(page: ChangesPage): readonly string[] {
    for (const change of page.changes) {
      this.#untold.delete(change.id)
      if (change.kind === 'script') {
        if ('record' in change) this.scripts.set(change.id, change.record)
        else this.scripts.delete(change.id)
      } else if (change.kind === 'callback') {
        if ('record' in change) this.callbacks.set(change.id, change.record)
        else this.callbacks.delete(change.id)
      }
    }
    if (page.more) return []
    const gone = [...this.#untold]
    this.#untold.clear()
    for (const id of gone) {
      this.scripts.delete(id)
      this.callbacks.delete(id)
    }
    return gone
  }

  asChanges(): readonly Change[] {
    return [
      ...[...this.scripts.values()].map((record): Change => ({ kind: 'script', id: record.id, record })),
      ...[...this.callbacks.values()].map((record): Change => ({ kind: 'callback', id: record.id, record })),
    ]
  }
}

/** Ids of the changed records and of those that they say they belong to. */
export function idsNamedBy(changes: readonly Change[]): readonly string[] {
  const ids = changes.flatMap((change) => {
    if (change.kind === 'case' && 'record' in change) return [change.id, change.record.residentId]
    if (change.kind === 'timeline' && 'record' in change) {
      const { caseId, residentId, contactId } = change.record
      return [change.id, caseId, residentId, contactId]
    }
    return [change.id]
  })
  return ids.filter((id) => id !== null)
}
