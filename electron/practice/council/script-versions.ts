import type { Adviser } from '#shared/contract/rest.ts'
import type { ScriptHistory } from '#shared/contract/script-lifecycle.ts'
import type { Clock } from '#shared/kernel/clock.ts'
import type { Log } from '#shared/kernel/log.ts'
import { noteChanges } from './database/change-feed.ts'
import type { Db, Tx } from './database/schema.ts'
import { ProblemError } from './http/problems.ts'
import { notify } from './notices.ts'

/** Versions that were published. Of those not withdrawn the newest is in force. */
export interface ScriptVersions {
  history(scriptId: string): Promise<ScriptHistory>
  /** For good. */
  withdraw(scriptId: string, version: number, why: string, by: Adviser): Promise<ScriptHistory>
  /** Withdraws every later version, so that this one is in force again. */
  rollBack(scriptId: string, to: number, why: string, by: Adviser): Promise<ScriptHistory>
}

export interface ScriptVersionsOptions {
  readonly db: Db
  readonly clock: Clock
  readonly log: Log
}

export function createScriptVersions({ db, clock, log }: ScriptVersionsOptions): ScriptVersions {
  async function withdrawAll(
    tx: Tx,
    scriptId: string,
    versions: readonly number[],
    why: string,
    by: Adviser,
  ) {
    const at = new Date(clock.now()).toISOString()
    await tx
      .updateTable('script')
      .set({ withdrawn: true, withdrawn_at: at, withdrawn_why: why })
      .where('id', '=', scriptId)
      .where('version', 'in', versions)
      .execute()
    const event = { script_id: scriptId, adviser_id: by.id, by_name: by.name, at, why }
    await tx
      .insertInto('script_event')
      .values(versions.map((version) => ({ ...event, version, action: 'withdrawn' as const })))
      .execute()
    await notify(tx, { kind: 'withdrawn', scriptId, versions: [...versions] })
    await noteChanges(tx, [{ kind: 'script', id: scriptId, caseId: null }])
  }

  /** Oldest first, so that nobody else changes them meanwhile. */
  const versionsOf = (tx: Tx, scriptId: string) =>
    tx
      .selectFrom('script')
      .select(['version', 'withdrawn', 'withdrawn_why'])
      .where('id', '=', scriptId)
      .orderBy('version')
      .forUpdate()
      .execute()

  async function history(at: Db | Tx, scriptId: string): Promise<ScriptHistory> {
    const versions = await at
      .selectFrom('script')
      .select(['version', 'published_at', 'withdrawn', 'withdrawn_at', 'withdrawn_why'])
      .where('id', '=', scriptId)
      .orderBy('version')
      .execute()
    const events = await at
      .selectFrom('script_event')
      .select(['at', 'action', 'version', 'by_name as by', 'why'])
      .where('script_id', '=', scriptId)
      .orderBy('id')
      .execute()
    if (versions.length === 0 && events.length === 0) throw new ProblemError('script/unknown')
    const inForce = versions.findLast(({ withdrawn }) => !withdrawn)?.version
    return {
      scriptId,
      versions: versions.map(({ version, published_at, withdrawn, withdrawn_at, withdrawn_why }) => ({
        version,
        publishedAt: published_at,
        inForce: version === inForce,
        withdrawn: withdrawn ? { at: withdrawn_at ?? published_at, why: withdrawn_why ?? '' } : null,
      })),
      events,
    }
  }

  return {
    history: (scriptId) => history(db, scriptId),

    withdraw: (scriptId, version, why, by) =>
      db.transaction().execute(async (tx) => {
        const found = (await versionsOf(tx, scriptId)).find((each) => each.version === version)
        if (!found) throw new ProblemError('script/unknown')
        if (found.withdrawn) {
          throw new ProblemError('script/withdrawn-already', `Why: ${found.withdrawn_why ?? 'not said'}`)
        }
        await withdrawAll(tx, scriptId, [version], why, by)
        log.info('script/withdrawn', { adviserId: by.id, version })
        return history(tx, scriptId)
      }),

    rollBack: (scriptId, to, why, by) =>
      db.transaction().execute(async (tx) => {
        const versions = await versionsOf(tx, scriptId)
        const target = versions.find(({ version }) => version === to)
        if (!target) throw new ProblemError('script/unknown')
        if (target.withdrawn) {
          throw new ProblemError(
            'script/withdrawn-already',
            'A version that was withdrawn stays so. Publish its text as a new version.',
          )
        }
        const later = versions.filter(({ version, withdrawn }) => version > to && !withdrawn)
        if (later.length === 0) throw new ProblemError('script/in-force-already')
        const at = new Date(clock.now()).toISOString()
        await tx
          .insertInto('script_event')
          .values({
            script_id: scriptId,
            version: to,
            action: 'rolled-back',
            adviser_id: by.id,
            by_name: by.name,
            at,
            why,
          })
          .execute()
        await withdrawAll(
          tx,
          scriptId,
          later.map(({ version }) => version),
          why,
          by,
        )
        log.info('script/rolled-back', { adviserId: by.id, version: to })
        return history(tx, scriptId)
      }),
  }
}
