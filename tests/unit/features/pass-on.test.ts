import { describe, expect, it } from 'vitest'
import { passOn } from '#renderer/features/calls/pass-on.ts'
import { createCallsStore } from '#renderer/features/calls/store.ts'
import { createTelephoneStore } from '#renderer/features/calls/telephone.ts'
import type { PhoneCommand } from '#shared/contract/phone.ts'
import { ok } from '#shared/kernel/result.ts'
import { lineId, sampleLine, sampleSnapshot } from './phone-samples.ts'

const line = sampleLine({ id: lineId(1) })
const transfer = {
  name: 'transfer',
  lineId: line.id,
  target: { kind: 'internal', user: 'housing' },
} as const

function desk(contactInHand: string | null) {
  const commands: PhoneCommand[] = []
  const reasons: string[] = []
  const calls = createCallsStore({
    subscribe: () => () => {},
    snapshot: () => sampleSnapshot({ lines: [line] }),
    execute: async (command) => {
      commands.push(command)
      return ok(null)
    },
  })
  const telephone = createTelephoneStore({
    records: {
      directory: async () => ok({ asAt: '2026-11-03T10:00:00Z', entries: [] }),
      callHistory: async () => ok({ calls: [], asAt: 0 }),
      callbacksDue: async () => [],
      save: async () => ok({ savedAt: 0 }),
    },
    random: { next: () => 0, uuid: () => lineId(9) },
    now: () => 0,
    reports: async () => [],
    adviserId: () => null,
    beginCallback: async () => lineId(9),
    handOver: {
      contactId: () => contactInHand,
      save: async (reason) => {
        reasons.push(reason)
        return true
      },
    },
  })
  return { calls, telephone, commands, reasons }
}

describe('passing a call on', () => {
  it('asks for the reason first when its contact is in hand, and carries the contact', async () => {
    const { calls, telephone, commands, reasons } = desk(line.contactId)
    expect(await passOn(calls, telephone, transfer, 'Housing')).toBe(true)
    expect(commands).toEqual([])
    expect(telephone.getState().panel).toEqual({
      name: 'pass-on',
      command: { ...transfer, contactId: line.contactId },
      to: 'Housing',
    })
    expect(await telephone.getState().saveHandOver('Wants a repair')).toBe(true)
    expect(reasons).toEqual(['Wants a repair'])
  })

  it('goes at once with nothing along when another contact is in hand', async () => {
    const { calls, telephone, commands } = desk(null)
    expect(await passOn(calls, telephone, transfer, 'Housing')).toBe(true)
    expect(commands).toEqual([transfer])
    expect(telephone.getState().panel).toBeNull()
  })
})
