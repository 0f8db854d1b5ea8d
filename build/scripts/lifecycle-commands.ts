import { readFile, writeFile } from 'node:fs/promises'
import { basename } from 'node:path'
import { z } from 'zod'
import type { ScriptDraft, ScriptHistory } from '#shared/contract/script-lifecycle.ts'
import { readScriptFile } from '#shared/guidance/script-file.ts'
import { Refusal, type ScriptService } from './script-service.ts'
import { hashOf, type SeenDrafts } from './seen-drafts.ts'

export interface CommandPorts {
  readonly service: ScriptService
  readonly seen: SeenDrafts
  readonly write: (text: string) => void
}

export interface CommandOptions {
  readonly approver?: string | undefined
  readonly why?: string | undefined
  readonly version?: number | undefined
  readonly to?: string | undefined
}

type Command = (ports: CommandPorts, what: string, options: CommandOptions) => Promise<void>

/** How a command was meant, when it was not understood. */
export class Usage extends Error {}

const npm = (rest: string) => `npm run scripts -- ${rest}`

export const commands: Readonly<Record<string, Command>> = {
  async draft({ service, seen, write }, file) {
    const text = await readFile(file, 'utf8')
    const scriptId = idOf(text) ?? basename(file, '.yaml')
    const draft = await saveUnlessChanged({ service, seen, write }, scriptId, text)
    await seen.saw(draft)
    write(findingsOf(draft, file))
    if (draft.findings.length > 0) return write('Kept as a draft. Mend this before you send it for review.')
    write(`Draft of ${scriptId}, version ${draft.version}. Nothing stands in its way.`)
    write(`Next: ${npm(`review ${scriptId} --approver NAME`)}`)
  },

  async show({ service, seen, write }, scriptId, { to }) {
    const draft = await service.draft(scriptId)
    await seen.saw(draft)
    const waits = draft.state === 'in-review' ? ` by ${draft.approver}` : ''
    write(
      `${scriptId}, version ${draft.version ?? '?'}: ${stateWords[draft.state]}${waits}. Written by ${draft.authors.join(', ')}.`,
    )
    if (to === undefined) write(draft.text)
    else {
      await writeFile(to, draft.text)
      write(`Its text is in ${to}.`)
    }
    write(findingsOf(draft, to ?? scriptId))
  },

  async review({ service, seen, write }, scriptId, { approver }) {
    if (approver === undefined) throw new Usage('Name an approver: --approver NAME')
    const draft = await service.review(scriptId, await lastSeen(seen, scriptId), approver)
    await seen.saw(draft)
    write(`Version ${draft.version} waits for ${draft.approver}.`)
  },

  async approve({ service, seen, write }, scriptId) {
    const draft = await service.approve(scriptId, await lastSeen(seen, scriptId))
    await seen.saw(draft)
    write(`Version ${draft.version} is approved. Next: ${npm(`publish ${scriptId}`)}`)
  },

  async return({ service, write }, scriptId, { why }) {
    const { revision } = await service.draft(scriptId)
    await service.giveBack(scriptId, revision, needed(why))
    write('It is back with its editors, with your note.')
  },

  async publish({ service, write }, scriptId) {
    const { revision } = await service.draft(scriptId)
    const version = await service.publish(scriptId, revision)
    write(`Version ${version} of ${scriptId} is in force. Desks have it at their next contact.`)
  },

  async withdraw({ service, write }, scriptId, { version, why }) {
    if (version === undefined) throw new Usage('Say which version: --version N')
    write(versionsOf(await service.withdraw(scriptId, version, needed(why))))
  },

  async 'roll-back'({ service, write }, scriptId, { to, why }) {
    const target = Number(to)
    if (!Number.isInteger(target) || target < 1) throw new Usage('Say to which version: --to N')
    write(versionsOf(await service.rollBack(scriptId, target, needed(why))))
  },

  async history({ service, write }, scriptId) {
    const history = await service.history(scriptId)
    const lines = history.events.map(({ at, action, version, by, why }) => {
      const what = `${actionWords[action]}${version === null ? '' : ` version ${version}`}`
      return `${at.slice(0, 16).replace('T', ' ')}  ${by} ${what}${why === null ? '' : `: ${why}`}`
    })
    write([...lines, '', versionsOf(history)].join('\n'))
  },

  async reports({ service, write }, scriptId) {
    const { reports } = await service.reports(scriptId)
    if (reports.length === 0) return write('No adviser has reported a step of this script.')
    for (const { at, by, version, stepId, comment } of reports) {
      write(`${at.slice(0, 16).replace('T', ' ')}  ${by}, version ${version}, step ${stepId}: ${comment}`)
    }
  },
}

/** A draft that only moved on, and has the words it had when it was last seen, is not somebody else's work. */
async function saveUnlessChanged(
  { service, seen }: CommandPorts,
  scriptId: string,
  text: string,
): Promise<ScriptDraft> {
  const known = await seen.of(scriptId)
  try {
    return await service.saveDraft(scriptId, text, known?.revision ?? 'none')
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    if (known && error.problem.code === 'draft/unknown') return service.saveDraft(scriptId, text, 'none')
    if (error.problem.code !== 'draft/changed') throw error
    const now = await service.draft(scriptId)
    if (known && hashOf(now.text) === known.textHash) return service.saveDraft(scriptId, text, now.revision)
    throw new Refusal({
      ...error.problem,
      detail: `${error.problem.detail ?? ''} ${npm(`show ${scriptId} --to theirs.yaml`)} gives you theirs.`,
    })
  }
}

async function lastSeen(seen: SeenDrafts, scriptId: string): Promise<number> {
  const known = await seen.of(scriptId)
  if (!known) throw new Usage(`Read the draft first: ${npm(`show ${scriptId}`)}`)
  return known.revision
}

function needed(why: string | undefined): string {
  if (why === undefined) throw new Usage('Say why: --why "…"')
  return why
}

const withId = z.looseObject({ id: z.string() })
const idOf = (text: string): string | undefined => withId.safeParse(readScriptFile(text).content).data?.id

const findingsOf = ({ findings }: ScriptDraft, file: string): string =>
  findings
    .map(
      ({ line, step, problem, fix }) =>
        `${file}:${line}:${step === null ? '' : ` step ${step}:`} ${problem}\n    ${fix}`,
    )
    .join('\n')

const stateWords = { draft: 'a draft', 'in-review': 'waits for approval', approved: 'approved' } as const

const actionWords = {
  drafted: 'saved a draft of',
  'sent-for-review': 'sent for review',
  returned: 'returned',
  approved: 'approved',
  published: 'published',
  withdrawn: 'withdrew',
  'rolled-back': 'rolled back to',
} as const

function versionsOf({ versions }: ScriptHistory): string {
  if (versions.length === 0) return 'No version was published.'
  const lines = versions.map(({ version, inForce, withdrawn }) => {
    if (withdrawn !== null) return `version ${version}  withdrawn: ${withdrawn.why}`
    return `version ${version}  ${inForce ? 'in force' : 'replaced'}`
  })
  const none = versions.some(({ inForce }) => inForce)
    ? []
    : ['No version is in force: nobody begins this script.']
  return [...lines, ...none].join('\n')
}
