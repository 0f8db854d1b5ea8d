import { describe, expect, it } from 'vitest'
import { createStore } from 'zustand/vanilla'
import { followRisk } from '#renderer/desk/risk-calls.ts'
import type { ContactStore } from '#renderer/features/cases/index.ts'
import { createRiskStore, type RiskPorts } from '#renderer/features/risk/risk-store.ts'
import { newDraft } from '#shared/cases/new-draft.ts'
import type { Draft } from '#shared/contract/draft.ts'
import { createFakeRecords } from '#tests/support/fake-records.ts'

const begunAt = Date.parse('2026-11-03T10:04:00Z')

function draftOf(contactId: string, risk: Draft['risk']): Draft {
  const draft = newDraft({ contactId, startedAt: begunAt, channel: 'telephone', direction: 'inbound' })
  return { ...draft, risk }
}

/** A desk that has just been loaded, with nothing in hand. */
function loadedDesk() {
  const fake = createFakeRecords({ scripts: {} })
  const ports = {
    records: { ...fake, alert: async () => ({ ok: true, value: null }) },
    contact: async () => null,
  } as unknown as RiskPorts
  const risk = createRiskStore(ports)
  const contact = createStore(() => ({ draft: null, unfinished: [] as readonly Draft[] }))
  const calls = createStore(() => ({ snapshot: null }))
  followRisk({ calls, contact: contact as unknown as ContactStore, risk } as unknown as Parameters<
    typeof followRisk
  >[0])
  return { contact, risk }
}

describe('a desk that was loaded again', () => {
  it('takes up the open record of a contact that is not in hand', () => {
    const { contact, risk } = loadedDesk()
    const open = { begunAt, toldAt: null, endedAt: null }
    contact.setState({ unfinished: [draftOf('other', null), draftOf('between-calls', open)] })
    expect(risk.getState()).toMatchObject({ contactId: 'between-calls', record: open })
  })

  it('leaves a record alone that was closed', () => {
    const { contact, risk } = loadedDesk()
    contact.setState({ unfinished: [draftOf('over', { begunAt, toldAt: null, endedAt: begunAt + 1 })] })
    expect(risk.getState().contactId).toBeNull()
  })
})
