import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { methodOf, statusOf } from '#tests/support/sip-message.ts'
import type { PeerCall } from '#tests/support/sip-peer.ts'
import { malformed } from './malformed.ts'
import { heardMore, newest, type TestPhone, withPhone } from './rig.ts'

let phone: TestPhone

withPhone({}, (opened) => {
  phone = opened
})
beforeEach(async () => {
  await phone.execute({ name: 'register' })
  await phone.until(`s.registration.name === 'registered' && s.microphone.name === 'live'`)
})
afterEach(async () => {
  Object.assign(phone.peer, { listening: true, frozen: false, registrar: 'digest' })
})

/** Takes the re-INVITE that follows an outage and lets the media move with it. */
async function recover(call: PeerCall) {
  const reinvite = await call.next('INVITE')
  call.reply(reinvite, 200, await phone.far.evaluate((sdp) => window.far.answer('far', sdp), reinvite.body))
  await call.next('ACK')
  await phone.until(`l.signalling === 'up'`)
  return reinvite
}

/** How often the records were asked to sync at once. */
const syncs = () => phone.page.evaluate(() => window.phoneHarness.syncs.length)

const ufrag = (sdp: string) => /^a=ice-ufrag:(\S+)/m.exec(sdp)?.[1]

describe('when the connection to the switchboard is lost during a call', () => {
  it('keeps the call and its sound, registers again, moves dialog and media, and hears the far end again', async () => {
    const registrations = phone.peer.registrations()
    const { call } = await phone.callUp()
    const first = await call.response((status) => status === 200)
    phone.peer.listening = false
    phone.peer.cut()
    const lost = await phone.until(`l.signalling === 'lost' && s.registration.name === 'waiting'`)
    expect(lost.readinessProblems).toEqual(['connection-lost'])
    expect(newest(lost.lines).state.name).toBe('active')
    await phone.until(`l.sound.packetsReceived > ${newest(lost.lines).sound.packetsReceived + 20}`)
    await heardMore(phone.far)
    phone.peer.listening = true
    const reinvite = await recover(call)
    expect(ufrag(reinvite.body)).not.toBe(ufrag(first.body))
    expect(phone.peer.registrations()).toBe(registrations + 1)
    const back = await phone.until(`l.sound.inbound === 'flowing'`)
    expect(back.readinessProblems).toEqual([])
    await heardMore(phone.far)
    // The far end reaches the phone over the new connection.
    const hold = await phone.far.evaluate(() => window.far.offer('far', 'inactive'))
    const held = await call.request('INVITE', [], hold)
    expect(statusOf(held)).toBe(200)
    call.ack()
    await phone.until(`l.state.name === 'held'`)
    expect(statusOf(await call.request('BYE'))).toBe(200)
    await phone.until(`l.state.reason === 'hung-up-there'`)
  })

  it('notices a frozen socket that was never closed, at once when the machine wakes up', async () => {
    const { call } = await phone.callUp()
    phone.peer.frozen = true
    const synced = await syncs()
    await phone.page.evaluate(() => window.phoneHarness.notify('power.changed', { what: 'resumed' }))
    const asked = Date.now()
    await phone.until(`l.signalling === 'lost'`)
    expect(Date.now() - asked).toBeLessThan(5_000)
    expect(await syncs()).toBeGreaterThan(synced)
    phone.peer.frozen = false
    await recover(call)
  })

  it('leaves a connection that died in silence for another that opens beside it', async () => {
    const { call } = await phone.callUp()
    phone.peer.deafen()
    const synced = await syncs()
    await phone.page.evaluate(() => window.phoneHarness.page.networkChanged('changed'))
    await recover(call)
    await heardMore(phone.far)
    expect(await syncs()).toBeGreaterThan(synced)
    const moved = () => window.phoneHarness.logged.some(({ code }) => code === 'phone.connection-moved')
    expect(await phone.page.evaluate(moved)).toBe(true)
  })

  it('keeps the connection that answers, and nothing beside it', async () => {
    const { line } = await phone.callUp()
    const registrations = phone.peer.registrations()
    const connections = phone.peer.connections()
    const heard = phone.peer.received.length
    await phone.page.evaluate(() => window.phoneHarness.page.networkChanged('changed'))
    // How far the other one gets before the first has answered is a matter of luck.
    await phone.peer.message((message) => methodOf(message) === 'OPTIONS', heard)
    await expect.poll(() => phone.peer.connections(), { timeout: 5_000 }).toBe(connections)
    expect(newest((await phone.snapshot()).lines)).toMatchObject({ id: line.id, signalling: 'up' })
    expect(phone.peer.registrations()).toBe(registrations)
  })

  it('tries again after glare and after a server that cannot just now', async () => {
    const { call } = await phone.callUp()
    phone.peer.cut()
    call.reply(await call.next('INVITE'), 491)
    call.reply(await call.next('INVITE'), 500)
    await recover(call)
    expect(newest((await phone.snapshot()).lines).state.name).toBe('active')
  })

  it('survives losing the connection again in the middle of the recovery', async () => {
    const { call } = await phone.callUp()
    phone.peer.cut()
    await call.next('INVITE')
    phone.peer.cut()
    await recover(call)
    await heardMore(phone.far)
  })

  it('ends the call only when the far end says that it is gone', async () => {
    const { call } = await phone.callUp()
    phone.peer.cut()
    call.reply(await call.next('INVITE'), 481)
    await phone.until(
      `l.state.name === 'ended' && l.state.reason === 'connection-lost' && l.state.status === 481`,
    )
  })

  it('says good-bye over the next connection when the adviser hangs up meanwhile', async () => {
    const { call, line } = await phone.callUp()
    phone.peer.listening = false
    phone.peer.cut()
    await phone.until(`l.signalling === 'lost'`)
    await phone.execute({ name: 'hangUp', lineId: line.id })
    await phone.until(`l.state.reason === 'hung-up-here'`)
    phone.peer.listening = true
    call.reply(await call.next('BYE'), 200)
  })

  it('says good-bye again when the first one fell into a dead socket', async () => {
    const { call, line } = await phone.callUp()
    phone.peer.frozen = true
    await phone.execute({ name: 'hangUp', lineId: line.id })
    phone.peer.frozen = false
    phone.peer.cut()
    call.reply(await call.next('BYE'), 200)
  })

  it('refuses to hold until the path is back', async () => {
    const { line } = await phone.callUp()
    phone.peer.listening = false
    phone.peer.cut()
    await phone.until(`l.signalling === 'lost'`)
    expect(await phone.execute({ name: 'hold', lineId: line.id })).toMatchObject({
      error: { code: 'calls/signalling-lost' },
    })
  })
})

describe('when the connection blinks while a call rings', () => {
  it('goes on ringing and can be answered over the new connection', async () => {
    const { call, line } = await phone.ring()
    phone.peer.cut()
    await phone.until(`l.signalling === 'lost'`)
    await phone.until(`l.signalling === 'up' && l.state.name === 'ringing'`)
    await phone.answer(call, line)
  })
})

describe('the registration', () => {
  it('is tried again when the registrar does not answer', async () => {
    phone.peer.registrar = 503
    phone.peer.cut()
    await phone.until(`s.registration.name === 'waiting' && s.registration.reason === 'server-error'`)
    phone.peer.registrar = 'digest'
    await phone.until(`s.registration.name === 'registered'`)
  })

  it('stays refused until someone asks again', async () => {
    phone.peer.registrar = 403
    phone.peer.cut()
    const refused = await phone.until(`s.registration.name === 'refused'`)
    expect(refused).toMatchObject({
      registration: { status: 403 },
      readinessProblems: ['registration-refused'],
    })
    phone.peer.registrar = 'digest'
    await phone.execute({ name: 'register' })
    await phone.until(`s.registration.name === 'registered'`)
  })
})

describe('malformed and hostile messages', () => {
  it('leave a live call alone, and the phone rings again afterwards', async () => {
    const { call, line } = await phone.callUp()
    const before = phone.peer.received.length
    for (const text of malformed(call.callId)) phone.peer.send(text)
    expect(statusOf(await call.request('OPTIONS'))).toBe(200)
    await phone.until(`l.id === '${line.id}' && l.state.name === 'active' && l.sound.inbound === 'flowing'`)
    // Nothing that was sent made the phone ask for anything.
    expect(
      phone.peer.received
        .slice(before)
        .map(methodOf)
        .filter((method) => method === 'INVITE'),
    ).toEqual([])
    const { lines } = await phone.snapshot()
    expect(lines.filter((each) => each.state.name !== 'active').map((each) => each.state.name)).toEqual([])
    const { line: second } = await phone.ring({ id: 'second', from: '<tel:+44-7700-900123>' })
    expect(second.remote.number).toBe('+447700900123')
  })
})
