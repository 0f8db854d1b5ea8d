import type { Journal } from '#shared/cases/journal.ts'
import type { Result } from '#shared/kernel/result.ts'

/** Operations that the service has taken or the adviser has let go, on their way out of the journal. */
export class Settling {
  readonly #journal: Journal
  /** Hears which operations were just taken out, or may have been. */
  readonly #onSettled: (ids: ReadonlySet<string>) => void
  readonly #waiting = new Set<string>()
  /** On its way; what is kept after all does not wait again when it fails. */
  #now: {
    readonly ids: ReadonlySet<string>
    readonly kept: Set<string>
    readonly done: Promise<Result<null>>
  } | null = null

  constructor(journal: Journal, onSettled: (ids: ReadonlySet<string>) => void) {
    this.#journal = journal
    this.#onSettled = onSettled
  }

  add(id: string): void {
    this.#waiting.add(id)
  }

  /** Something that was let go comes back. Done when nothing on its way will take it out of the journal any more. */
  async keep(ids: ReadonlySet<string>): Promise<void> {
    for (const id of ids) this.#waiting.delete(id)
    const now = this.#now
    if (!now || ![...ids].some((id) => now.ids.has(id))) return
    for (const id of ids) now.kept.add(id)
    await now.done
  }

  /** One attempt at a time; what does not go through now, or was added meanwhile, goes with the next. */
  async run(): Promise<void> {
    if (this.#now || this.#waiting.size === 0) return
    const ids = new Set(this.#waiting)
    this.#waiting.clear()
    const kept = new Set<string>()
    const done = this.#journal.settle([...ids])
    this.#now = { ids, kept, done }
    const settled = await done
    this.#now = null
    this.#onSettled(ids)
    if (settled.ok) return this.run()
    for (const id of ids) if (!kept.has(id)) this.#waiting.add(id)
  }
}
