import { afterEach, describe, expect, it } from 'vitest'
import { headerOf, methodOf, type SipMessage, statusOf } from '#tests/support/sip-message.ts'
import type { PeerCall } from '#tests/support/sip-peer.ts'
import { energyOverOneBeep, heardMore, newest, type TestPhone, withPhone } from './rig.ts'

let phone: TestPhone

withPhone({ linesOnly: true }, (opened) => {
  phone = opened
})
afterEach(async () => {
  phone.peer.listening = true
  await phone.execute({ name: 'register' })
  await phone.until(`s.registration.name === 'registered'`)
})

const number = { kind: 'number', number: '+447700900123' } as const

describe('several lines', () => {
  it('are dialled beside each other, the one spoken on being held first', async () => {
    const { call: first } = await phone.callUp()
    const dialling = phone.execute({ name: 'dial', target: number })
    const second = await phone.peer.takeCall()
    await phone.agree(first, await first.next('INVITE'))
    expect(await dialling).toEqual({ ok: true, value: null })
    await phone.agree(second, await second.next('INVITE'), 'second')
    const { lines } = await phone.until(`s.lines[0].state.name === 'held' && l.state.name === 'active'`)
    expect(lines[0]?.contactId).not.toBe(lines[1]?.contactId)
    expect(await energyOverOneBeep(phone.far)).toBeLessThan(1e-6)
    await heardMore(phone.far, 'second')
    await second.request('BYE')
    // Nobody is taken off hold by someone else's hanging up.
    const left = await phone.until(`l.state.name === 'ended'`)
    expect(left.lines[0]?.state).toMatchObject({ name: 'held', by: 'adviser' })
  })

  it('are spoken on together when one is dialled beside the other: nobody is held, and both are heard', async () => {
    const { line } = await phone.callUp()
    const emergency = { kind: 'emergency', number: '999' } as const
    const dialling = phone.execute({ name: 'dial', target: emergency, beside: [line.id] })
    const second = await phone.peer.takeCall()
    await phone.agree(second, await second.next('INVITE'), 'second')
    expect(await dialling).toEqual({ ok: true, value: null })
    const { lines } = await phone.until(`l.state.name === 'active' && l.direction === 'outbound'`)
    expect(lines.map((each) => each.state.name)).toEqual(['active', 'active'])
    await heardMore(phone.far)
    await heardMore(phone.far, 'second')
    await second.request('BYE')
    const left = await phone.until(`l.state.name === 'ended'`)
    expect(left.lines[0]?.state.name).toBe('active')
    await heardMore(phone.far)
  })

  it('leave nobody silenced: a far end that refused to be held is heard again when the other is gone', async () => {
    const { call: first } = await phone.callUp()
    const { call: second, line } = await phone.ring({ id: 'second' })
    const answering = phone.answer(second, line, 'second')
    first.reply(await first.next('INVITE'), 488)
    await answering
    expect((await phone.snapshot()).lines[0]?.state.name).toBe('active')
    expect(await energyOverOneBeep(phone.far)).toBeLessThan(1e-6)
    await second.request('BYE')
    await phone.until(`l.state.name === 'ended'`)
    await heardMore(phone.far)
  })

  it('come back one by one after an outage, each as it was', async () => {
    const { call: first } = await phone.callUp()
    const { call: second, line } = await phone.ring({ id: 'second' })
    const answering = phone.answer(second, line, 'second')
    await phone.agree(first, await first.next('INVITE'))
    await answering
    await phone.until(`s.lines[0].state.name === 'held'`)
    phone.peer.cut()
    const again = await first.next('INVITE')
    expect(again.body).toMatch(/^a=sendonly/m)
    await phone.agree(first, again)
    await phone.agree(second, await second.next('INVITE'), 'second')
    const { lines } = await phone.until(`s.lines.every((each) => each.signalling === 'up')`)
    expect(lines.map((each) => each.state.name)).toEqual(['held', 'active'])
    await heardMore(phone.far, 'second')
  })
})

describe('when the connection is lost', () => {
  it('a call that was being dialled is said to be lost, is taken back, and is not left to ring or answered into nothing', async () => {
    void phone.execute({ name: 'dial', target: number })
    const call = await phone.peer.takeCall()
    const invite = await call.next('INVITE')
    call.reply(invite, 180)
    await phone.until(`l?.state.name === 'dialling' && l.state.progress === 'ringing'`)
    phone.peer.cut()
    await phone.until(`l.state.name === 'ended' && l.state.reason === 'connection-lost'`)
    const cancel = await call.next('CANCEL')
    expect(headerOf(cancel, 'Via')).toBe(headerOf(invite, 'Via'))
    expect(headerOf(cancel, 'CSeq')).toBe(headerOf(invite, 'CSeq').replace('INVITE', 'CANCEL'))
    call.reply(cancel, 200)
    // Someone had already picked up.
    await phone.agree(call, invite)
    await call.next('ACK')
    const bye = await call.next('BYE')
    expect(headerOf(bye, 'To')).toContain(';tag=')
    call.reply(bye, 200)
    expect((await phone.snapshot()).lines).toHaveLength(1)
  })

  it('after sign-out, a call that is still up finds its way back, and nobody is registered by that', async () => {
    const { call } = await phone.callUp()
    await phone.page.evaluate(() => window.lineHarness.phone.unregister('signed-out'))
    await phone.until(`s.registration.name === 'off'`)
    const registrations = phone.peer.registrations()
    phone.peer.cut()
    await phone.until(`l.signalling === 'lost'`)
    await phone.agree(call, await call.next('INVITE'))
    await phone.until(`l.signalling === 'up'`)
    await heardMore(phone.far)
    expect(statusOf(await call.request('BYE'))).toBe(200)
    await phone.until(`l.state.reason === 'hung-up-there'`)
    expect(phone.peer.registrations()).toBe(registrations)
    expect((await phone.snapshot()).registration.name).toBe('off')
  })
})

/** A request as the far end of a call would send it, with whatever is wrong about it. */
async function within(
  call: PeerCall,
  method: string,
  cseq: number,
  { body = '', type = 'application/sdp' } = {},
): Promise<SipMessage> {
  const mine = (each: SipMessage) => headerOf(each, 'Call-ID') === call.callId
  const answered = await phone.peer.message(
    (each) => mine(each) && statusOf(each) === 200 && headerOf(each, 'CSeq').endsWith('INVITE'),
  )
  const branch = `z9hG4bK${Math.random().toString(36).slice(2)}`
  const after = phone.peer.received.length
  phone.peer.send(
    [
      `${method} sip:adviser@example.org SIP/2.0`,
      `Via: SIP/2.0/WS peer.invalid;branch=${branch}`,
      'Max-Forwards: 70',
      `From: ${headerOf(answered, 'From')}`,
      `To: ${headerOf(answered, 'To')}`,
      `Call-ID: ${call.callId}`,
      `CSeq: ${cseq} ${method}`,
      'Contact: <sip:resident@peer.invalid;transport=ws>',
      ...(body === '' ? [] : [`Content-Type: ${type}`]),
      `Content-Length: ${Buffer.byteLength(body)}`,
      '',
      body,
    ].join('\r\n'),
  )
  return phone.peer.message((each) => headerOf(each, 'Via').includes(branch) && statusOf(each) >= 200, after)
}

describe('bad input on one line', () => {
  it('is refused with the right status and costs neither this call nor another', async () => {
    const { call: first } = await phone.callUp()
    const { call: second, line } = await phone.ring({ id: 'second' })
    const answering = phone.answer(second, line, 'second')
    await phone.agree(first, await first.next('INVITE'))
    await answering
    // Reordered: below the number of the dialog (RFC 3261 §12.2.2).
    expect(statusOf(await within(second, 'BYE', 0))).toBe(500)
    const sdp = 'v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\n'
    const media = `${sdp}m=audio 9 UDP/TLS/RTP/SAVPF 18\r\nc=IN IP4 127.0.0.1\r\n`
    for (const [index, body] of [sdp, media, 'v=0\r\nm=', '\u0000\u0001'].entries()) {
      const refused = await within(second, 'INVITE', 100 + index, { body })
      expect(statusOf(refused), JSON.stringify(body)).toBe(488)
    }
    expect(statusOf(await within(second, 'INFO', 200, { body: '<script>', type: 'text/html' }))).toBe(200)
    const { lines } = await phone.snapshot()
    expect(lines.map((each) => each.state.name)).toEqual(['held', 'active'])
    const before = newest(lines).sound.packetsReceived
    await phone.until(`l.sound.packetsReceived > ${before + 20}`)
    await heardMore(phone.far, 'second')
  })

  it('in duplicate is one call, and a name of any signs is text', async () => {
    const sdp = await phone.far.evaluate(() => window.far.offer('far'))
    const call = phone.peer.invite({
      sdp,
      from: '"\u202eevil\u0007 <img src=x onerror=alert(1)> \\"q\\"" <sip:+441632960142@example.org>',
    })
    const ringing = await call.response((status) => status === 180)
    const invite = [
      'INVITE sip:adviser@example.org SIP/2.0',
      `Via: ${headerOf(ringing, 'Via')}`,
      'Max-Forwards: 70',
      `From: ${headerOf(ringing, 'From')}`,
      'To: <sip:adviser@example.org>',
      `Call-ID: ${call.callId}`,
      `CSeq: ${headerOf(ringing, 'CSeq')}`,
      'Contact: <sip:resident@peer.invalid;transport=ws>',
      'Content-Type: application/sdp',
      `Content-Length: ${Buffer.byteLength(sdp)}`,
      '',
      sdp,
    ].join('\r\n')
    for (let i = 0; i < 5; i += 1) phone.peer.send(invite)
    phone.peer.send(invite.replace(/branch=[^\r;]+/, 'branch=z9hG4bKother'))
    const options = phone.peer.received.length
    phone.peer.send(
      invite
        .replaceAll('INVITE', 'OPTIONS')
        .replace(/Call-ID: .*/, 'Call-ID: after')
        .replace(/branch=[^\r;]+/, 'branch=z9hG4bKafter'),
    )
    await phone.peer.message((each) => headerOf(each, 'Call-ID') === 'after', options)
    const { lines } = await phone.snapshot()
    expect(lines).toHaveLength(1)
    expect(newest(lines).remote).toEqual({
      number: '+441632960142',
      displayName: 'evil <img src=x onerror=alert(1)> "q"',
      withheld: false,
    })
    // Merged by way of two proxies (RFC 3261 §8.2.2.2).
    expect(
      phone.peer.received.some((each) => statusOf(each) === 482 && headerOf(each, 'Call-ID') === call.callId),
    ).toBe(true)
    expect(phone.peer.received.slice(options).map(methodOf)).not.toContain('INVITE')
  })
})
