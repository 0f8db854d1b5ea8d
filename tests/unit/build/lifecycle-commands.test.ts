import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { beforeEach, describe, expect, it } from 'vitest'
import { type CommandOptions, commands, Usage } from '#build/scripts/lifecycle-commands.ts'
import { Refusal, type ScriptService } from '#build/scripts/script-service.ts'
import { createSeenDrafts } from '#build/scripts/seen-drafts.ts'
import type { ScriptDraft } from '#shared/contract/script-lifecycle.ts'

/* What editors type, against a service that keeps one draft. */

const refusal = (code: string) => new Refusal({ type: 'about:blank', title: 'No', status: 409, code })

let folder: string
let kept: ScriptDraft | null
let said: string[]

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'scripts-cli-'))
  kept = null
  said = []
  return () => rm(folder, { recursive: true, force: true })
})

const draftOf = (text: string, revision: number, fields: Partial<ScriptDraft> = {}): ScriptDraft => ({
  scriptId: 'lost-key',
  revision,
  state: 'draft',
  version: 1,
  authors: ['Ash Calder'],
  approver: null,
  updatedAt: '2026-11-03T09:00:00Z',
  text,
  findings: [],
  ...fields,
})

/** By the revision alone, as the service does. */
function move(seen: number, fields: Partial<ScriptDraft>): ScriptDraft {
  if (!kept) throw refusal('draft/unknown')
  if (kept.revision !== seen) throw refusal('draft/changed')
  kept = { ...kept, ...fields, revision: seen + 1 }
  return kept
}

const service: ScriptService = {
  draft: async () => {
    if (!kept) throw refusal('draft/unknown')
    return kept
  },
  saveDraft: async (_, text, seen) => {
    if (seen !== 'none') return move(seen, { text, state: 'draft' })
    if (kept) throw refusal('draft/changed')
    kept = draftOf(text, 1)
    return kept
  },
  review: async (_, seen, approver) => move(seen, { state: 'in-review', approver }),
  approve: async (_, seen) => move(seen, { state: 'approved' }),
  giveBack: async (_, seen) => move(seen, { state: 'draft', approver: null }),
  publish: async (_, seen) => {
    move(seen, {})
    kept = null
    return 1
  },
  withdraw: async () => ({ scriptId: 'lost-key', versions: [], events: [] }),
  rollBack: async () => ({ scriptId: 'lost-key', versions: [], events: [] }),
  history: async () => ({ scriptId: 'lost-key', versions: [], events: [] }),
  reports: async () => ({ reports: [] }),
}

function as(who: string) {
  const seen = createSeenDrafts(join(folder, 'seen.json'), who)
  return (command: string, what: string, options: CommandOptions = {}) =>
    commands[command]?.({ service, seen, write: (text) => void said.push(text) }, what, options)
}

const file = async (text: string): Promise<string> => {
  const path = join(folder, 'lost-key.yaml')
  await writeFile(path, text)
  return path
}

describe('an editor at the command line', () => {
  it('goes from a file to a version in force', async () => {
    const ash = as('ash')
    const robin = as('robin')
    await ash('draft', await file('id: lost-key'))
    await ash('review', 'lost-key', { approver: 'robin' })
    await robin('show', 'lost-key', { to: join(folder, 'read.yaml') })
    expect(await readFile(join(folder, 'read.yaml'), 'utf8')).toBe('id: lost-key')
    await robin('approve', 'lost-key')
    await ash('publish', 'lost-key')
    expect(said.at(-1)).toBe('Version 1 of lost-key is in force. Desks have it at their next contact.')
    await ash('draft', await file('id: lost-key # again'))
    expect(kept?.text).toBe('id: lost-key # again')
  })

  it('never overwrites what somebody else wrote since, and says how to read it', async () => {
    const ash = as('ash')
    await ash('draft', await file('id: lost-key'))
    kept = draftOf('id: lost-key # by Lowri', 2)
    await expect(ash('draft', await file('id: lost-key # by Ash'))).rejects.toThrow(
      'npm run scripts -- show lost-key --to theirs.yaml gives you theirs.',
    )
    expect(kept.text).toBe('id: lost-key # by Lowri')
    await ash('show', 'lost-key', { to: join(folder, 'theirs.yaml') })
    await ash('draft', await file('id: lost-key # by both'))
    expect(kept.text).toBe('id: lost-key # by both')
  })

  it('changes a draft that was only returned meanwhile without reading it again', async () => {
    const ash = as('ash')
    await ash('draft', await file('id: lost-key'))
    await ash('review', 'lost-key', { approver: 'robin' })
    await as('robin')('return', 'lost-key', { why: 'Too long' })
    await ash('draft', await file('id: lost-key # shorter'))
    expect(kept?.text).toBe('id: lost-key # shorter')
  })

  it('approves what was read, and nothing else', async () => {
    const robin = as('robin')
    kept = draftOf('one', 1, { state: 'in-review' })
    await expect(robin('approve', 'lost-key')).rejects.toThrow(Usage)
    await robin('show', 'lost-key')
    kept = draftOf('two', 2, { state: 'in-review' })
    await expect(robin('approve', 'lost-key')).rejects.toMatchObject({ problem: { code: 'draft/changed' } })
  })

  it('is told in which line of the file a draft does not hold', async () => {
    const path = await file('id: lost-key')
    kept = draftOf('', 1)
    const ports = {
      service: { ...service, saveDraft: async () => faulty },
      write: (text: string) => void said.push(text),
    }
    const faulty = draftOf('', 2, {
      findings: [{ line: 7, step: 'start', problem: 'No end.', fix: 'Add one.' }],
    })
    await commands.draft?.({ ...ports, seen: createSeenDrafts(join(folder, 'seen.json'), 'ash') }, path, {})
    expect(said[0]).toBe(`${path}:7: step start: No end.\n    Add one.`)
  })

  it.each([
    ['withdraw', {}],
    ['withdraw', { version: 1 }],
    ['roll-back', { why: 'because' }],
    ['return', {}],
    ['review', {}],
  ])('must say what %s needs', async (command, options) => {
    kept = draftOf('', 1)
    await expect(as('ash')(command, 'lost-key', options)).rejects.toThrow(Usage)
  })
})
