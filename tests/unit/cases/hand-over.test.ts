import { describe, expect, it } from 'vitest'
import { draftHandedOver, draftHandedOverUnread, handOverOperation } from '#shared/cases/hand-over.ts'
import { newDraft } from '#shared/cases/new-draft.ts'
import type { Draft } from '#shared/contract/draft.ts'
import { type HandOver, type IdentityCheck, operation } from '#shared/contract/rest.ts'

const now = Date.parse('2026-11-03T10:10:00Z')
const random = { next: () => 0, uuid: () => '40000000-0000-4000-8000-000000000001' }
const check: IdentityCheck = {
  level: 'standard',
  method: 'name, address',
  at: '2026-11-03T10:04:00Z',
  until: '2026-11-03T10:49:00Z',
}
const draft = (change: Partial<Draft> = {}): Draft =>
  newDraft({
    contactId: '20000000-0000-4000-8000-000000000001',
    startedAt: now,
    channel: 'telephone',
    direction: 'inbound',
    residentId: 'resident-1',
    identity: check,
    caseId: 'case-1',
    saved: { at: now, fingerprint: '' },
    ...change,
  })
const sent = (of: Draft, reason = 'Wants a payment plan') => {
  const made = operation.parse(handOverOperation(of, reason, random, now))
  if (made.kind !== 'contact.hand-over') throw new Error(made.kind)
  return made.handOver
}
const from: HandOver = {
  contactId: 'c-1',
  at: '2026-11-03T10:10:00Z',
  by: 'Sam Rees',
  reason: 'Wants a payment plan',
  residentId: 'resident-1',
  caseId: 'case-1',
  identity: check,
  language: 'cy',
  assistance: 'relay',
}

describe('what goes along with a call that is passed on', () => {
  it('is the reason, whom it is about, the check, the case, the language and the help', () => {
    expect(sent(draft({ language: 'cy', assistance: 'relay' }), '  Wants a payment plan ')).toEqual({
      reason: 'Wants a payment plan',
      residentId: 'resident-1',
      caseId: 'case-1',
      identity: check,
      language: 'cy',
      assistance: 'relay',
    })
  })

  it('has no check that has run out, and no case that was never saved', () => {
    const over = { ...check, until: '2026-11-03T10:10:00Z' }
    expect(sent(draft({ identity: over, saved: null }))).toMatchObject({ identity: null, caseId: null })
    expect(sent(draft({ identity: { ...check, level: 'none' } })).identity).toBeNull()
  })

  it('has no more of a reason than the council takes', () => {
    expect(sent(draft(), 'x'.repeat(2_000)).reason).toHaveLength(1_000)
  })
})

describe('a call that a colleague passed on', () => {
  const fresh = newDraft({ contactId: 'c-2', startedAt: now, channel: 'telephone', direction: 'inbound' })

  it('begins with the resident, and the check as made by the colleague', () => {
    expect(draftHandedOver(fresh, from)).toMatchObject({
      contactId: 'c-2',
      residentId: 'resident-1',
      language: 'cy',
      assistance: 'relay',
      identity: { level: 'standard', handedOver: { by: 'Sam Rees' } },
      given: {
        residentId: 'resident-1',
        check: { ...check, handedOver: { by: 'Sam Rees', reason: 'Wants a payment plan' } },
      },
      handedOver: { contactId: 'c-1', by: 'Sam Rees', at: '2026-11-03T10:10:00Z' },
    })
  })

  it('passed on twice, is still the check of whoever made it', () => {
    const twice = { ...check, handedOver: { by: 'Nia Pugh', reason: 'Speaks Welsh' } }
    expect(draftHandedOver(fresh, { ...from, identity: twice }).given?.check.handedOver).toEqual({
      by: 'Nia Pugh',
      reason: 'Wants a payment plan',
    })
  })

  it('is with whoever the check was made with', () => {
    const others = { ...check, party: 'third-party', partyName: 'Alex Sample' } as const
    expect(draftHandedOver(fresh, { ...from, identity: others }).speaker).toEqual({
      party: 'third-party',
      name: 'Alex Sample',
    })
  })

  it('opens nothing when nobody was identified, or what went along cannot be read', () => {
    expect(draftHandedOver(fresh, { ...from, identity: null }).given).toBeNull()
    expect(draftHandedOverUnread(fresh, 'c-1')).toEqual({
      ...fresh,
      handedOver: { contactId: 'c-1', by: null, reason: '', at: null },
    })
  })
})
