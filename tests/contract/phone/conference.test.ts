import { describe, expect, it } from 'vitest'
import type { Line } from '#shared/contract/phone.ts'
import type { PeerCall } from '#tests/support/sip-peer.ts'
import { type TestPhone, withPhone } from './rig.ts'

let phone: TestPhone

withPhone({ linesOnly: true }, (opened) => {
  phone = opened
})

const adviserHz = 1_000
const tonesHz = { first: 440, second: 600, third: 2_300 } as const
type Name = keyof typeof tonesHz

interface Up {
  readonly name: Name
  readonly call: PeerCall
  readonly line: Line
}

async function callUp(name: Name, before?: Up): Promise<Up> {
  await phone.far.evaluate(([id, hz]) => window.far.tone(id, hz), [name, tonesHz[name]] as const)
  const { call, line } = await phone.ring({ id: name })
  const answering = phone.answer(call, line, name)
  if (before !== undefined) await phone.agree(before.call, await before.call.next('INVITE'), before.name)
  await answering
  return { name, call, line }
}

/** Waits until a far end hears exactly these tones and none of the others. */
async function hears(name: Name, ...expected: readonly (Name | 'adviser')[]) {
  const all = { ...tonesHz, adviser: adviserHz }
  const wanted = Object.entries(all).map(([who, hz]) => [hz, expected.some((each) => each === who)] as const)
  try {
    await phone.far.waitForFunction(
      ([id, tones]) =>
        tones.every(([hz, audible]) => {
          const decibels = window.far.loudness(id, hz)
          return audible ? decibels > -35 : decibels < -50
        }),
      [name, wanted] as const,
      { polling: 100, timeout: 8_000 },
    )
  } catch {
    const heard = await phone.far.evaluate(
      ([id, tones]) => tones.map(([hz]) => `${hz} Hz ${Math.round(window.far.loudness(id, hz))} dB`),
      [name, wanted] as const,
    )
    throw new Error(`${name} hears ${heard.join(', ')}; expected ${expected.join(', ')}`)
  }
}

async function joinedPair() {
  const first = await callUp('first')
  const second = await callUp('second', first)
  await phone.until(`s.lines[0].state.name === 'held'`)
  const merging = phone.execute({ name: 'merge', lineIds: [first.line.id, second.line.id] })
  await phone.agree(first.call, await first.call.next('INVITE'), 'first')
  expect(await merging).toEqual({ ok: true, value: null })
  return { first, second }
}

describe('calls that are joined', () => {
  it('hear the adviser and each other, never themselves; mute silences the adviser alone', async () => {
    const { first, second } = await joinedPair()
    const { lines } = await phone.until(`s.lines.every((each) => each.state.name === 'active')`)
    expect(lines[0]?.conferenceId).toMatch(/^[0-9a-f-]{36}$/)
    expect(lines[1]?.conferenceId).toBe(lines[0]?.conferenceId)
    await hears('first', 'adviser', 'second')
    await hears('second', 'adviser', 'first')
    await phone.execute({ name: 'setMuted', lineId: second.line.id, muted: true })
    await phone.until('s.lines.every((each) => each.muted)')
    await hears('first', 'second')
    await hears('second', 'first')
    await phone.execute({ name: 'setMuted', lineId: first.line.id, muted: false })
    await hears('second', 'adviser', 'first')
  }, 20_000)

  it('stay joined through a re-INVITE with new ICE, and a member who holds brings no music', async () => {
    const { first, second } = await joinedPair()
    await hears('second', 'adviser', 'first')
    phone.peer.cut()
    for (const { call, name } of [first, second]) {
      const again = await call.next('INVITE')
      expect(again.body).toContain('a=sendrecv')
      await phone.agree(call, again, name)
    }
    await phone.until(`s.lines.every((each) => each.signalling === 'up')`)
    await hears('second', 'adviser', 'first')
    await hears('first', 'adviser', 'second')
    const hold = await phone.far.evaluate(() => window.far.offer('first', 'sendonly'))
    const held = await first.call.request('INVITE', [], hold)
    first.call.ack()
    await phone.far.evaluate((sdp) => window.far.accept('first', sdp), held.body)
    await phone.until(`s.lines[0].state.by === 'resident'`)
    await hears('second', 'adviser')
    const resume = await phone.far.evaluate(() => window.far.offer('first', 'sendrecv'))
    const resumed = await first.call.request('INVITE', [], resume)
    first.call.ack()
    await phone.far.evaluate((sdp) => window.far.accept('first', sdp), resumed.body)
    await hears('second', 'adviser', 'first')
    await hears('first', 'adviser', 'second')
  }, 30_000)

  it('take in a third; when one leaves the others go on, and the last is a call as any other', async () => {
    const { first, second } = await joinedPair()
    await phone.far.evaluate((hz) => window.far.tone('third', hz), tonesHz.third)
    const ringing = await phone.ring({ id: 'third' })
    const answering = phone.answer(ringing.call, ringing.line, 'third')
    for (const each of [first, second])
      await phone.agree(each.call, await each.call.next('INVITE'), each.name)
    await answering
    await phone.until(`s.lines.filter((each) => each.state.name === 'held').length === 2`)
    const merging = phone.execute({ name: 'merge', lineIds: [first.line.id, ringing.line.id] })
    for (const each of [first, second])
      await phone.agree(each.call, await each.call.next('INVITE'), each.name)
    expect(await merging).toEqual({ ok: true, value: null })
    const { lines } = await phone.until(`s.lines.every((each) => each.state.name === 'active')`)
    expect(new Set(lines.map((each) => each.conferenceId)).size).toBe(1)
    await hears('second', 'adviser', 'first', 'third')
    await hears('third', 'adviser', 'first', 'second')
    await second.call.request('BYE')
    await phone.until(`s.lines[1].state.name === 'ended' && s.lines[0].conferenceId !== null`)
    await hears('third', 'adviser', 'first')
    await first.call.request('BYE')
    await phone.until(`s.lines[2].conferenceId === null && s.lines[2].state.name === 'active'`)
    await hears('third', 'adviser')
  }, 30_000)

  it('are parted again: one is talked to, the others are on hold', async () => {
    const { first, second } = await joinedPair()
    await hears('second', 'adviser', 'first')
    const parting = phone.execute({ name: 'split', lineId: second.line.id })
    await phone.agree(first.call, await first.call.next('INVITE'), 'first')
    expect(await parting).toEqual({ ok: true, value: null })
    await phone.until(
      `s.lines[0].state.name === 'held' && s.lines.every((each) => each.conferenceId === null)`,
    )
    await hears('second', 'adviser')
    await hears('first')
    expect(await phone.execute({ name: 'split', lineId: first.line.id })).toMatchObject({
      error: { code: 'calls/not-possible-now' },
    })
  }, 20_000)
})
