import type { CouncilApi, EventStreamNews } from '#shared/cases/council-api.ts'
import { backOffMs } from '#shared/cases/sync-rules.ts'
import type { Cancel, Clock } from '#shared/kernel/clock.ts'
import type { Random } from '#shared/kernel/random.ts'

export interface EventStreamParts {
  readonly api: Pick<CouncilApi, 'events'>
  readonly clock: Clock
  readonly random: Random
  /** All but its end. */
  readonly onNews: (news: Exclude<EventStreamNews, { type: 'closed' }>) => void
  /** It ended, and may be opened again: whether the service is there at all is for the listener to find out first. */
  readonly onMayReopen: () => void
}

/** A stream that lasted this long was not refused. */
const lastingMs = 30_000

/**
 *   closed ──open──▶ open ──ended──▶ resting ──backed off──▶ closed
 *
 * The service's events, opened again with more and more time in between while they end as soon as they begin.
 */
export class EventStream {
  readonly #parts: EventStreamParts
  #close: Cancel | null = null
  #stopResting: Cancel | null = null
  #failures = 0
  #openedAt: number | null = null

  constructor(parts: EventStreamParts) {
    this.#parts = parts
  }

  /** Nothing happens when it is open, or was until a moment ago. */
  open(): void {
    if (this.#close || this.#stopResting) return
    let isOurs = true
    const close = this.#parts.api.events((news) => {
      // The end of one that was closed here says nothing of the next.
      if (isOurs) this.#hear(news)
    })
    this.#close = () => {
      isOurs = false
      close()
    }
  }

  close(): void {
    this.#close?.()
    this.#close = null
    this.#stopResting?.()
    this.#stopResting = null
  }

  #hear(news: EventStreamNews): void {
    const { clock, onNews } = this.#parts
    if (news.type === 'opened') this.#openedAt = clock.now()
    if (news.type === 'closed') this.#rest()
    else onNews(news)
  }

  #rest(): void {
    const { clock, random, onMayReopen } = this.#parts
    this.#close = null
    if (this.#openedAt !== null && clock.now() - this.#openedAt >= lastingMs) this.#failures = 0
    this.#openedAt = null
    const waitMs = backOffMs(this.#failures, random.next(), undefined)
    this.#failures += 1
    this.#stopResting = clock.after(waitMs, () => {
      this.#stopResting = null
      onMayReopen()
    })
  }
}
