import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { afterEach, describe, expect, it } from 'vitest'
import { headerOf, methodOf, statusOf } from '#tests/support/sip-message.ts'
import { heardMore, newest, type TestPhone, withPhone } from './rig.ts'

let phone: TestPhone

/** Keeps the connections that the page makes. */
const keepConnections = `
  window.made = []
  const Native = window.RTCPeerConnection
  window.RTCPeerConnection = class extends Native {
    constructor(configuration) {
      super(configuration)
      window.made.push(this)
    }
  }`

withPhone({ linesOnly: true, before: keepConnections }, (opened) => {
  phone = opened
})
afterEach(async () => {
  await phone.page.evaluate(() => {
    window.lineHarness.microphoneLive = true
    window.lineHarness.phone.setAutoAnswer(false)
    window.lineHarness.phone.refuseDirectCalls(false)
  })
})

const offer = (id = 'far') => phone.far.evaluate((name) => window.far.offer(name), id)

describe('what an INVITE says of the call', () => {
  it('names the number that was dialled, and is recorded without a word of who called', async () => {
    const { call, line } = await phone.ring({
      headers: [['P-Called-Party-ID', '<sip:+441632960100@example.org>']],
    })
    expect(line.dialled).toBe('+441632960100')
    call.cancel()
    await phone.until(`l.state.name === 'ended'`)
    const recorded = await phone.page.evaluate(() => window.lineHarness.recorded)
    const ours = recorded.filter((each) => each.callId === call.callId)
    expect(ours.map((each) => each.what)).toEqual([
      'INVITE received',
      '100 to INVITE sent',
      '180 to INVITE sent',
      'CANCEL received',
      '200 to CANCEL sent',
      '487 to INVITE sent',
    ])
    // The line is there once the INVITE was understood.
    expect(ours.slice(2).every((each) => each.lineId === line.id)).toBe(true)
    expect(JSON.stringify(recorded)).not.toMatch(/Okafor|960142|example/)
  })

  it('is text, whatever it is made of', async () => {
    const { line } = await phone.ring({
      from: '"<img src=x onerror=alert(1)>\u202e\u0007 evil" <sip:%3Cb%3E@example.org>',
    })
    expect(line.remote).toEqual({ displayName: '<img src=x onerror=alert(1)> evil', withheld: false })
  })
})

describe('the answer to a call that rings', () => {
  const prepareAfterMs = 100
  /** Unless it has begun by itself. */
  const begin = () => phone.page.evaluate((ms) => window.lineHarness.runOut(ms), prepareAfterMs)
  const isMade = () =>
    phone.page.waitForFunction(
      () => {
        const { made } = window as unknown as { made: RTCPeerConnection[] }
        return made.at(-1)?.iceGatheringState === 'complete'
      },
      undefined,
      { polling: 50 },
    )

  it('is made meanwhile, and the far end hears nothing of it before the adviser answers', async () => {
    const farEnd = createSocket('udp4').bind(0, '127.0.0.1')
    await once(farEnd, 'listening')
    let packets = 0
    farEnd.on('message', () => {
      packets += 1
    })
    try {
      const candidate = `a=candidate:1 1 udp 2122260223 127.0.0.1 ${farEnd.address().port} typ host\r\n`
      const sdp = (await offer()).replace(/(^a=candidate:.*\r\n)+/m, candidate)
      const call = phone.peer.invite({ sdp })
      const { lines } = await phone.until(`l?.callId === '${call.callId}' && l.state.name === 'ringing'`)
      await begin()
      await isMade()
      expect(packets).toBe(0)
      const answered = phone.execute({ name: 'answer', lineId: newest(lines).id })
      const { body } = await call.response((status) => status === 200)
      expect(body).toMatch(/^a=candidate:\S+ 1 udp .*typ host/m)
      expect(body).toMatch(/^a=sendrecv/m)
      call.ack()
      await answered
      await expect.poll(() => packets, { timeout: 10_000 }).toBeGreaterThan(0)
    } finally {
      farEnd.close()
    }
  })

  it('carries both voices, made or still in the making when the adviser answers', async () => {
    for (const waits of [true, false]) {
      const id = `far ${waits}`
      const { call, line } = await phone.ring({ id })
      await begin()
      if (waits) await isMade()
      await phone.answer(call, line, id)
      await heardMore(phone.far, id)
      await call.request('BYE')
      await phone.until(`l.state.name === 'ended'`)
    }
  })

  it('is a refusal all the same when the offer is of no use', async () => {
    const call = phone.peer.invite({ sdp: (await offer()).replace(/^a=ice-pwd:.*\r\n/gm, '') })
    const { lines } = await phone.until(`l?.callId === '${call.callId}' && l.state.name === 'ringing'`)
    await begin()
    void phone.execute({ name: 'answer', lineId: newest(lines).id })
    await call.response((status) => status === 488)
    await phone.until(`l.state.name === 'ended'`)
  })

  it('lets nobody be heard while it rings, nor afterwards who was muted meanwhile', async () => {
    const isOpen = () =>
      phone.page.evaluate(() => {
        const { made } = window as unknown as { made: RTCPeerConnection[] }
        return made.at(-1)?.getSenders()[0]?.track?.enabled
      })
    for (const muted of [false, true]) {
      const id = `far ${muted}`
      const { call, line } = await phone.ring({ id })
      await begin()
      await isMade()
      expect(await isOpen()).toBe(false)
      await phone.execute({ name: 'setMuted', lineId: line.id, muted })
      expect(await isOpen()).toBe(false)
      await phone.answer(call, line, id)
      expect(await isOpen()).toBe(!muted)
      await call.request('BYE')
      await phone.until(`l.state.name === 'ended'`)
    }
  })
})

describe('a call that asks to be answered by itself', () => {
  const wish: [string, string][] = [['Call-Info', '<sip:example.org>;answer-after=0']]

  it('rings as any other while the adviser has not agreed to that', async () => {
    const { line } = await phone.ring({ headers: wish })
    expect(line.autoAnswerAt).toBeNull()
  })

  it('is answered after two seconds of warning, or not when it is declined', async () => {
    await phone.execute({ name: 'setAutoAnswer', on: true })
    const declined = await phone.ring({ headers: [['Alert-Info', '<http://x>;info=alert-autoanswer']] })
    expect(declined.line.autoAnswerAt).toBeGreaterThanOrEqual(declined.line.times.invitedAt + 2_000)
    await phone.execute({ name: 'reject', lineId: declined.line.id })
    await declined.call.response((status) => status === 486)
    const { call, line } = await phone.ring({ headers: wish })
    const ok = await call.response((status) => status === 200)
    call.ack()
    await phone.far.evaluate((sdp) => window.far.accept('far', sdp), ok.body)
    const up = newest((await phone.until(`l.state.name === 'active' && l.times.twoWayAt !== null`)).lines)
    expect((up.times.answeredAt ?? 0) - line.times.invitedAt).toBeGreaterThanOrEqual(1_950)
    expect(up.autoAnswerAt).toBeNull()
    // During a conversation nobody is put through.
    const second = await phone.ring({ id: 'second', headers: wish })
    expect(second.line.autoAnswerAt).toBeNull()
  })

  it('rings on when another call comes in between, or without a microphone', async () => {
    await phone.execute({ name: 'setAutoAnswer', on: true })
    const first = await phone.ring({ headers: wish })
    expect(first.line.autoAnswerAt).not.toBeNull()
    await phone.ring({ id: 'second' })
    await phone.until('s.lines.every((each) => each.autoAnswerAt === null)')
    await phone.tidy()
    await phone.page.evaluate(() => {
      window.lineHarness.microphoneLive = false
    })
    const deaf = await phone.ring({ id: 'third', headers: wish })
    expect(deaf.line.autoAnswerAt).toBeNull()
  })
})

describe('an adviser who is not to be disturbed', () => {
  it('is rung by queues alone; direct calls are busy at once, without a ring', async () => {
    await phone.page.evaluate(() => window.lineHarness.phone.refuseDirectCalls(true))
    const direct = phone.peer.invite({ sdp: await offer() })
    await direct.response((status) => status === 486)
    const answers = phone.peer.received.filter((each) => headerOf(each, 'Call-ID') === direct.callId)
    expect(answers.map(statusOf)).toEqual([100, 486])
    expect((await phone.snapshot()).lines).toEqual([])
    await phone.ring({ headers: [['X-Queue-Id', 'waste']] })
  })
})

describe('an emergency call', () => {
  const emergency = { kind: 'emergency', number: '999' } as const

  it('is made as a fifth call, without a microphone, and when the switchboard refuses to register us', async () => {
    const sdp = await offer()
    const ringing = [1, 2, 3, 4].map(() => phone.peer.invite({ sdp }))
    await phone.until('s.lines.length === 4')
    await phone.page.evaluate(() => {
      window.lineHarness.microphoneLive = false
    })
    const number = { kind: 'number', number: '+447700900123' } as const
    expect(await phone.execute({ name: 'dial', target: number })).toMatchObject({
      error: { code: 'calls/line-in-use' },
    })
    void phone.execute({ name: 'dial', target: emergency })
    const call = await phone.peer.takeCall()
    const invite = await call.next('INVITE')
    expect(invite.startLine).toBe('INVITE sip:999@example.org SIP/2.0')
    const answer = await phone.far.evaluate((body) => window.far.answer('help', body), invite.body)
    call.reply(invite, 200, answer)
    await phone.until(`l.state.name === 'active' && l.sound.inbound === 'flowing'`)
    for (const each of ringing) each.cancel()
    await call.request('BYE')
    await phone.until(`s.lines.every((each) => each.state.name === 'ended')`)
    phone.peer.registrar = 403
    phone.peer.cut()
    await phone.until(`s.registration.name === 'refused'`)
    expect(await phone.execute({ name: 'dial', target: number })).toMatchObject({
      error: { code: 'calls/not-registered' },
    })
    void phone.execute({ name: 'dial', target: emergency })
    const again = await phone.peer.takeCall()
    again.reply(await again.next('INVITE'), 486)
    await phone.until(`l.state.reason === 'busy'`)
    phone.peer.registrar = 'digest'
    await phone.execute({ name: 'register' })
    await phone.until(`s.registration.name === 'registered'`)
  }, 20_000)

  it('is refused in plain words only when there is no connection to send it over', async () => {
    phone.peer.listening = false
    phone.peer.cut()
    await phone.until(`s.registration.name === 'waiting'`)
    expect(await phone.execute({ name: 'dial', target: emergency })).toMatchObject({
      error: { code: 'calls/not-registered' },
    })
    phone.peer.listening = true
    await phone.execute({ name: 'register' })
    await phone.until(`s.registration.name === 'registered'`)
  }, 20_000)
})

describe('digits', () => {
  it('go into the sound where that was agreed, none of them lost when keyed fast', async () => {
    const { call, line } = await phone.ring()
    await phone.answer(call, line)
    await phone.page.evaluate(() => {
      const tones: string[] = []
      Object.assign(window, { tones })
      const insert = RTCDTMFSender.prototype.insertDTMF
      RTCDTMFSender.prototype.insertDTMF = function (digits, ...rest) {
        this.ontonechange ??= ({ tone }) => tones.push(tone)
        return insert.call(this, digits, ...rest)
      }
    })
    for (const digits of ['1', '2', 'A', '*#']) {
      expect(await phone.execute({ name: 'sendDigits', lineId: line.id, digits })).toEqual({
        ok: true,
        value: null,
      })
    }
    await phone.page.waitForFunction(
      () => (window as unknown as { tones: string[] }).tones.join('') === '12A*#',
      undefined,
      { polling: 100, timeout: 5_000 },
    )
    expect(phone.peer.received.filter((each) => methodOf(each) === 'INFO')).toEqual([])
  })

  it('go by INFO otherwise, one by one and in order; a refusal is said', async () => {
    const sdp = (await offer()).replace(/^a=rtpmap:(\d+) telephone-event.*\r\n/gm, '')
    const call = phone.peer.invite({ sdp })
    const { lines } = await phone.until(`l?.state.name === 'ringing'`)
    const { id } = newest(lines)
    void phone.execute({ name: 'answer', lineId: id })
    const ok = await call.response((status) => status === 200)
    expect(ok.body).not.toContain('telephone-event')
    call.ack()
    await phone.far.evaluate((body) => window.far.accept('far', body), ok.body)
    await phone.until(`l.state.name === 'active'`)
    const sending = [
      phone.execute({ name: 'sendDigits', lineId: id, digits: '1D' }),
      phone.execute({ name: 'sendDigits', lineId: id, digits: '#' }),
    ]
    for (const digit of ['1', 'D', '#']) {
      const info = await call.next('INFO')
      expect(headerOf(info, 'Content-Type')).toBe('application/dtmf-relay')
      expect(info.body).toContain(`Signal=${digit}\r\n`)
      call.reply(info, 200)
    }
    for (const each of sending) expect(await each).toEqual({ ok: true, value: null })
    const refused = phone.execute({ name: 'sendDigits', lineId: id, digits: '1' })
    call.reply(await call.next('INFO'), 415)
    expect(await refused).toMatchObject({ error: { code: 'calls/digits-not-supported', detail: '415' } })
  })
})

describe('codecs', () => {
  const names = (sdp: string) => {
    const [, types = ''] = /^m=audio \d+ \S+ ([^\r\n]*)/m.exec(sdp) ?? []
    return types
      .split(' ')
      .map((type) => new RegExp(`^a=rtpmap:${type} ([^/\\r\\n]+)`, 'm').exec(sdp)?.[1]?.toLowerCase() ?? type)
  }

  /** The description with these payload types alone, in this order. */
  const only = (sdp: string, types: readonly string[]) =>
    sdp
      .replace(/^(m=audio \d+ \S+) .*$/m, `$1 ${types.join(' ')}`)
      .replace(/^a=(?:rtpmap|fmtp|rtcp-fb):(\d+) .*\r\n/gm, (line, type: string) =>
        types.includes(type) ? line : '',
      )

  it('are offered and chosen as Opus with in-band FEC, G.722, PCMA, and PCMU last', async () => {
    const target = { kind: 'number', number: '+447700900123' } as const
    void phone.execute({ name: 'dial', target })
    const call = await phone.peer.takeCall()
    const invite = await call.next('INVITE')
    expect(names(invite.body).filter((name) => name !== 'telephone-event')).toEqual([
      'opus',
      'g722',
      'pcma',
      'pcmu',
    ])
    expect(names(invite.body)).toContain('telephone-event')
    expect(invite.body).toMatch(/^a=fmtp:\d+ .*useinbandfec=1/m)
    // Some peers speak PCMU and nothing else.
    const answer = await phone.far.evaluate((sdp) => window.far.answer('far', sdp), invite.body)
    call.reply(invite, 200, only(answer, ['0']))
    await phone.until(`l.state.name === 'active' && l.times.twoWayAt !== null`)
    await call.request('BYE')
  })

  it('are chosen by our order, not the caller’s', async () => {
    const sdp = await offer()
    const typeOf = (name: string) => new RegExp(`^a=rtpmap:(\\d+) ${name}/`, 'im').exec(sdp)?.[1] ?? ''
    const order = ['PCMU', 'PCMA', 'G722', 'opus'].map(typeOf)
    const call = phone.peer.invite({ sdp: only(sdp, order) })
    const { lines } = await phone.until(`l?.state.name === 'ringing'`)
    void phone.execute({ name: 'answer', lineId: newest(lines).id })
    const ok = await call.response((status) => status === 200)
    call.ack()
    expect(names(ok.body)).toEqual(['opus', 'g722', 'pcma', 'pcmu'])
  })
})

describe('a call that is asked for while the telephone starts', () => {
  it('is made as soon as it is registered, and not refused', async () => {
    phone.peer.registrar = 403
    phone.peer.cut()
    await phone.until(`s.registration.name === 'refused'`)
    phone.peer.registrar = 'digest'
    void phone.execute({ name: 'register' })
    void phone.execute({ name: 'dial', target: { kind: 'number', number: '+447700900123' } })
    const call = await phone.peer.takeCall()
    call.reply(await call.next('INVITE'), 486)
    await phone.until(`l.state.reason === 'busy' && s.registration.name === 'registered'`)
  })
})
