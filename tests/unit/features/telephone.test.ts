import { describe, expect, it } from 'vitest'
import { beginCallback } from '#renderer/desk/begin-callback.ts'
import { createTelephoneStore } from '#renderer/features/calls/telephone.ts'
import type { Draft } from '#shared/contract/draft.ts'
import type { Callback, Operation } from '#shared/contract/rest.ts'
import { type AppError, appError } from '#shared/kernel/app-error.ts'
import { err, ok } from '#shared/kernel/result.ts'

const callback: Callback = {
  id: 'callback-1',
  version: 1,
  updatedAt: '2026-11-03T09:00:00Z',
  number: '+441632960171',
  name: 'Mrs Raman',
  reason: 'When is the bin collected?',
  residentId: 'resident-1',
  caseId: 'case-1',
  contactId: 'contact-1',
  dueFrom: '2026-11-03T14:00:00Z',
  dueBy: '2026-11-03T16:00:00Z',
  assignedTo: null,
  queueId: 'waste',
  status: 'due',
  closedAt: null,
}

function telephone(refusal: AppError | null = null) {
  const saved: Operation[] = []
  let read = 0
  const store = createTelephoneStore({
    records: {
      directory: async () => err(appError('cases/council-unreachable', 'later')),
      callHistory: async () => ok({ calls: [], asAt: 7 }),
      callbacksDue: async () => {
        read += 1
        return [callback]
      },
      save: async (operations) => {
        if (refusal !== null) return err(refusal)
        saved.push(...operations)
        return ok({ savedAt: 0 })
      },
    },
    random: { next: () => 0, uuid: () => '00000000-0000-4000-8000-000000000001' },
    now: () => Date.parse('2026-11-03T10:00:00Z'),
    reports: async () => [],
    adviserId: () => 'adviser-sam',
    beginCallback: async () => 'contact-2',
  })
  return { store, saved, reads: () => read }
}

describe('promised calls', () => {
  it('are saved for the adviser or for anyone of the queue, and read again', async () => {
    const { store, saved, reads } = telephone()
    const { number, name, reason, residentId, caseId, contactId, queueId, dueFrom, dueBy } = callback
    const promise = { number, name, reason, residentId, caseId, contactId, queueId, dueFrom, dueBy }
    expect(await store.getState().savePromise({ ...promise, mine: true })).toBe(true)
    await store.getState().savePromise({ ...promise, mine: false })
    expect(saved).toMatchObject([
      { kind: 'callback.save', fields: { number, dueBy, status: 'due', assignedTo: 'adviser-sam' } },
      { kind: 'callback.save', fields: { assignedTo: null } },
    ])
    expect(reads()).toBe(2)
  })

  it('are done, or given up with a reason that is kept with what they were about', async () => {
    const { store, saved } = telephone()
    await store.getState().closePromise(callback, { name: 'done' })
    await store.getState().closePromise(callback, { name: 'given-up', why: 'tried three times' })
    expect(saved).toMatchObject([
      { callbackId: 'callback-1', fields: { status: 'done', closedAt: '2026-11-03T10:00:00.000Z' } },
      {
        fields: {
          status: 'given-up',
          reason: 'When is the bin collected?\nGiven up: tried three times',
        },
      },
    ])
  })

  it('that could not be saved say so until the dialog is opened again', async () => {
    const { store } = telephone(appError('cases/store-failed', 'later'))
    expect(await store.getState().closePromise(callback, { name: 'done' })).toBe(false)
    expect(store.getState().saveError?.code).toBe('cases/store-failed')
    store.getState().open({ name: 'calls', tab: 'promised' })
    expect(store.getState().saveError).toBeNull()
  })

  it('go on in a contact of their own, with the resident and the words at hand', async () => {
    const kept: Draft[] = []
    const contactId = await beginCallback(
      callback,
      { putDraft: async (draft) => void kept.push(draft) },
      { next: () => 0, uuid: () => 'contact-2' },
      5,
    )
    expect(contactId).toBe('contact-2')
    expect(kept).toMatchObject([
      {
        contactId: 'contact-2',
        direction: 'outbound',
        residentId: 'resident-1',
        queueId: 'waste',
        identity: null,
        typed: { note: 'Promised call: When is the bin collected?' },
      },
    ])
  })
})

describe('what is looked up', () => {
  it('says when the directory cannot be read, and shows earlier calls all the same', async () => {
    const { store } = telephone()
    store.getState().open({ name: 'calls', tab: 'recent' })
    await store.getState().refresh()
    expect(store.getState().directoryError?.code).toBe('cases/council-unreachable')
    expect(store.getState().history).toEqual({ calls: [], asAt: 7 })
  })
})
