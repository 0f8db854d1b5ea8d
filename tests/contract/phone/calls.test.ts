import { describe, expect, it } from 'vitest'
import { headerOf, statusOf } from '#tests/support/sip-message.ts'
import { energyOverOneBeep, heardMore, newest, type TestPhone, withPhone } from './rig.ts'

let phone: TestPhone

withPhone({}, (opened) => {
  phone = opened
})

describe('a call from a resident', () => {
  it('rings with who may be calling, is answered, heard both ways and ended from here', async () => {
    const { call, line } = await phone.ring({
      headers: [
        ['X-Queue-Id', 'waste'],
        ['X-Queue-Name', 'Waste and recycling'],
        ['X-Waited-Ms', '18250'],
      ],
    })
    expect(line).toMatchObject({
      direction: 'inbound',
      remote: { number: '+441632960142', displayName: 'A. Okafor', withheld: false },
      queue: { id: 'waste', name: 'Waste and recycling' },
      waitedMs: 18_250,
    })
    expect(await phone.page.evaluate(() => window.phoneHarness.attention.at(-1))).toBe('ringing')
    const up = newest((await phone.answer(call, line)).lines)
    expect(up.sound).toMatchObject({ inbound: 'flowing', outbound: 'flowing' })
    expect(await phone.page.evaluate(() => window.phoneHarness.attention.at(-1))).toBe('none')
    await phone.until('l.sound.inboundEnergy > 0.05')
    await heardMore(phone.far)
    expect(await phone.execute({ name: 'hangUp', lineId: line.id })).toEqual({ ok: true, value: null })
    call.reply(await call.next('BYE'), 200)
    await phone.until(`l.state.name === 'ended' && l.state.reason === 'hung-up-here'`)
    expect(await phone.execute({ name: 'dismissLine', lineId: line.id })).toEqual({ ok: true, value: null })
    await phone.until('s.lines.length === 0')
  })

  it('ends when the resident hangs up', async () => {
    const { call } = await phone.callUp()
    expect(statusOf(await call.request('BYE'))).toBe(200)
    await phone.until(`l.state.name === 'ended' && l.state.reason === 'hung-up-there'`)
  })

  it('goes on through a reload of the desk, which finds the same call again', async () => {
    const { line } = await phone.callUp()
    const before = newest((await phone.snapshot()).lines)
    await phone.desk.reload()
    const after = newest((await phone.until(`l?.id === '${line.id}'`)).lines)
    expect(after.state).toEqual(before.state)
    await phone.until(`l.sound.packetsReceived > ${before.sound.packetsReceived + 25}`)
    await heardMore(phone.far)
  })

  it('is silenced while muted: not one sound reaches the resident', async () => {
    const { line } = await phone.callUp()
    await heardMore(phone.far)
    await phone.execute({ name: 'setMuted', lineId: line.id, muted: true })
    await phone.until(`l.muted && l.sound.outbound === 'muted'`)
    expect(await energyOverOneBeep(phone.far)).toBeLessThan(1e-6)
    await phone.execute({ name: 'setMuted', lineId: line.id, muted: false })
    await heardMore(phone.far)
  })

  it('is held and resumed by the adviser, and silent meanwhile', async () => {
    const { call, line } = await phone.callUp()
    const holding = phone.execute({ name: 'hold', lineId: line.id })
    const reinvite = await call.next('INVITE')
    expect(reinvite.body).toMatch(/^a=sendonly/m)
    call.reply(reinvite, 200, await phone.far.evaluate((sdp) => window.far.answer('far', sdp), reinvite.body))
    expect(await holding).toEqual({ ok: true, value: null })
    const held = newest((await phone.until(`l.state.name === 'held' && l.sound.outbound === 'held'`)).lines)
    expect(held).toMatchObject({ state: { by: 'adviser' }, sound: { inbound: 'held' } })
    // Packets go on, as music would: they must not carry the office.
    expect(await energyOverOneBeep(phone.far)).toBeLessThan(1e-6)
    const resuming = phone.execute({ name: 'resume', lineId: line.id })
    const again = await call.next('INVITE')
    expect(again.body).toMatch(/^a=sendrecv/m)
    call.reply(again, 200, await phone.far.evaluate((sdp) => window.far.answer('far', sdp), again.body))
    expect(await resuming).toEqual({ ok: true, value: null })
    await phone.until(`l.state.name === 'active' && l.sound.inbound === 'flowing'`)
    await heardMore(phone.far)
  })

  it('stays as it was when the far end refuses to be held', async () => {
    const { call, line } = await phone.callUp()
    const holding = phone.execute({ name: 'hold', lineId: line.id })
    call.reply(await call.next('INVITE'), 488)
    expect(await holding).toMatchObject({
      ok: false,
      error: { code: 'calls/far-end-refused', detail: '488' },
    })
    expect(newest((await phone.snapshot()).lines).state.name).toBe('active')
    await heardMore(phone.far)
    // A refused offer is rolled back: the next one goes through.
    const again = phone.execute({ name: 'hold', lineId: line.id })
    const second = await call.next('INVITE')
    call.reply(second, 200, await phone.far.evaluate((sdp) => window.far.answer('far', sdp), second.body))
    expect(await again).toEqual({ ok: true, value: null })
    await phone.until(`l.state.name === 'held'`)
  })

  it('is held in spite of glare', async () => {
    const { call, line } = await phone.callUp()
    const holding = phone.execute({ name: 'hold', lineId: line.id })
    call.reply(await call.next('INVITE'), 491)
    const again = await call.next('INVITE')
    call.reply(again, 200, await phone.far.evaluate((sdp) => window.far.answer('far', sdp), again.body))
    expect(await holding).toEqual({ ok: true, value: null })
    await phone.until(`l.state.name === 'held'`)
  })

  it('shows that the resident holds it', async () => {
    const { call } = await phone.callUp()
    const hold = await phone.far.evaluate(() => window.far.offer('far', 'inactive'))
    const held = await call.request('INVITE', [], hold)
    call.ack()
    await phone.far.evaluate((sdp) => window.far.accept('far', sdp), held.body)
    await phone.until(`l.state.name === 'held' && l.state.by === 'resident'`)
    const resume = await phone.far.evaluate(() => window.far.offer('far', 'sendrecv'))
    const resumed = await call.request('INVITE', [], resume)
    call.ack()
    await phone.far.evaluate((sdp) => window.far.accept('far', sdp), resumed.body)
    await phone.until(`l.state.name === 'active' && l.sound.inbound === 'flowing'`)
  })

  it('is rejected with busy, so that the queue offers it to someone else', async () => {
    const { call, line } = await phone.ring()
    expect(await phone.execute({ name: 'reject', lineId: line.id })).toEqual({ ok: true, value: null })
    await call.response((status) => status === 486)
    await phone.until(`l.state.reason === 'rejected-here'`)
  })

  it('stops ringing when the resident gives up', async () => {
    const { call } = await phone.ring()
    call.cancel()
    await call.response((status) => status === 487)
    await phone.until(`l.state.reason === 'cancelled'`)
  })

  it('stops ringing when someone else has answered it', async () => {
    const { call } = await phone.ring()
    call.cancel([['Reason', 'SIP;cause=200;text="Call completed elsewhere"']])
    await phone.until(`l.state.reason === 'answered-elsewhere'`)
  })

  it('rings as a second line during a call; answering it holds the first; a fifth is told busy', async () => {
    const { call: first, line: firstLine } = await phone.callUp()
    const sdp = await phone.far.evaluate(() => window.far.offer('more'))
    const others = [phone.peer.invite({ sdp }), phone.peer.invite({ sdp })]
    for (const each of others) await each.response((status) => status === 180)
    const { call: second, line } = await phone.ring({
      id: 'second',
      from: '<sip:anonymous@anonymous.invalid>',
    })
    expect(line.remote).toEqual({ withheld: true })
    const fifth = phone.peer.invite({ sdp })
    await fifth.response((status) => status === 486)
    for (const each of others) each.cancel()
    await phone.until(`s.lines.filter((each) => each.state.name === 'ended').length === 2`)
    const answering = phone.answer(second, line, 'second')
    const hold = await first.next('INVITE')
    first.reply(hold, 200, await phone.far.evaluate((sdp) => window.far.answer('far', sdp), hold.body))
    await answering
    const { lines } = await phone.until(`s.lines[0].state.name === 'held'`)
    expect(lines.map((each) => each.state.name)).toEqual(['held', 'ended', 'ended', 'active'])
    expect(lines[0]?.id).toBe(firstLine.id)
  })

  it('never rings when no codec is in common', async () => {
    const sdp = (await phone.far.evaluate(() => window.far.offer('far')))
      .replace(/^(m=audio \d+ \S+).*$/m, '$1 18')
      .replace(/^a=(rtpmap|fmtp|rtcp-fb):.*\r\n/gm, '')
    const call = phone.peer.invite({ sdp })
    await call.response((status) => status === 488)
    expect((await phone.snapshot()).lines).toEqual([])
  })

  it('is told so when its description turns out to be useless, not left in silence', async () => {
    const sdp = await phone.far.evaluate(() => window.far.offer('far'))
    const call = phone.peer.invite({ sdp: sdp.replace(/^a=fingerprint:.*\r\n/gm, '') })
    const { lines } = await phone.until(`l?.state.name === 'ringing'`)
    void phone.execute({ name: 'answer', lineId: newest(lines).id })
    await call.response((status) => status === 488)
    await phone.until(`l.state.reason === 'media-failed'`)
  })

  it('is refused when the caller insists on what we do not have', async () => {
    const sdp = await phone.far.evaluate(() => window.far.offer('far'))
    const call = phone.peer.invite({ sdp, headers: [['Require', 'timer, precondition']] })
    const refusal = await call.response((status) => status === 420)
    expect(headerOf(refusal, 'Unsupported')).toBe('precondition')
  })

  it('is not moved, nor ended, by what else the far end asks for', async () => {
    const { call } = await phone.callUp()
    expect(statusOf(await call.request('INFO', [['Content-Type', 'text/plain']]))).toBe(200)
    expect(statusOf(await call.request('NOTIFY', [['Event', 'talk']]))).toBe(200)
    expect(statusOf(await call.request('OPTIONS'))).toBe(200)
    expect((await phone.snapshot()).lines.map((each) => each.state.name)).toEqual(['active'])
  })

  it('is answered when the caller leaves the offer to us', async () => {
    const call = phone.peer.invite({ sdp: '' })
    const { lines } = await phone.until(`l?.state.name === 'ringing'`)
    const answering = phone.execute({ name: 'answer', lineId: newest(lines).id })
    const offer = await call.response((status) => status === 200)
    call.ack(await phone.far.evaluate((sdp) => window.far.answer('far', sdp), offer.body))
    expect(await answering).toEqual({ ok: true, value: null })
    await phone.until(`l.state.name === 'active' && l.times.twoWayAt !== null`)
  })
})

describe('a call to a resident', () => {
  const number = '+447700900123'

  it('is dialled, rings there, is answered, takes digits and is ended there', async () => {
    const dialling = phone.execute({ name: 'dial', target: { kind: 'number', number } })
    const call = await phone.peer.takeCall()
    const invite = await call.next('INVITE')
    expect(invite.startLine).toBe(`INVITE sip:${number}@example.org SIP/2.0`)
    expect(await dialling).toEqual({ ok: true, value: null })
    call.reply(invite, 180)
    await phone.until(`l.state.name === 'dialling' && l.state.progress === 'ringing'`)
    call.reply(invite, 200, await phone.far.evaluate((sdp) => window.far.answer('far', sdp), invite.body))
    await call.next('ACK')
    const { lines } = await phone.until(`l.state.name === 'active' && l.times.twoWayAt !== null`)
    expect(newest(lines)).toMatchObject({ direction: 'outbound', remote: { number, withheld: false } })
    expect(await phone.execute({ name: 'sendDigits', lineId: newest(lines).id, digits: '12#' })).toEqual({
      ok: true,
      value: null,
    })
    expect(statusOf(await call.request('BYE'))).toBe(200)
    await phone.until(`l.state.reason === 'hung-up-there'`)
  })

  it('says busy when the far end is', async () => {
    void phone.execute({ name: 'dial', target: { kind: 'number', number } })
    const call = await phone.peer.takeCall()
    call.reply(await call.next('INVITE'), 486)
    await phone.until(`l?.state.reason === 'busy' && l.state.status === 486`)
  })

  it('ends when it is answered without a codec in common', async () => {
    void phone.execute({ name: 'dial', target: { kind: 'number', number } })
    const call = await phone.peer.takeCall()
    const invite = await call.next('INVITE')
    const answer = await phone.far.evaluate((sdp) => window.far.answer('far', sdp), invite.body)
    call.reply(invite, 200, answer.replace(/^m=audio \d+/m, 'm=audio 0'))
    await call.next('ACK')
    await call.next('BYE')
    await phone.until(`l?.state.reason === 'media-failed'`)
  })

  it('is taken back before it is answered', async () => {
    void phone.execute({ name: 'dial', target: { kind: 'number', number } })
    const call = await phone.peer.takeCall()
    const invite = await call.next('INVITE')
    call.reply(invite, 180)
    const { lines } = await phone.until(`l?.state.progress === 'ringing'`)
    await phone.execute({ name: 'hangUp', lineId: newest(lines).id })
    call.reply(await call.next('CANCEL'), 200)
    call.reply(invite, 487)
    await phone.until(`l.state.reason === 'hung-up-here'`)
  })
})

const median = (figures: number[]) => figures.toSorted((a, b) => a - b)[Math.floor(figures.length / 2)] ?? 0

describe('the time a caller waits', () => {
  it('is a blink from INVITE to ringing on the desk, and from Answer to the first sound', async () => {
    const rings: number[] = []
    const sounds: number[] = []
    for (let round = 0; round < 5; round += 1) {
      const sdp = await phone.far.evaluate(() => window.far.offer('far'))
      const invitedAt = Date.now()
      const call = phone.peer.invite({ sdp })
      const { lines } = await phone.until(`l?.callId === '${call.callId}' && l.state.name === 'ringing'`)
      const line = newest(lines)
      const heardAt = await phone.desk.evaluate(
        (id) => window.heard.find((each) => each.snapshot?.lines.some((line) => line.id === id))?.at ?? 0,
        line.id,
      )
      rings.push(heardAt - invitedAt)
      await call.response((status) => status === 180)
      const answeredAt = Date.now()
      const { firstInboundAt } = newest((await phone.answer(call, line)).lines).times
      sounds.push((firstInboundAt ?? Number.POSITIVE_INFINITY) - answeredAt)
      await phone.tidy()
    }
    console.info(
      `INVITE to ringing on the desk: ${median(rings)} ms; Answer to first RTP: ${median(sounds)} ms`,
    )
    // Bounds for a machine that is busy with other tests; the medians printed are what counts.
    expect(median(rings)).toBeLessThan(500)
    expect(median(sounds)).toBeLessThan(1_500)
  })
})
