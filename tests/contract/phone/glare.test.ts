import { describe, expect, it } from 'vitest'
import { statusOf } from '#tests/support/sip-message.ts'
import { heardMore, type TestPhone, withPhone } from './rig.ts'

let phone: TestPhone

withPhone({ linesOnly: true }, (opened) => {
  phone = opened
})

describe('when both ends renegotiate after an outage', () => {
  it('accepts the far end’s offer instead of its own that was lost on the way', async () => {
    const { call, line } = await phone.ring()
    await phone.answer(call, line)
    phone.peer.cut()
    // The re-INVITE of the recovery falls into a hole.
    await call.next('INVITE')
    // A far end that hears it at all has answered by now.
    await phone.page.evaluate(() => window.lineHarness.passTime(2_000))
    const theirs = await call.request('INVITE', [], await phone.far.evaluate(() => window.far.offer('far')))
    expect(statusOf(theirs)).toBe(200)
    call.ack()
    await phone.far.evaluate((sdp) => window.far.accept('far', sdp), theirs.body)
    await heardMore(phone.far)
    await phone.until(`l.state.name === 'active' && l.sound.inbound === 'flowing'`)
  })

  it('keeps the call when the far end’s offer comes while its own is still being made', async () => {
    const { call, line } = await phone.ring()
    await phone.answer(call, line)
    const offer = await phone.far.evaluate(() => window.far.offer('far'))
    const holding = phone.execute({ name: 'hold', lineId: line.id })
    const theirs = await call.request('INVITE', [], offer)
    // 491 when the phone's was sent already; the library would have ended the call otherwise.
    expect([200, 491]).toContain(statusOf(theirs))
    call.ack()
    await phone.until(`l.state.name !== 'ended'`)
    // The hold was sent already, or comes after the crossing, or was overtaken for good.
    call.next('INVITE').then(
      (hold) => call.reply(hold, 488),
      () => {},
    )
    if (statusOf(theirs) === 200) {
      await phone.far.evaluate((sdp) => window.far.accept('far', sdp), theirs.body)
    }
    await holding
    await phone.until(`l.state.name === 'active'`)
    expect(statusOf(await call.request('OPTIONS'))).toBe(200)
  })
})
