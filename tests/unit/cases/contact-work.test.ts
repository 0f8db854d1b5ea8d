import { describe, expect, it } from 'vitest'
import { type GuidedWork, noteOperation, planSave, workFingerprint } from '#shared/cases/contact-work.ts'
import { newDraft } from '#shared/cases/new-draft.ts'
import type { Draft } from '#shared/contract/draft.ts'
import { type CaseRecord, operation } from '#shared/contract/rest.ts'
import type { Random } from '#shared/kernel/random.ts'

const at = '2026-11-03T10:00:00.000Z'

function countingRandom(): Random {
  let count = 0
  return { next: () => 0, uuid: () => `00000000-0000-4000-8000-${String(++count).padStart(12, '0')}` }
}

const draft: Draft = newDraft({
  contactId: 'contact-1',
  startedAt: Date.parse(at),
  callId: 'call-1',
  direction: 'inbound',
  queueId: 'waste',
  residentId: 'resident-1',
  identity: { level: 'standard', method: 'name and address', at },
  run: { scriptId: 'missed-bin', scriptVersion: 3, startedAt: at, answers: [] },
  channel: 'telephone',
})

const guided: GuidedWork = {
  service: { lgsl: 524, lgil: 17, name: 'Missed bin' },
  subject: 'Missed bin: recycling',
  status: 'open',
  fields: { binType: 'recycling' },
  wantsCase: true,
}

const existing: CaseRecord = {
  id: 'case-1',
  version: 4,
  updatedAt: at,
  openedAt: at,
  reference: 'WR-1',
  residentId: 'resident-1',
  serviceCode: 524,
  interactionCode: 17,
  serviceName: 'Missed bin',
  subject: 'Missed bin: recycling',
  status: 'open',
  queueId: 'waste',
  assignedTo: null,
  fields: { binType: 'recycling', colour: 'green' },
}

const plan = (work: Partial<Parameters<typeof planSave>[0]>) =>
  planSave({ draft, guided, existing: null, at, ...work }, countingRandom())

describe('saving the work on a contact', () => {
  it('makes the case before the contact that names it', () => {
    const { operations, caseId } = plan({})
    expect(operations.map((each) => each.kind)).toEqual(['case.create', 'contact.save'])
    const [made, contact] = operations
    expect(made).toMatchObject({ caseId, record: { subject: 'Missed bin: recycling', serviceCode: 524 } })
    expect(contact).toMatchObject({ fields: { caseId, residentId: 'resident-1', callId: 'call-1' } })
  })

  it('sends only operations that follow the contract', () => {
    const all = [
      ...plan({}).operations,
      ...plan({ existing, guided: { ...guided, subject: 'New' } }).operations,
    ]
    for (const each of all) expect(operation.safeParse(each).success).toBe(true)
    expect(operation.safeParse(noteOperation(draft, 'note', 'Words', at, countingRandom())).success).toBe(
      true,
    )
  })

  it('makes no case when the outcome wants none', () => {
    const { operations, caseId } = plan({ guided: { ...guided, wantsCase: false } })
    expect(operations.map((each) => each.kind)).toEqual(['contact.save'])
    expect(caseId).toBeNull()
  })

  it('makes a case before any outcome once there is something to keep, and none before', () => {
    expect(plan({ guided: { ...guided, wantsCase: null } }).caseId).not.toBeNull()
    expect(plan({ guided: { ...guided, wantsCase: null, fields: {} } }).caseId).toBeNull()
  })

  it('changes only the fields that differ, on the version the adviser saw', () => {
    const { operations } = plan({ existing, guided: { ...guided, fields: { binType: 'food' } } })
    expect(operations[0]).toMatchObject({
      kind: 'case.change',
      caseId: 'case-1',
      baseVersion: 4,
      change: { fields: { binType: 'food' } },
    })
    expect(operations[0]).not.toHaveProperty('change.subject')
  })

  it('leaves a case alone that says all of it already', () => {
    expect(plan({ existing }).operations.map((each) => each.kind)).toEqual(['contact.save'])
  })

  it('closes a case made on the way when the outcome turns out to want none', () => {
    const { operations } = plan({ existing, guided: { ...guided, wantsCase: false } })
    expect(operations[0]).toMatchObject({ kind: 'case.change', change: { status: 'closed' } })
  })

  it('leaves a case that came with the call as it is under the script of another service, which makes its own', () => {
    const passedOn: CaseRecord = { ...existing, openedAt: '2026-10-20T09:00:00.000Z', serviceCode: 57 }
    const { operations, caseId } = plan({ draft: { ...draft, caseId: 'case-1' }, existing: passedOn })
    expect(operations.map((each) => each.kind)).toEqual(['case.create', 'contact.save'])
    expect(caseId).not.toBe('case-1')
    const told = plan({ existing: passedOn, guided: { ...guided, wantsCase: false } })
    expect(told.operations.map((each) => each.kind)).toEqual(['contact.save'])
    expect(told.caseId).toBe('case-1')
  })

  it('goes on with an earlier case of the same service, and leaves its status to an outcome', () => {
    const earlier: CaseRecord = { ...existing, openedAt: '2026-10-20T09:00:00.000Z', status: 'in-progress' }
    const changed = (wantsCase: boolean | null) =>
      plan({ existing: earlier, guided: { ...guided, fields: { binType: 'food' }, wantsCase } }).operations[0]
    for (const wantsCase of [null, false])
      expect(changed(wantsCase)).toMatchObject({ change: { fields: { binType: 'food' } } })
    for (const wantsCase of [null, false]) expect(changed(wantsCase)).not.toHaveProperty('change.status')
    expect(changed(true)).toMatchObject({ caseId: 'case-1', change: { status: 'open' } })
  })

  it('never makes a second case while the first cannot be shown', () => {
    const { operations, caseId } = plan({ draft: { ...draft, caseId: 'case-1' } })
    expect(operations.map((each) => each.kind)).toEqual(['contact.save'])
    expect(caseId).toBe('case-1')
  })

  it('keeps the case of the contact when there is no script', () => {
    const { operations, caseId } = plan({ guided: null, existing })
    expect(caseId).toBe('case-1')
    expect(operations).toHaveLength(1)
  })

  it('tells changed work from saved work, and ignores half-typed words', () => {
    const before = workFingerprint(draft, guided)
    expect(workFingerprint({ ...draft, typed: { note: 'half' }, updatedAt: 9 }, guided)).toBe(before)
    expect(workFingerprint({ ...draft, disposition: 'resolved' }, guided)).not.toBe(before)
    expect(workFingerprint(draft, { ...guided, fields: { binType: 'food' } })).not.toBe(before)
  })
})
