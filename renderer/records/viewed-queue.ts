import type { CouncilApi } from '#shared/cases/council-api.ts'
import type { View } from '#shared/contract/audit.ts'
import type { Clock } from '#shared/kernel/clock.ts'
import type { Random } from '#shared/kernel/random.ts'
import type { CaseCache } from './case-cache.ts'

export interface ViewedQueueParts {
  readonly api: CouncilApi
  readonly cache: CaseCache
  readonly clock: Clock
  readonly random: Random
}

const viewsPerRequest = 100
/** What is looked at again within this time is one look: a page reads its record whenever anything changes. */
const sameLookMs = 60_000

/** What was opened on this desk, kept until the council has it for its audit. */
export class ViewedQueue {
  readonly #parts: ViewedQueueParts
  readonly #lookedAt = new Map<string, number>()
  #isSending = false

  constructor(parts: ViewedQueueParts) {
    this.#parts = parts
  }

  async viewed({ kind, recordId }: Pick<View, 'kind' | 'recordId'>): Promise<void> {
    const { cache, clock, random } = this.#parts
    const now = clock.now()
    const key = `${kind}:${recordId}`
    if (now - (this.#lookedAt.get(key) ?? Number.NEGATIVE_INFINITY) < sameLookMs) return
    this.#lookedAt.set(key, now)
    const view = { id: random.uuid(), kind, recordId, at: new Date(now).toISOString() }
    await cache.putAnswers({ unsentViews: [...cache.answers.unsentViews, view] })
    await this.send()
  }

  /** Sends what waits; what fails waits for the next time the council is there. */
  async send(): Promise<void> {
    if (this.#isSending) return
    this.#isSending = true
    const { api, cache } = this.#parts
    try {
      for (;;) {
        const batch = cache.answers.unsentViews.slice(0, viewsPerRequest)
        if (batch.length === 0) return
        const sent = await api.sendViews(batch)
        // What the service can never read would stand in the way of all that follow.
        if (!sent.ok && sent.error.retry !== 'never') return
        const gone = new Set(batch.map(({ id }) => id))
        const unsentViews = cache.answers.unsentViews.filter(({ id }) => !gone.has(id))
        await cache.putAnswers({ unsentViews })
      }
    } finally {
      this.#isSending = false
    }
  }
}
