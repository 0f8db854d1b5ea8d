import { describe, expect, it } from 'vitest'
import { createUnsentStore, type UnsentPorts } from '#renderer/features/sync/unsent-store.ts'
import type { UnsentOperation } from '#shared/contract/records.ts'
import type { Operation } from '#shared/contract/rest.ts'
import { appError } from '#shared/kernel/app-error.ts'
import { err, ok } from '#shared/kernel/result.ts'
import { at, caseChanged, caseMade, contactSaved, note, row, uuid } from './unsent.ts'

/** The worker's outbox, in memory; `full` makes every save fail. */
function opened(rows: readonly UnsentOperation[]) {
  let outbox = [...rows]
  const disk = { full: false, files: [] as string[] }
  let made = 50
  const save = (operations: readonly Operation[]) => {
    if (disk.full) return err(appError('cases/store-failed', 'now'))
    outbox = [...outbox, ...operations.map((operation) => row(operation))]
    return ok({ savedAt: 0 })
  }
  const discard = (id: string) => {
    outbox = outbox.filter(({ operation }) => operation.id !== id)
  }
  const records: UnsentPorts['records'] = {
    unsent: async () => outbox,
    save: async (operations) => save(operations),
    discard: async (id) => discard(id),
    putDecision: async (id, decision) => {
      outbox = outbox.map((each) => (each.operation.id === id ? { ...each, decision } : each))
    },
    replace: async (id, operations) => {
      const saved = save(operations)
      if (saved.ok) discard(id)
      return saved
    },
    syncNow: async () => {},
    caseView: async (id) => ({
      record: {
        ...(caseMade.kind === 'case.create' ? caseMade.record : raise()),
        id,
        version: 9,
        updatedAt: at,
        reference: 'MB-1',
      },
      timeline: [],
      pending: false,
    }),
    residentView: async () => null,
  }
  const store = createUnsentStore({
    records,
    random: { next: () => 0, uuid: () => uuid(made++) },
    now: () => Date.parse(at),
    me: () => null,
    writeFile: async (text) => {
      disk.files.push(text)
      return ok({ folder: '/home/adviser', file: 'work.txt' })
    },
  })
  store.setState({ shown: true })
  return { store, disk, operations: () => outbox.map(({ operation }) => operation) }
}

const raise = (): never => {
  throw new Error('not a case')
}
const clashing = row(caseChanged, {
  standing: {
    name: 'conflict',
    fields: [{ field: 'status', mine: 'in-progress', theirs: 'closed', by: 'Nia', at }],
    confirmed: true,
  },
})
const refused = row(note, {
  standing: { name: 'refused', problem: { type: 'about:blank', title: 'No', status: 422 } },
})

describe('the list of what is not sent', () => {
  it('shows first what has to be decided', async () => {
    const { store } = opened([row(contactSaved), refused])
    await store.getState().refresh()
    expect(store.getState().chosenId).toBe(note.id)
  })

  it('stays on the change that is read while others go out', async () => {
    const { store } = opened([row(contactSaved), row(note)])
    store.getState().choose(note.id)
    await store.getState().refresh()
    await store.getState().discard(contactSaved.id)
    expect(store.getState().chosenId).toBe(note.id)
  })

  it('sends a decision on the newest version in place of the clash', async () => {
    const { store, operations } = opened([clashing])
    await store.getState().refresh()
    store.getState().setChoice(caseChanged.id, 'status', { name: 'mine' })
    expect(await store.getState().decide(caseChanged.id)).toBe(true)
    expect(operations()).toMatchObject([
      { kind: 'case.change', baseVersion: 9, change: { status: 'in-progress' } },
    ])
    expect(operations()[0]?.id).not.toBe(caseChanged.id)
  })

  it('keeps the clash and what was chosen when the decision could not be saved', async () => {
    const { store, disk, operations } = opened([clashing])
    await store.getState().refresh()
    store.getState().setChoice(caseChanged.id, 'status', { name: 'mine' })
    disk.full = true
    expect(await store.getState().decide(caseChanged.id)).toBe(false)
    expect(operations()).toEqual([caseChanged])
    expect(store.getState().error?.code).toBe('cases/store-failed')
    expect(store.getState().decisions[caseChanged.id]?.choices).toEqual({ status: { name: 'mine' } })
  })

  it('sends a refused change again with the words put right', async () => {
    const { store, operations } = opened([refused])
    await store.getState().refresh()
    store.getState().edit(note.id, 'entry.text', 'Side gate is shut.')
    await store.getState().sendAgain(note.id)
    expect(operations()).toMatchObject([{ kind: 'timeline.append', entry: { text: 'Side gate is shut.' } }])
  })

  it('shows what was begun to be decided before the list was closed, and forgets it with what it was about', async () => {
    const { store } = opened([clashing, refused])
    await store.getState().refresh()
    store.getState().setChoice(caseChanged.id, 'status', { name: 'other', value: 'closed' })
    store.getState().edit(note.id, 'entry.text', 'Side gate is')
    store.getState().close()
    store.getState().open()
    await expect
      .poll(() => store.getState().decisions)
      .toEqual({
        [caseChanged.id]: { choices: { status: { name: 'other', value: 'closed' } }, edits: {} },
        [note.id]: { choices: {}, edits: { 'entry.text': 'Side gate is' } },
      })
    await store.getState().sendAgain(note.id)
    expect(store.getState().decisions[note.id]).toBeUndefined()
  })

  it('brings a discarded case back whole and in order, with what only named it', async () => {
    const before = [caseMade, contactSaved, caseChanged, note]
    const { store, operations } = opened(before.map((operation) => row(operation)))
    await store.getState().refresh()
    await store.getState().discard(caseMade.id)
    expect(operations()).toMatchObject([
      { kind: 'contact.save', fields: { caseId: null } },
      { kind: 'timeline.append', entry: { caseId: null } },
    ])
    await store.getState().undo()
    expect(operations()).toEqual(before)
    expect(store.getState().undoable).toBeNull()
  })

  it('writes all of it to a file and takes nothing off the list', async () => {
    const { store, disk, operations } = opened([row(note)])
    await store.getState().refresh()
    await store.getState().exportAll()
    expect(disk.files[0]).toContain('is open.')
    expect(store.getState().exportedTo).toBe('/home/adviser/work.txt')
    expect(operations()).toEqual([note])
  })
})
