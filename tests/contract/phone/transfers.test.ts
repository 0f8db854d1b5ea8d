import { describe, expect, it } from 'vitest'
import { decideWithinMs } from '#renderer/platform/sip/line-referral.ts'
import { transferNewsWithinMs } from '#shared/calls/transfer.ts'
import type { Line } from '#shared/contract/phone.ts'
import { headerOf, statusOf } from '#tests/support/sip-message.ts'
import type { PeerCall } from '#tests/support/sip-peer.ts'
import { newest, type TestPhone, withPhone } from './rig.ts'

let phone: TestPhone

withPhone({ linesOnly: true }, (opened) => {
  phone = opened
})

const runOut = (delayMs: number) => phone.page.evaluate((ms) => window.lineHarness.runOut(ms), delayMs)

const colleague = { kind: 'internal', user: '2001', name: 'Jo Doe' } as const

const report = (call: PeerCall, status: number, state = 'active;expires=60') =>
  call.request(
    'NOTIFY',
    [
      ['Event', 'refer'],
      ['Subscription-State', state],
      ['Content-Type', 'message/sipfrag;version=2.0'],
    ],
    `SIP/2.0 ${status} Test\r\n`,
  )

/** A call that has been held and whose far end was asked to call the colleague. */
async function referred() {
  const { call, line } = await phone.callUp()
  const transferring = phone.execute({ name: 'transfer', lineId: line.id, target: colleague })
  await phone.agree(call, await call.next('INVITE'))
  const refer = await call.next('REFER')
  return { call, line, refer, transferring }
}

describe('a call passed on without asking first', () => {
  it('is held, follows the reports of the far end, and ends as transferred', async () => {
    const { call, refer, transferring } = await referred()
    expect(headerOf(refer, 'Refer-To')).toBe('<sip:2001@example.org>')
    expect(headerOf(refer, 'Referred-By')).toBe('<sip:adviser@example.org>')
    await phone.until(
      `l.state.name === 'held' && l.transfer?.name === 'asking' && l.transfer.to === 'Jo Doe'`,
    )
    call.reply(refer, 202)
    expect(await transferring).toEqual({ ok: true, value: null })
    await phone.until(`l.transfer.name === 'trying'`)
    // Some telephones say with every report that the subscription is over.
    expect(statusOf(await report(call, 100, 'terminated;reason=noresource'))).toBe(200)
    await report(call, 180, 'terminated;reason=noresource')
    await phone.until(`l.transfer.name === 'ringing'`)
    void report(call, 200, 'terminated;reason=noresource')
    call.reply(await call.next('BYE'), 200)
    await phone.until(`l.state.name === 'ended' && l.state.reason === 'transferred'`)
  })

  it('says from which contact it comes when a hand-over was saved for it', async () => {
    const { call, line } = await phone.callUp()
    const { contactId } = line
    void phone.execute({ name: 'transfer', lineId: line.id, target: colleague, contactId })
    await phone.agree(call, await call.next('INVITE'))
    const refer = await call.next('REFER')
    const hex = contactId.replaceAll('-', '')
    expect(headerOf(refer, 'Refer-To')).toBe(`<sip:2001@example.org?User-to-User=${hex}%3Bencoding%3Dhex>`)
    call.reply(refer, 603)
    await phone.until(`l.transfer?.name === 'failed'`)
  })

  it('is read by the telephone that it reaches, and anything else there is not', async () => {
    const header = (value: string): [string, string][] => [['User-to-User', value]]
    const from = '20000000-0000-4000-8000-00000000000a'
    const known = await phone.ring({ headers: header('2000000000004000800000000000000a;encoding=hex') })
    expect(known.line.handedOverFrom).toBe(from)
    await phone.execute({ name: 'reject', lineId: known.line.id })
    const unknown = await phone.ring({ headers: header('Mrs Okafor, 14 Elm Road') })
    expect(unknown.line.handedOverFrom).toBeUndefined()
    await phone.execute({ name: 'reject', lineId: unknown.line.id })
  })

  it.each([
    [405, 'refused'],
    [603, 'refused'],
  ])('comes back on hold when the far end answers %i', async (status, reason) => {
    const { call, line, refer, transferring } = await referred()
    call.reply(refer, status)
    expect(await transferring).toMatchObject({
      error: { code: 'calls/far-end-refused', detail: `${status}` },
    })
    const failed = newest((await phone.until(`l.transfer?.name === 'failed'`)).lines)
    expect(failed).toMatchObject({ state: { name: 'held', by: 'adviser' }, transfer: { reason, status } })
    await phone.execute({ name: 'dismissTransfer', lineId: line.id })
    await phone.until('l.transfer === null')
    const resuming = phone.execute({ name: 'resume', lineId: line.id })
    await phone.agree(call, await call.next('INVITE'))
    expect(await resuming).toEqual({ ok: true, value: null })
    await phone.until(`l.state.name === 'active' && l.sound.inbound === 'flowing'`)
  })

  it('comes back on hold when the colleague is busy, unknown or cannot just now', async () => {
    const { call, line, refer } = await referred()
    call.reply(refer, 202)
    await report(call, 486, 'terminated;reason=noresource')
    await phone.until(`l.state.name === 'held' && l.transfer.reason === 'busy' && l.transfer.status === 486`)
    for (const [status, reason] of [
      [404, 'not-found'],
      [503, 'refused'],
    ] as const) {
      void phone.execute({ name: 'transfer', lineId: line.id, target: colleague })
      call.reply(await call.next('REFER'), 202)
      await report(call, status, 'terminated;reason=noresource')
      await phone.until(`l.state.name === 'held' && l.transfer.reason === '${reason}'`)
    }
  })

  it('comes back on hold when the connection is lost, and a late success still counts', async () => {
    const { call, refer } = await referred()
    call.reply(refer, 202)
    await phone.until(`l.transfer.name === 'trying'`)
    phone.peer.cut()
    await phone.until(`l.transfer.name === 'failed' && l.transfer.reason === 'connection-lost'`)
    await phone.agree(call, await call.next('INVITE'))
    await call.next('ACK')
    const back = await phone.until(`l.signalling === 'up'`)
    expect(newest(back.lines).state).toMatchObject({ name: 'held', by: 'adviser' })
    void report(call, 200, 'terminated;reason=noresource')
    await phone.until(`l.state.reason === 'transferred'`)
  })

  it('comes back on hold when the far end tells nothing more, counted from its last word', async () => {
    const { call, refer } = await referred()
    call.reply(refer, 202)
    await phone.until(`l.transfer.name === 'trying'`)
    await report(call, 180)
    await phone.until(`l.transfer.name === 'ringing'`)
    expect(await runOut(transferNewsWithinMs)).toBe(1)
    const { lines } = await phone.until(`l.transfer.name === 'failed'`)
    expect(newest(lines)).toMatchObject({
      state: { name: 'held', by: 'adviser' },
      transfer: { reason: 'no-answer' },
    })
    expect(await runOut(transferNewsWithinMs)).toBe(0)
    // Whoever had lost patience still hears of it: the far end is gone either way.
    void report(call, 200, 'terminated;reason=noresource')
    call.reply(await call.next('BYE'), 200)
    await phone.until(`l.state.reason === 'transferred'`)
  })

  it('is the resident’s own hanging up when they do so before anyone has answered', async () => {
    const { call, refer } = await referred()
    call.reply(refer, 202)
    await report(call, 180)
    await call.request('BYE')
    await phone.until(`l.state.reason === 'hung-up-there'`)
  })
})

/** A resident on hold, and a colleague who was asked and is on the line. */
async function consulting() {
  const { call: resident, line } = await phone.callUp()
  const begun = phone.execute({ name: 'consult', lineId: line.id, target: colleague })
  await phone.agree(resident, await resident.next('INVITE'))
  const jo = await phone.peer.takeCall()
  const invite = await jo.next('INVITE')
  expect(await begun).toEqual({ ok: true, value: null })
  return { resident, line, jo, invite }
}

const stateOf = (lines: readonly Line[]) => lines.map((line) => line.state.name)

describe('a colleague who is asked first', () => {
  it('is called while the resident is on hold, is talked to in turn, and is connected', async () => {
    const { resident, line, jo, invite } = await consulting()
    expect(invite.startLine).toBe('INVITE sip:2001@example.org SIP/2.0')
    expect(await phone.execute({ name: 'completeTransfer', lineId: line.id })).toMatchObject({
      error: { code: 'calls/not-possible-now' },
    })
    await phone.agree(jo, invite, 'jo')
    await jo.next('ACK')
    const { lines } = await phone.until(`l.state.name === 'active' && l.times.twoWayAt !== null`)
    expect(stateOf(lines)).toEqual(['held', 'active'])
    expect(newest(lines)).toMatchObject({
      purpose: { name: 'consult', forLineId: line.id },
      contactId: line.contactId,
      remote: { displayName: 'Jo Doe' },
    })
    const swapping = phone.execute({ name: 'resume', lineId: line.id })
    await Promise.all([
      jo.next('INVITE').then((request) => phone.agree(jo, request, 'jo')),
      resident.next('INVITE').then((request) => phone.agree(resident, request)),
    ])
    expect(await swapping).toEqual({ ok: true, value: null })
    await phone.until(`s.lines[0].state.name === 'active' && l.state.name === 'held'`)
    void phone.execute({ name: 'completeTransfer', lineId: newest(lines).id })
    const refer = await resident.next('REFER')
    const dialog = await jo.next('ACK')
    const tag = (name: string) => /;tag=([^;]+)/.exec(headerOf(dialog, name))?.[1] ?? ''
    const replaces = encodeURIComponent(`${jo.callId};to-tag=${tag('To')};from-tag=${tag('From')}`)
    expect(headerOf(refer, 'Refer-To')).toBe(`<sip:resident@peer.invalid;transport=ws?Replaces=${replaces}>`)
    resident.reply(refer, 202)
    // The colleague's telephone leaves the call that is replaced, then the resident's reports.
    expect(statusOf(await jo.request('BYE'))).toBe(200)
    void report(resident, 200, 'terminated;reason=noresource')
    resident.reply(await resident.next('BYE'), 200)
    await phone.until(`s.lines.every((each) => each.state.reason === 'transferred')`)
  })

  it('is told good-bye when their telephone does not leave by itself', async () => {
    const { resident, line, jo, invite } = await consulting()
    await phone.agree(jo, invite, 'jo')
    await phone.until(`l.state.name === 'active'`)
    void phone.execute({ name: 'completeTransfer', lineId: line.id })
    resident.reply(await resident.next('REFER'), 202)
    void report(resident, 200, 'terminated;reason=noresource')
    resident.reply(await resident.next('BYE'), 200)
    jo.reply(await jo.next('BYE'), 200)
    await phone.until(`s.lines.every((each) => each.state.reason === 'transferred')`)
  })

  it('has hung up when they leave in the middle of it and the resident does not get through to them', async () => {
    const { resident, line, jo, invite } = await consulting()
    await phone.agree(jo, invite, 'jo')
    await phone.until(`l.state.name === 'active'`)
    void phone.execute({ name: 'completeTransfer', lineId: line.id })
    resident.reply(await resident.next('REFER'), 202)
    await report(resident, 180)
    await jo.request('BYE')
    await phone.until(`l.state.reason === 'transferred'`)
    await report(resident, 480, 'terminated;reason=noresource')
    const { lines } = await phone.until(`l.state.reason === 'hung-up-there'`)
    expect(lines[0]).toMatchObject({
      state: { name: 'held', by: 'adviser' },
      transfer: { name: 'failed', reason: 'no-answer', status: 480 },
    })
  })

  it('leaves the resident on hold when busy, and when it is over; a failed connection loses nobody', async () => {
    const { resident, line, jo, invite } = await consulting()
    jo.reply(invite, 486)
    await phone.until(`l.state.reason === 'busy' && s.lines[0].state.name === 'held'`)
    void phone.execute({ name: 'consult', lineId: line.id, target: colleague })
    const again = await phone.peer.takeCall()
    await phone.agree(again, await again.next('INVITE'), 'jo')
    await phone.until(`l.state.name === 'active'`)
    void phone.execute({ name: 'completeTransfer', lineId: line.id })
    resident.reply(await resident.next('REFER'), 202)
    await report(resident, 503, 'terminated;reason=noresource')
    const { lines } = await phone.until(`s.lines[0].transfer?.name === 'failed'`)
    expect(stateOf(lines)).toEqual(['held', 'ended', 'active'])
    await again.request('BYE')
    const over = await phone.until(`l.state.reason === 'hung-up-there'`)
    expect(over.lines[0]?.state).toMatchObject({ name: 'held', by: 'adviser' })
  })
})

describe('a far end that asks us to call someone else', () => {
  const refer = (call: PeerCall, to = '"Jo <b>" <sip:2001@example.org>') =>
    call.request('REFER', [
      ['Refer-To', to],
      ['Referred-By', '<sip:resident@example.org>'],
    ])

  it('is asked back to the adviser, who agrees: the call is made and reported', async () => {
    const { call, line } = await phone.callUp()
    const answer = refer(call)
    await phone.until(`l.referral?.to === 'Jo <b>'`)
    const accepting = phone.execute({ name: 'acceptReferral', lineId: line.id })
    expect(statusOf(await answer)).toBe(202)
    const trying = await call.next('NOTIFY')
    expect(trying.body).toBe('SIP/2.0 100 Trying\r\n')
    call.reply(trying, 200)
    await phone.agree(call, await call.next('INVITE'))
    const jo = await phone.peer.takeCall()
    const invite = await jo.next('INVITE')
    expect(invite.startLine).toBe('INVITE sip:2001@example.org SIP/2.0')
    expect(headerOf(invite, 'Referred-By')).toBe('<sip:resident@example.org>')
    expect(await accepting).toEqual({ ok: true, value: null })
    jo.reply(invite, 180)
    expect((await call.next('NOTIFY')).body).toMatch(/^SIP\/2\.0 180/)
    await phone.agree(jo, invite, 'jo')
    const final = await call.next('NOTIFY')
    expect(final.body).toBe('SIP/2.0 200 OK\r\n')
    expect(headerOf(final, 'Subscription-State')).toBe('terminated;reason=noresource')
    const { lines } = await phone.until(`s.lines[0].state.name === 'held' && l.state.name === 'active'`)
    expect(newest(lines)).toMatchObject({ contactId: line.contactId, remote: { displayName: 'Jo <b>' } })
  })

  it('is declined, and never dialled by itself', async () => {
    const { call, line } = await phone.callUp()
    const answer = refer(call)
    await phone.until('l.referral !== null')
    expect(await phone.execute({ name: 'declineReferral', lineId: line.id })).toEqual({
      ok: true,
      value: null,
    })
    expect(statusOf(await answer)).toBe(603)
    expect(statusOf(await refer(call, '<mailto:jo@example.org>'))).toBe(400)
    expect(statusOf(await refer(call, '<sip:a@example.org;method=BYE>'))).toBe(400)
    const toNumber = refer(call, '<tel:+44-1632-960999>')
    await phone.until(`l.referral?.to === '+441632960999'`)
    // A call that ends undecided has answered no.
    await phone.execute({ name: 'hangUp', lineId: line.id })
    expect(statusOf(await toNumber)).toBe(603)
    expect(stateOf((await phone.snapshot()).lines)).toEqual(['ended'])
  })

  it('is told no when the adviser does not decide before the far end would give up', async () => {
    const { call } = await phone.callUp()
    const answer = refer(call)
    await phone.until('l.referral !== null')
    expect(await runOut(decideWithinMs)).toBe(1)
    expect(statusOf(await answer)).toBe(603)
    expect(newest((await phone.snapshot()).lines)).toMatchObject({
      state: { name: 'active' },
      referral: null,
    })
  })
})

describe('an INVITE that replaces one of our calls', () => {
  it('is answered in its place without ringing, and the replaced one is told good-bye', async () => {
    const { call, line } = await phone.callUp()
    const answered = await call.response((status) => status === 200)
    const tag = (name: string) => /;tag=([^;]+)/.exec(headerOf(answered, name))?.[1] ?? ''
    const names = `${call.callId};to-tag=${tag('To')};from-tag=${tag('From')}`
    const sdp = await phone.far.evaluate(() => window.far.offer('new'))
    for (const [replaces, status] of [
      [`${names}x`, 481],
      [`${names};early-only`, 486],
      ['broken', 400],
    ] as const) {
      const refused = phone.peer.invite({ sdp, headers: [['Replaces', replaces]] })
      await refused.response((each) => each === status)
    }
    const taking = phone.peer.invite({
      sdp,
      from: '"B. Okafor" <sip:+441632960143@example.org>',
      headers: [
        ['Replaces', names],
        ['Require', 'replaces'],
      ],
    })
    const taken = await taking.response((status) => status >= 180)
    expect(statusOf(taken)).toBe(200)
    taking.ack()
    await phone.far.evaluate((body) => window.far.accept('new', body), taken.body)
    call.reply(await call.next('BYE'), 200)
    const { lines } = await phone.until(
      `l.state.name === 'active' && l.times.twoWayAt !== null && s.lines[0].state.reason === 'transferred'`,
    )
    expect(newest(lines)).toMatchObject({
      contactId: line.contactId,
      remote: { number: '+441632960143', displayName: 'B. Okafor' },
    })
  })
})
