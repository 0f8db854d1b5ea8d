import { describe, expect, it } from 'vitest'
import { lineInHand } from '#renderer/features/calls/groups.ts'
import { callKey, type KeyPress } from '#renderer/features/calls/keys.ts'
import { createCallsStore } from '#renderer/features/calls/store.ts'
import { createTelephoneStore } from '#renderer/features/calls/telephone.ts'
import type { Line, PhoneCommand, PhoneSnapshot } from '#shared/contract/phone.ts'
import { ok } from '#shared/kernel/result.ts'
import { consultLine, lineId, sampleLine, sampleSnapshot } from './phone-samples.ts'

function deskWith(lines: readonly Line[], change: Partial<PhoneSnapshot> = {}) {
  const commands: PhoneCommand[] = []
  const calls = createCallsStore({
    subscribe: () => () => {},
    snapshot: () => sampleSnapshot({ lines: [...lines], ...change }),
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
  })
  const press = (chord: string, now = Number.MAX_SAFE_INTEGER) => {
    const parts = chord.split(' ')
    const key = parts.at(-1) ?? ''
    const event: KeyPress = {
      key,
      code: /^\d$/.test(key) ? `Digit${key}` : key,
      ctrlKey: parts.includes('Ctrl'),
      altKey: parts.includes('Alt'),
      shiftKey: parts.includes('Shift'),
    }
    return callKey({ calls, telephone }, event, now)
  }
  return { commands, press, telephone }
}

const ringing = (n: number) => sampleLine({ id: lineId(n), state: { name: 'ringing', since: 0 } })
const held = (n: number, change: Partial<Line> = {}) =>
  sampleLine({ id: lineId(n), state: { name: 'held', since: 0, by: 'adviser' }, ...change })
const answeredAt = sampleLine().times.answeredAt ?? 0

describe('call keys', () => {
  it('F2 answers a ringing call', () => {
    const { press, commands } = deskWith([ringing(1)])
    press('F2')
    expect(commands).toEqual([{ name: 'answer', lineId: lineId(1) }])
  })

  it('a second press of F2 just after answering ends nothing', () => {
    const { press, commands } = deskWith([sampleLine()])
    press('F2', answeredAt + 800)
    expect(commands).toEqual([])
    press('F2', answeredAt + 5_000)
    expect(commands).toMatchObject([{ name: 'hangUp' }])
  })

  it('F2 ends a call that the adviser made, also in the moment in which it is answered', () => {
    const { press, commands } = deskWith([sampleLine({ direction: 'outbound' })])
    press('F2', answeredAt + 100)
    expect(commands).toMatchObject([{ name: 'hangUp' }])
  })

  it('F2 ends nothing on the way from one call to another, while both are on hold', () => {
    const between = deskWith([held(1), held(2)])
    between.press('F2')
    expect(between.commands).toEqual([])
    const alone = deskWith([held(1)])
    alone.press('F2')
    expect(alone.commands).toMatchObject([{ name: 'hangUp', lineId: lineId(1) }])
  })

  it('F4 puts on hold and takes back, F6 mutes and unmutes', () => {
    const talking = deskWith([sampleLine({ muted: true })])
    talking.press('F4')
    talking.press('F6')
    expect(talking.commands).toMatchObject([{ name: 'hold' }, { name: 'setMuted', muted: false }])
    const onHold = deskWith([held(1)])
    onHold.press('F4')
    expect(onHold.commands).toMatchObject([{ name: 'resume' }])
  })

  it('leaves other keys to the page, and letters without a chord too', () => {
    const { press, commands } = deskWith([sampleLine()])
    for (const chord of ['F5', 'd', 'Enter', 'Ctrl Alt F2', 'Alt F7']) expect(press(chord)).toBe(false)
    expect(commands).toEqual([])
  })

  it('acts on the call being talked on, not on one that rings beside it', () => {
    expect(lineInHand([ringing(2), sampleLine()])?.state.name).toBe('active')
    expect(
      lineInHand([sampleLine({ state: { name: 'ended', at: 0, reason: 'hung-up-here' } })]),
    ).toBeUndefined()
  })

  it('beside a call to 999 the keys act on that, but F4 holds the caller', () => {
    const operator = sampleLine({
      id: lineId(2),
      direction: 'outbound',
      remote: { displayName: '999', withheld: false },
    })
    const { press, commands } = deskWith([sampleLine(), operator])
    press('F4')
    press('F2')
    expect(commands).toEqual([
      { name: 'hold', lineId: lineId(1) },
      { name: 'hangUp', lineId: lineId(2) },
    ])
    const alone = deskWith([held(1), operator])
    alone.press('F7')
    alone.press('F2')
    expect(alone.commands).toEqual([
      { name: 'resume', lineId: lineId(1) },
      { name: 'hangUp', lineId: lineId(2) },
    ])
  })

  it('Shift F2 answers the call that waits, Ctrl F2 declines it, F2 still ends the one in hand', () => {
    const { press, commands } = deskWith([sampleLine(), ringing(2)])
    press('Shift F2')
    press('Ctrl F2')
    press('F2')
    expect(commands).toEqual([
      { name: 'answer', lineId: lineId(2) },
      { name: 'reject', lineId: lineId(2) },
      { name: 'hangUp', lineId: lineId(1) },
    ])
  })

  it('F7 goes to the call on hold, Alt Shift and a number to that call', () => {
    const { press, commands } = deskWith([held(1), sampleLine({ id: lineId(2) }), held(3)])
    press('F7')
    press('Alt Shift 3')
    press('Alt Shift 2')
    expect(commands).toEqual([
      { name: 'resume', lineId: lineId(1) },
      { name: 'resume', lineId: lineId(3) },
    ])
  })

  it('while someone is asked F7 goes back to the resident, Shift F3 passes on and Shift F7 joins', () => {
    const { press, commands } = deskWith([held(1), consultLine(2, 1), held(3)])
    for (const chord of ['F7', 'Shift F3', 'Shift F7']) press(chord)
    expect(commands).toEqual([
      { name: 'resume', lineId: lineId(1) },
      { name: 'completeTransfer', lineId: lineId(2) },
      { name: 'merge', lineIds: [lineId(1), lineId(2), lineId(3)] },
    ])
  })

  it('passes nobody on to someone who has not answered, and joins nobody alone', () => {
    const dialling = consultLine(2, 1, { state: { name: 'dialling', since: 0, progress: 'ringing' } })
    const asking = deskWith([held(1), dialling])
    asking.press('Shift F3')
    const alone = deskWith([sampleLine()])
    alone.press('Shift F7')
    expect([...asking.commands, ...alone.commands]).toEqual([])
  })

  it('Shift F6 pauses a recording that runs, goes on with a paused one, and does nothing where none is', () => {
    const since = '2026-11-03T10:00:00Z'
    const status = (recording: NonNullable<Line['status']>['recording']): Partial<Line> => ({
      status: { callId: 'call-1', recording, supervisor: 'none' },
    })
    const recorded = deskWith([sampleLine(status({ name: 'recording', since }))])
    recorded.press('Shift F6')
    expect(recorded.commands).toMatchObject([{ name: 'setRecordingPaused', paused: true }])
    const paused = deskWith([sampleLine(status({ name: 'paused', since, resumesAt: since }))])
    paused.press('Shift F6')
    expect(paused.commands).toMatchObject([{ name: 'setRecordingPaused', paused: false }])
    const none = deskWith([sampleLine(status({ name: 'none' }))])
    none.press('Shift F6')
    expect(none.commands).toEqual([])
  })

  it('opens F1 keys, F3 call or pass on, Shift F8 my state, F10 calls, Ctrl D the keypad of a call that is up', () => {
    const { press, telephone } = deskWith([sampleLine()])
    const shown = ['F1', 'F3', 'Shift F8', 'F10', 'Ctrl d'].map((chord) => {
      press(chord)
      return telephone.getState().panel?.name
    })
    expect(shown).toEqual(['keys', 'dial', 'state', 'calls', 'keypad'])
    const idle = deskWith([])
    idle.press('Ctrl d')
    expect(idle.telephone.getState().panel).toBeNull()
  })

  it('F8 asks for Ready after a missed call and in wrap-up, but not during a call', () => {
    const since = '2026-11-03T10:00:00Z'
    const agent = (state: NonNullable<PhoneSnapshot['agent']>['state']) => ({
      agent: { state, pending: null, asAt: 0 },
    })
    const missed = deskWith([], agent({ name: 'not-ready', reason: 'missed-call', since }))
    missed.press('F8')
    expect(missed.commands).toMatchObject([{ request: { name: 'ready' } }])
    const talking = deskWith([sampleLine()], agent({ name: 'on-call', since }))
    talking.press('F8')
    expect(talking.commands).toEqual([])
  })
})
