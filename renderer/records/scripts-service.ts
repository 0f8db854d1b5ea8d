import { scriptKey } from '#shared/cases/case-store.ts'
import type { CouncilApi } from '#shared/cases/council-api.ts'
import type { CasesErrorCode } from '#shared/cases/errors.ts'
import type { ScriptView } from '#shared/contract/records.ts'
import type { ScriptEntry } from '#shared/contract/rest.ts'
import { appError } from '#shared/kernel/app-error.ts'
import type { Clock } from '#shared/kernel/clock.ts'
import { err, ok, type Result } from '#shared/kernel/result.ts'
import type { CaseCache } from './case-cache.ts'

export interface ScriptsServiceParts {
  readonly api: CouncilApi
  readonly cache: CaseCache
  readonly clock: Clock
}

const noScript = (code: CasesErrorCode, detail: string): Result<never> => err(appError(code, 'later', detail))

/** Scripts as this desk has them: documents from the cache or the backend, and how they stand by the feed. */
export class ScriptsService {
  readonly #parts: ScriptsServiceParts

  constructor(parts: ScriptsServiceParts) {
    this.#parts = parts
  }

  list(): readonly ScriptEntry[] {
    const entries = [...this.#parts.cache.small.scripts.values()]
    return entries.sort((a, b) => a.title.localeCompare(b.title, 'en'))
  }

  async script(scriptId: string, version?: number): Promise<Result<ScriptView>> {
    if (version !== undefined) return this.#document(scriptId, version)
    const { cache } = this.#parts
    const entry = cache.small.scripts.get(scriptId)
    if (!entry) return noScript('cases/script-unavailable', 'not published')
    if (entry.withdrawn) return noScript('cases/script-withdrawn', entry.withdrawnVersions?.[0]?.why ?? '')
    const newest = await this.#document(scriptId, entry.version)
    if (newest.ok) return newest
    // A call in progress is better guided by the version before than by nothing, unless that was taken back.
    const before = [...cache.documents.values()]
      .filter((each) => each.scriptId === scriptId && each.version < entry.version)
      .filter((each) => !entry.withdrawnVersions?.some(({ version }) => version === each.version))
      .sort((a, b) => b.version - a.version)[0]
    return before ? ok(this.#view(scriptId, before.version, before.document, before.fetchedAt)) : newest
  }

  async #document(scriptId: string, version: number): Promise<Result<ScriptView>> {
    const { api, cache, clock } = this.#parts
    const known = cache.documents.get(scriptKey(scriptId, version))
    if (known) return ok(this.#view(scriptId, version, known.document, known.fetchedAt))
    const answer = await api.script(scriptId, version)
    if (!answer.ok) return noScript('cases/script-unavailable', answer.error.code)
    const fetchedAt = clock.now()
    await cache.putDocument({ scriptId, version, document: answer.value, fetchedAt })
    return ok(this.#view(scriptId, version, answer.value, fetchedAt))
  }

  #view(scriptId: string, version: number, document: unknown, asAt: number): ScriptView {
    const { cache } = this.#parts
    const withdrawn = cache.small.scripts.get(scriptId)?.withdrawnVersions ?? []
    return {
      document,
      version,
      asAt,
      confirmedAt: cache.meta.asAt,
      withdrawn: withdrawn.find((each) => each.version === version) ?? null,
      insteadOf: withdrawn.find((each) => each.version > version) ?? null,
    }
  }
}
