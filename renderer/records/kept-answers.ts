import type { CouncilApi } from '#shared/cases/council-api.ts'
import type { CasesErrorCode } from '#shared/cases/errors.ts'
import { type KnownUse, todaysUse } from '#shared/cases/script-use.ts'
import type { CallHistory, Directory, ScriptUse } from '#shared/contract/rest.ts'
import type { Signposts } from '#shared/contract/signposts.ts'
import { appError } from '#shared/kernel/app-error.ts'
import type { Clock } from '#shared/kernel/clock.ts'
import { err, ok, type Result } from '#shared/kernel/result.ts'
import type { CaseCache } from './case-cache.ts'
import { contactsOfToday, type ViewSource } from './views.ts'

/** How long something known is kept back while the backend is asked for something newer. */
const patienceMs = 2_000

/** The backend's answer; what is known when the backend fails or takes long. */
export async function newestOrKnown<T>(
  asked: Promise<Result<T>>,
  known: () => T | null,
  clock: Clock,
): Promise<Result<T>> {
  const before = known()
  if (before === null) return asked
  const enough = new Promise<null>((resolve) => clock.after(patienceMs, () => resolve(null)))
  const answer = await Promise.race([asked, enough])
  return answer?.ok ? answer : ok(known() ?? before)
}

export interface KeptAnswersParts {
  readonly api: CouncilApi
  readonly cache: CaseCache
  readonly clock: Clock
}

/** What the backend answers outside the feed and the desk keeps for when it cannot be reached. */
export class KeptAnswersService {
  readonly #parts: KeptAnswersParts
  #hasPrefetched = false
  /** By queue; for as long as the cache is open. */
  readonly #whispers = new Map<string, ArrayBuffer | null>()

  constructor(parts: KeptAnswersParts) {
    this.#parts = parts
  }

  directory(): Promise<Result<Directory>> {
    const { cache, clock } = this.#parts
    return newestOrKnown(this.#askDirectory(), () => cache.answers.directory?.directory ?? null, clock)
  }

  async #askDirectory(): Promise<Result<Directory>> {
    const { api, cache, clock } = this.#parts
    const held = cache.answers.directory
    const answer = await api.directory(held?.etag ?? null)
    if (!answer.ok) return answer
    const asAt = new Date(clock.now()).toISOString()
    const newest = answer.value ?? (held && { ...held, directory: { ...held.directory, asAt } })
    if (!newest) return err(appError('cases/malformed-answer' satisfies CasesErrorCode, 'later', 'unchanged'))
    await cache.putAnswers({ directory: newest })
    return ok(newest.directory)
  }

  callHistory(): Promise<Result<CallHistory & { asAt: number }>> {
    const { cache, clock } = this.#parts
    return newestOrKnown(this.#askCallHistory(), () => cache.answers.callHistory, clock)
  }

  async #askCallHistory(): Promise<Result<CallHistory & { asAt: number }>> {
    const { api, cache, clock } = this.#parts
    const answer = await api.callHistory()
    if (!answer.ok) return answer
    const callHistory = { ...answer.value, asAt: clock.now() }
    await cache.putAnswers({ callHistory })
    return ok(callHistory)
  }

  /** Asks once for what may be needed when the backend cannot be asked. */
  prefetch(): void {
    if (this.#hasPrefetched) return
    this.#hasPrefetched = true
    void this.#askSignposts()
    void this.#askScriptUse()
  }

  async signposts(): Promise<{ asAt: number | null; services: Signposts['services'] }> {
    const { cache, clock } = this.#parts
    const kept = () => cache.answers.signposts?.signposts ?? null
    const answer = await newestOrKnown(this.#askSignposts(), kept, clock)
    if (!answer.ok) return { asAt: null, services: [] }
    return { asAt: Date.parse(answer.value.asAt), services: answer.value.services }
  }

  async #askSignposts(): Promise<Result<Signposts>> {
    const { api, cache, clock } = this.#parts
    const held = cache.answers.signposts
    const answer = await api.signposts(held?.etag ?? null)
    if (!answer.ok) return answer
    const asAt = new Date(clock.now()).toISOString()
    const newest = answer.value ?? (held && { ...held, signposts: { ...held.signposts, asAt } })
    if (!newest) return err(appError('cases/malformed-answer' satisfies CasesErrorCode, 'later', 'unchanged'))
    await cache.putAnswers({ signposts: newest })
    return ok(newest.signposts)
  }

  async scriptUse(source: ViewSource): Promise<{ asAt: number | null; counts: ScriptUse['counts'] }> {
    const { cache, clock } = this.#parts
    await newestOrKnown(this.#askScriptUse(), () => cache.answers.scriptUse, clock)
    const known = cache.answers.scriptUse
    const { contacts, confirmedIds } = await contactsOfToday(source, clock.now())
    const queueIds = cache.meta.me?.me.queues.map(({ id }) => id) ?? []
    const counts = todaysUse(known, contacts, confirmedIds, queueIds, clock.now())
    return { asAt: known?.asAt ?? null, counts }
  }

  async #askScriptUse(): Promise<Result<KnownUse>> {
    const { api, cache, clock } = this.#parts
    const answer = await api.scriptUse()
    if (!answer.ok) return answer
    const scriptUse = { use: answer.value, asAt: clock.now() }
    await cache.putAnswers({ scriptUse })
    return ok(scriptUse)
  }

  /** Null when the council has none, or cannot be asked just now: a call waits for no decoration. */
  async whisper(queueId: string): Promise<ArrayBuffer | null> {
    const known = this.#whispers.get(queueId)
    if (known !== undefined) return known
    const answer = await this.#parts.api.queueWhisper(queueId)
    if (!answer.ok) return null
    this.#whispers.set(queueId, answer.value)
    return answer.value
  }
}
