import { describe, expect, it } from 'vitest'
import { callIsOver } from '#renderer/features/calls/groups.ts'
import { createCallsStore } from '#renderer/features/calls/store.ts'
import { lineTrouble, lineWords, stateWords } from '#renderer/features/calls/words.ts'
import type { Line, PhoneCommand, PhoneSnapshot } from '#shared/contract/phone.ts'
import { appError } from '#shared/kernel/app-error.ts'
import { err, ok } from '#shared/kernel/result.ts'
import { sampleLine, sampleSnapshot } from './phone-samples.ts'

function storeWith(
  snapshot: PhoneSnapshot,
  answer = ok(null) as ReturnType<typeof ok<null>> | ReturnType<typeof err>,
) {
  const commands: PhoneCommand[] = []
  const store = createCallsStore({
    subscribe: () => () => {},
    snapshot: () => snapshot,
    execute: async (command) => {
      commands.push(command)
      return answer as never
    },
  })
  return { store, commands }
}

const reasons = [{ code: 'lunch', label: 'Lunch' }]

describe('whether a contact can be finished', () => {
  it('not while its call rings, talks or holds, and from its end on', () => {
    const { contactId } = sampleLine()
    const withState = (state: Line['state']) => sampleSnapshot({ lines: [sampleLine({ state })] })
    expect(callIsOver(withState({ name: 'held', since: 0, by: 'adviser' }), contactId)).toBe(false)
    expect(callIsOver(sampleSnapshot({ lines: [sampleLine()] }), contactId)).toBe(false)
    expect(callIsOver(withState({ name: 'ended', at: 0, reason: 'hung-up-there' }), contactId)).toBe(true)
    expect(callIsOver(sampleSnapshot({ lines: [sampleLine()] }), 'another contact')).toBe(true)
    expect(callIsOver(null, contactId)).toBe(true)
  })
})

describe('words of the telephone', () => {
  it('says my state with its reason', () => {
    const notReady = { name: 'not-ready', reason: 'lunch', since: '2026-11-03T09:59:00Z' } as const
    const agent = { state: notReady, pending: null, asAt: 0 }
    expect(stateWords(sampleSnapshot({ agent }), reasons).text).toBe('Not ready: lunch')
    expect(stateWords(sampleSnapshot(), reasons)).toMatchObject({ text: 'Ready', tone: 'good' })
    expect(stateWords(null, reasons).text).toBe('Telephone is starting')
  })

  it('never shows a code the adviser cannot read when the reason is one of the desk’s own', () => {
    const state = { name: 'not-ready', reason: 'missed-call', since: '2026-11-03T09:59:00Z' } as const
    expect(stateWords(sampleSnapshot({ agent: { state, pending: null, asAt: 0 } }), reasons).text).toBe(
      'Not ready: you missed a call',
    )
  })

  it('says which side is silent, and that a call is kept while its connection is restored', () => {
    const sound = sampleLine().sound
    expect(lineTrouble(sampleLine())).toBeNull()
    expect(lineTrouble(sampleLine({ sound: { ...sound, inbound: 'silent' } }))?.text).toContain(
      'from the caller',
    )
    expect(lineTrouble(sampleLine({ sound: { ...sound, outbound: 'silent' } }))?.text).toContain(
      'cannot hear you',
    )
    expect(lineTrouble(sampleLine({ signalling: 'lost' }))?.text).toContain('The call is kept')
  })

  it('says why a call ended', () => {
    expect(lineWords(sampleLine({ state: { name: 'ended', at: 0, reason: 'hung-up-there' } }))).toBe(
      'The caller hung up',
    )
  })
})

describe('the store of calls', () => {
  it('shows why a command failed until the next one', async () => {
    const { store } = storeWith(sampleSnapshot(), err(appError('calls/no-such-line', 'never')))
    await store.getState().execute({ name: 'register' })
    expect(store.getState().error?.code).toBe('calls/no-such-line')
    store.getState().dismissError()
    expect(store.getState().error).toBeNull()
  })
})
