import type { Adviser } from '#shared/contract/rest.ts'
import type { ScriptAction, ScriptDraft } from '#shared/contract/script-lifecycle.ts'
import type { Clock } from '#shared/kernel/clock.ts'
import type { Log } from '#shared/kernel/log.ts'
import type { Database, Db, Tx } from './database/schema.ts'
import { ProblemError } from './http/problems.ts'
import { sourceHashOf, testFactsOf } from './publish-scripts.ts'
import { publishVersion, sealed } from './publish-version.ts'
import { type CheckedText, checkText } from './script-check.ts'
import { readLibrary, type ScriptLibrary } from './script-library.ts'

/** Which revision of a draft somebody has seen; `none` when there was no draft. */
export type Seen = number | 'none'

/** Drafts of scripts on their way to being published. Whatever may not be done is thrown as a problem. */
export interface ScriptDrafts {
  read(scriptId: string): Promise<ScriptDraft>
  /** A draft that was approved, or waits for that, is a draft again. */
  save(scriptId: string, text: string, seen: Seen, editor: Adviser): Promise<ScriptDraft>
  sendForReview(scriptId: string, seen: Seen, approver: string, editor: Adviser): Promise<ScriptDraft>
  approve(scriptId: string, seen: Seen, approver: Adviser): Promise<ScriptDraft>
  giveBack(scriptId: string, seen: Seen, why: string, approver: Adviser): Promise<ScriptDraft>
  /** Proved once more, against the parts as they are now, and in force at once. */
  publish(scriptId: string, seen: Seen, by: Adviser): Promise<{ version: number }>
}

export interface ScriptDraftsOptions {
  readonly db: Db
  readonly scriptsFolder: string
  readonly clock: Clock
  readonly log: Log
}

type DraftRow = Database['script_draft']
/** As Kysely selects it. */
type Draft = Omit<DraftRow, 'author_ids'> & { readonly author_ids: string[] }

export function createScriptDrafts({ db, scriptsFolder, clock, log }: ScriptDraftsOptions): ScriptDrafts {
  const now = () => new Date(clock.now()).toISOString()
  const library = () => readLibrary(scriptsFolder)

  const note = (
    tx: Tx,
    by: Adviser,
    event: { scriptId: string; version: number | null; action: ScriptAction; why?: string },
  ) =>
    tx
      .insertInto('script_event')
      .values({
        script_id: event.scriptId,
        version: event.version,
        action: event.action,
        adviser_id: by.id,
        by_name: by.name,
        at: now(),
        why: event.why ?? null,
      })
      .execute()

  async function answer(at: Db | Tx, draft: Draft, checked: CheckedText): Promise<ScriptDraft> {
    const names = await namesOf(at, [...draft.author_ids, ...(draft.approver_id ? [draft.approver_id] : [])])
    return {
      scriptId: draft.script_id,
      revision: draft.revision,
      state: draft.state,
      version: draft.version,
      authors: draft.author_ids.map((id) => names.get(id) ?? id),
      approver: draft.approver_id === null ? null : (names.get(draft.approver_id) ?? draft.approver_id),
      updatedAt: draft.updated_at,
      text: draft.text,
      findings: [...checked.findings],
    }
  }

  /** The draft for changing, when it is the one that was seen. */
  async function seenDraft(tx: Tx, scriptId: string, seen: Seen): Promise<Draft> {
    const draft = await find(tx, scriptId).forUpdate().executeTakeFirst()
    if (!draft) throw new ProblemError('draft/unknown')
    if (draft.revision !== seen) throw await changedMeanwhile(tx, draft)
    return draft
  }

  /** A step of a draft that is all right as it stands. */
  async function step(
    scriptId: string,
    seen: Seen,
    by: Adviser,
    take: (tx: Tx, draft: Draft, checked: CheckedText) => Promise<Step>,
  ): Promise<ScriptDraft> {
    const { parts } = await library()
    return db.transaction().execute(async (tx) => {
      const draft = await seenDraft(tx, scriptId, seen)
      const checked = checkText(draft.text, parts, await highestVersion(tx, scriptId))
      const { action, why, ...fields } = await take(tx, draft, checked)
      const next: Draft = { ...draft, ...fields, revision: draft.revision + 1, updated_at: now() }
      await tx
        .updateTable('script_draft')
        .set({ ...next, author_ids: JSON.stringify(next.author_ids) })
        .where('script_id', '=', scriptId)
        .execute()
      await note(tx, by, { scriptId, version: draft.version, action, ...(why === undefined ? {} : { why }) })
      log.info('script/draft-moved', { action, adviserId: by.id })
      return answer(tx, next, checked)
    })
  }

  return {
    read: async (scriptId) => {
      const draft = await find(db, scriptId).executeTakeFirst()
      if (!draft) throw new ProblemError('draft/unknown')
      const checked = checkText(draft.text, (await library()).parts, await highestVersion(db, scriptId))
      return answer(db, draft, checked)
    },

    save: async (scriptId, text, seen, editor) => {
      if (text.includes('\0'))
        throw new ProblemError('request/invalid', 'The text holds characters of no text')
      const { parts } = await library()
      return db.transaction().execute(async (tx) => {
        const checked = checkText(text, parts, await highestVersion(tx, scriptId))
        if (checked.id !== null && checked.id !== scriptId) {
          throw new ProblemError('draft/another-script', `It says id: ${checked.id}.`)
        }
        const before =
          seen === 'none'
            ? await find(tx, scriptId).forUpdate().executeTakeFirst()
            : await seenDraft(tx, scriptId, seen)
        if (before && seen === 'none') throw await changedMeanwhile(tx, before)
        const draft: Draft = {
          script_id: scriptId,
          revision: before ? before.revision + 1 : await firstRevision(tx, scriptId),
          state: 'draft',
          version: checked.version,
          text,
          author_ids: [...new Set([...(before?.author_ids ?? []), editor.id])],
          approver_id: null,
          approved_hash: null,
          updated_at: now(),
        }
        const row = { ...draft, author_ids: JSON.stringify(draft.author_ids) }
        if (before) await tx.updateTable('script_draft').set(row).where('script_id', '=', scriptId).execute()
        else {
          const added = await tx
            .insertInto('script_draft')
            .values(row)
            .onConflict((conflict) => conflict.doNothing())
            .returning('script_id')
            .executeTakeFirst()
          if (!added) throw await changedMeanwhile(tx, await find(tx, scriptId).executeTakeFirstOrThrow())
        }
        await note(tx, editor, { scriptId, version: checked.version, action: 'drafted' })
        log.info('script/drafted', { adviserId: editor.id, findings: checked.findings.length })
        return answer(tx, draft, checked)
      })
    },

    sendForReview: (scriptId, seen, approverName, editor) =>
      step(scriptId, seen, editor, async (tx, draft, checked) => {
        refuseFindings(checked)
        const approver = await approverNamed(tx, approverName)
        if (draft.author_ids.includes(approver.id)) throw new ProblemError('approver/is-author')
        const why = `Approver: ${approver.name}`
        return {
          action: 'sent-for-review',
          state: 'in-review',
          approver_id: approver.id,
          approved_hash: null,
          why,
        }
      }),

    approve: (scriptId, seen, approver) =>
      step(scriptId, seen, approver, async (_, draft, checked) => {
        mustBeNamed(draft, approver)
        return { action: 'approved', state: 'approved', approved_hash: sealed(refuseFindings(checked)).hash }
      }),

    giveBack: (scriptId, seen, why, approver) =>
      step(scriptId, seen, approver, async (_, draft) => {
        mustBeNamed(draft, approver)
        return { action: 'returned', state: 'draft', approver_id: null, approved_hash: null, why }
      }),

    publish: async (scriptId, seen, by) => {
      const current: ScriptLibrary = await library()
      return db.transaction().execute(async (tx) => {
        const draft = await seenDraft(tx, scriptId, seen)
        if (draft.state !== 'approved') throw new ProblemError('draft/not-approved', stateSays(draft))
        await refuseTaken(tx, scriptId, draft.version)
        const checked = checkText(draft.text, current.parts, await highestVersion(tx, scriptId))
        const script = refuseFindings(checked)
        if (sealed(script).hash !== draft.approved_hash) throw new ProblemError('draft/parts-changed')
        const outcome = await publishVersion(tx, {
          script,
          sourceHash: sourceHashOf(current.partsHash, draft.text),
          testFacts: testFactsOf(checked.content),
          by: { adviserId: by.id, name: by.name },
          at: now(),
        })
        if (outcome !== 'published') throw new ProblemError('script/version-taken')
        await tx.deleteFrom('script_draft').where('script_id', '=', scriptId).execute()
        log.info('script/published-by-editor', { adviserId: by.id, version: script.version })
        return { version: script.version }
      })
    },
  }
}

type Step = Partial<Pick<Draft, 'state' | 'approver_id' | 'approved_hash'>> & {
  readonly action: ScriptAction
  readonly why?: string
}

const find = (at: Db | Tx, scriptId: string) =>
  at.selectFrom('script_draft').selectAll().where('script_id', '=', scriptId)

/** Of the versions published, also of those withdrawn; 0 when there is none. */
async function highestVersion(at: Db | Tx, scriptId: string): Promise<number> {
  const found = await at
    .selectFrom('script')
    .select(({ fn }) => fn.max('version').as('highest'))
    .where('id', '=', scriptId)
    .executeTakeFirst()
  return found?.highest ?? 0
}

/** Above every revision that a draft of this script ever had: each of them left an event, and events are counted on. */
async function firstRevision(tx: Tx, scriptId: string): Promise<number> {
  const found = await tx
    .selectFrom('script_event')
    .select(({ fn }) => fn.countAll<number>().as('events'))
    .where('script_id', '=', scriptId)
    .executeTakeFirst()
  return Number(found?.events ?? 0) + 1
}

async function namesOf(at: Db | Tx, ids: readonly string[]): Promise<ReadonlyMap<string, string>> {
  const rows = await at.selectFrom('adviser').select(['id', 'name']).where('id', 'in', ids).execute()
  return new Map(rows.map(({ id, name }) => [id, name]))
}

async function approverNamed(tx: Tx, nameOrUsername: string): Promise<{ id: string; name: string }> {
  const wanted = nameOrUsername.trim().toLowerCase()
  const rows = await tx.selectFrom('adviser').select(['id', 'name', 'username', 'roles']).execute()
  const approvers = rows.filter(({ roles }) => roles.includes('approver'))
  const found = approvers.find(({ name, username }) => [name.toLowerCase(), username].includes(wanted))
  if (found) return found
  throw new ProblemError(
    'approver/unknown',
    `Approvers are ${approvers.map(({ name, username }) => `${name} (${username})`).join(', ')}.`,
  )
}

async function changedMeanwhile(tx: Tx, draft: Draft): Promise<ProblemError> {
  const last = await tx
    .selectFrom('script_event')
    .select(['by_name', 'at'])
    .where('script_id', '=', draft.script_id)
    .orderBy('id', 'desc')
    .executeTakeFirst()
  return new ProblemError(
    'draft/changed',
    `${last?.by_name ?? 'Somebody'} did, at ${(last?.at ?? draft.updated_at).slice(0, 16).replace('T', ' ')} UTC. Read the draft, put your change into it and send that. Nothing was overwritten.`,
    { etag: `"${draft.revision}"` },
  )
}

function refuseFindings({ findings, script }: CheckedText) {
  const [first] = findings
  if (script) return script
  const rest = findings.length > 1 ? ` And ${findings.length - 1} more.` : ''
  throw new ProblemError(
    'draft/has-findings',
    first && `Line ${first.line}: ${first.problem} ${first.fix}${rest}`,
  )
}

async function refuseTaken(tx: Tx, scriptId: string, version: number | null): Promise<void> {
  if (version === null) return
  const taken = await tx
    .selectFrom('script')
    .select('version')
    .where('id', '=', scriptId)
    .where('version', '=', version)
    .executeTakeFirst()
  if (taken) throw new ProblemError('script/version-taken', `Version ${version} stays as it was published.`)
}

function mustBeNamed(draft: Draft, approver: Adviser): void {
  if (draft.state !== 'in-review') throw new ProblemError('draft/not-in-review', stateSays(draft))
  if (draft.approver_id !== approver.id) throw new ProblemError('approver/another')
  // The draft cannot have been changed since, but who may approve is not left to one place.
  if (draft.author_ids.includes(approver.id)) throw new ProblemError('approver/is-author')
}

const stateSays = ({ state }: Draft): string =>
  ({
    draft: 'It is a draft that nobody has sent for review.',
    'in-review': 'It waits for its approver.',
    approved: 'It is approved; publish it, or change it first.',
  })[state]
