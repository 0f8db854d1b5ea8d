import { describe, expect, it } from 'vitest'
import { noCall } from '#shared/calls/headset-buttons.ts'
import { commandFor, headsetCallOf } from '#shared/calls/headset-commands.ts'
import { newLine } from '#shared/calls/line.ts'
import type { Line } from '#shared/contract/phone.ts'

const line = (id: string, state: Line['state'], changes: Partial<Line> = {}): Line => ({
  ...newLine({
    id,
    contactId: id,
    callId: id,
    direction: 'inbound',
    state,
    remote: { withheld: true },
    at: 0,
  }),
  ...changes,
})
const ringing = line('ringing', { name: 'ringing', since: 0 })
const active = line('active', { name: 'active', since: 0 })
const held = line('held', { name: 'held', since: 0, by: 'adviser' })
const dialling = line('dialling', { name: 'dialling', since: 0, progress: 'ringing' })

describe('a headset’s buttons', () => {
  it.each([
    ['answer', [active, ringing], { name: 'answer', lineId: 'ringing' }],
    ['reject', [ringing], { name: 'reject', lineId: 'ringing' }],
    ['end', [held, active, ringing], { name: 'hangUp', lineId: 'active' }],
    ['end', [held, dialling], { name: 'hangUp', lineId: 'dialling' }],
    ['end', [held], { name: 'hangUp', lineId: 'held' }],
    ['hold', [held, active], { name: 'hold', lineId: 'active' }],
    ['resume', [held], { name: 'resume', lineId: 'held' }],
    ['mute', [active], { name: 'setMuted', lineId: 'active', muted: true }],
    ['unmute', [active], { name: 'setMuted', lineId: 'active', muted: false }],
    ['mute', [held], null],
    ['answer', [active], null],
    ['end', [], null],
    ['end', [ringing], null],
  ] as const)('%s does what it says to the right call', (action, lines, command) => {
    expect(commandFor(action, lines)).toEqual(command)
  })
})

describe('a headset’s lights', () => {
  it.each([
    ['none', [], noCall],
    ['a call that rings', [ringing], { ...noCall, ringing: true }],
    ['a call that is muted', [{ ...active, muted: true }], { ...noCall, offHook: true, muted: true }],
    ['a call on hold alone', [held], { ...noCall, offHook: true, held: true }],
    ['one on hold and one spoken on', [held, active], { ...noCall, offHook: true }],
    ['a second call', [active, ringing], { ...noCall, ringing: true, offHook: true }],
  ])('show %s', (_what, lines, call) => {
    expect(headsetCallOf(lines)).toEqual(call)
  })
})
