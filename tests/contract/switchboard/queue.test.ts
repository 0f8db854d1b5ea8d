import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { header, headersOf } from '#electron/practice/switchboard/sip-message.ts'
import { domain, type Rig, startRig } from './rig.ts'

let rig: Rig
beforeEach(async () => {
  rig = await startRig()
})
afterEach(() => rig.stop())

const queue = `sip:waste@${domain}`
const sdp = { headers: { 'Content-Type': 'application/sdp' }, body: 'v=0\r\n' }

describe('a caller in the queue', () => {
  it('is told to wait, and rings the adviser who becomes ready', async () => {
    const alex = await rig.adviser('alex')
    const resident = await rig.resident()
    const invite = resident.request('INVITE', queue, sdp)
    resident.send(invite)
    expect((await resident.response(invite, (status) => status === 182)).reason).toBe('Queued')
    expect(rig.switchboard.calls()).toMatchObject([{ phase: 'waiting', queueId: 'waste', advisers: [] }])

    await rig.clock.run(4000)
    rig.agents.setReady('adviser-alex')
    const offered = await alex.next('INVITE')
    expect(offered.uri).toBe(alex.contact)
    expect(header(offered, 'X-Queue-Id')).toBe('waste')
    expect(header(offered, 'X-Queue-Name')).toBe('Waste and recycling')
    expect(header(offered, 'X-Waited-Ms')).toBe('4000')
    expect(header(offered, 'From')).toBe(header(invite, 'From'))
    expect(header(offered, 'Max-Forwards')).toBe('69')
    expect(offered.body).toBe('v=0\r\n')
    expect(rig.agents.told).toContain('offered alex waste')

    alex.reply(offered, 180, 'Ringing')
    await resident.response(invite, (status) => status === 180)
    const ok = alex.reply(offered, 200, 'OK')
    const got = await resident.response(invite, (status) => status === 200)
    expect(headersOf(got, 'Via')).toEqual(headersOf(invite, 'Via'))
    expect(header(got, 'To')).toBe(header(ok, 'To'))
    expect(rig.agents.told).toContain('answered alex waste')
    expect(rig.switchboard.calls()).toMatchObject([{ phase: 'answered', advisers: ['adviser-alex'] }])

    resident.send(resident.inDialog('ACK', invite, got))
    expect((await alex.next('ACK')).uri).toBe(alex.contact)
  })

  it('may dial the number of the queue', async () => {
    const alex = await rig.adviser('alex')
    rig.agents.setReady('adviser-alex')
    const resident = await rig.resident()
    resident.send(resident.request('INVITE', `sip:+448081570101@${domain}`, sdp))
    expect(header(await alex.next('INVITE'), 'X-Queue-Id')).toBe('waste')
  })

  it('cannot forge what the switchboard says of the queue', async () => {
    const alex = await rig.adviser('alex')
    rig.agents.setReady('adviser-alex')
    const resident = await rig.resident()
    const headers = { 'X-Queue-Id': 'housing', 'X-Waited-Ms': '1' }
    resident.send(resident.request('INVITE', queue, { headers }))
    const offered = await alex.next('INVITE')
    expect(headersOf(offered, 'X-Queue-Id')).toEqual(['waste'])
    expect(headersOf(offered, 'X-Waited-Ms')).toEqual(['0'])
  })

  it('keeps a withheld number withheld', async () => {
    const alex = await rig.adviser('alex')
    rig.agents.setReady('adviser-alex')
    const resident = await rig.resident()
    const from = '<sip:anonymous@anonymous.invalid>;tag=a'
    resident.send(resident.request('INVITE', queue, { from, headers: { Privacy: 'id' } }))
    const offered = await alex.next('INVITE')
    expect(header(offered, 'From')).toBe(from)
    expect(header(offered, 'Privacy')).toBe('id')
  })

  it('rings the adviser idle the longest first, and each caller one adviser', async () => {
    const [alex, billie] = [await rig.adviser('alex'), await rig.adviser('billie')]
    const [first, second] = [await rig.resident('+441632960001'), await rig.resident('+441632960002')]
    const invites = [first.request('INVITE', queue), second.request('INVITE', queue)]
    first.send(invites[0] ?? first.request('INVITE', queue))
    await first.wire.take((each) => each.kind === 'response' && each.status === 182, '182')
    second.send(invites[1] ?? second.request('INVITE', queue))
    await second.wire.take((each) => each.kind === 'response' && each.status === 182, '182')

    rig.agents.setReady('adviser-billie', 'adviser-alex')
    expect(header(await billie.next('INVITE'), 'From')).toContain('+441632960001')
    expect(header(await alex.next('INVITE'), 'From')).toContain('+441632960002')
  })

  it('passes over a ready adviser whose telephone cannot be reached', async () => {
    const alex = await rig.adviser('alex')
    rig.agents.setReady('adviser-billie', 'adviser-alex')
    const resident = await rig.resident()
    resident.send(resident.request('INVITE', queue))
    await alex.next('INVITE')
    expect(rig.agents.told).not.toContain('offered billie waste')
  })
})

describe('an offer that is not answered', () => {
  it('is withdrawn after the ring time-out and goes to the next adviser', async () => {
    const [alex, billie] = [await rig.adviser('alex'), await rig.adviser('billie')]
    rig.agents.setReady('adviser-alex', 'adviser-billie')
    const resident = await rig.resident()
    const invite = resident.request('INVITE', queue)
    resident.send(invite)
    const offered = await alex.next('INVITE')

    await rig.clock.run(20_000)
    const cancel = await alex.next('CANCEL')
    expect(headersOf(cancel, 'Via')).toEqual(headersOf(offered, 'Via').slice(0, 1))
    alex.reply(cancel, 200, 'OK')
    alex.reply(offered, 487, 'Request Terminated')
    expect(header(await alex.next('ACK'), 'CSeq')).toMatch(/ ACK$/)

    const again = await billie.next('INVITE')
    expect(rig.agents.told).toContain('missed alex')
    billie.reply(again, 200, 'OK')
    expect((await resident.response(invite, (status) => status >= 200)).status).toBe(200)
  })

  it('goes on when the telephone does not even answer the CANCEL', async () => {
    const [alex, billie] = [await rig.adviser('alex'), await rig.adviser('billie')]
    rig.agents.setReady('adviser-alex', 'adviser-billie')
    const resident = await rig.resident()
    resident.send(resident.request('INVITE', queue))
    await alex.next('INVITE')
    await rig.clock.run(20_000)
    await alex.next('CANCEL')
    await rig.clock.run(2000)
    await billie.next('INVITE')
  })

  it('goes to the next adviser when rejected', async () => {
    const [alex, billie] = [await rig.adviser('alex'), await rig.adviser('billie')]
    rig.agents.setReady('adviser-alex', 'adviser-billie')
    const resident = await rig.resident()
    resident.send(resident.request('INVITE', queue))
    alex.reply(await alex.next('INVITE'), 486, 'Busy Here')
    await billie.next('INVITE')
    expect(rig.agents.told).toContain('missed alex')
  })

  it('goes to the next adviser at once when the telephone is gone', async () => {
    const [alex, billie] = [await rig.adviser('alex'), await rig.adviser('billie')]
    rig.agents.setReady('adviser-alex', 'adviser-billie')
    const resident = await rig.resident()
    resident.send(resident.request('INVITE', queue))
    await alex.next('INVITE')
    alex.wire.cut()
    await billie.next('INVITE')
    expect(rig.agents.told).toContain('phoneLost alex')
    expect(rig.agents.told).not.toContain('missed alex')
  })

  it('takes an answer that crosses the withdrawal', async () => {
    const alex = await rig.adviser('alex')
    rig.agents.setReady('adviser-alex')
    const resident = await rig.resident()
    const invite = resident.request('INVITE', queue)
    resident.send(invite)
    const offered = await alex.next('INVITE')
    await rig.clock.run(20_000)
    await alex.next('CANCEL')
    alex.reply(offered, 200, 'OK')
    await resident.response(invite, (status) => status === 200)
    await rig.clock.run(10_000)
    expect(rig.agents.told).toContain('answered alex waste')
    expect(rig.agents.told).not.toContain('missed alex')
  })

  it('hangs up on an answer that comes after the call went elsewhere', async () => {
    const [alex, billie] = [await rig.adviser('alex'), await rig.adviser('billie')]
    rig.agents.setReady('adviser-alex', 'adviser-billie')
    const resident = await rig.resident()
    resident.send(resident.request('INVITE', queue))
    const offered = await alex.next('INVITE')
    await rig.clock.run(22_000)
    await billie.next('INVITE')
    alex.reply(offered, 200, 'OK')
    await alex.next('ACK')
    const bye = await alex.next('BYE')
    expect(bye.uri).toBe(alex.contact)
  })

  it('is offered to the same adviser again when nobody else is there', async () => {
    const alex = await rig.adviser('alex')
    rig.agents.setReady('adviser-alex')
    const resident = await rig.resident()
    resident.send(resident.request('INVITE', queue))
    const offered = await alex.next('INVITE')
    alex.reply(offered, 486, 'Busy Here')
    await rig.agents.hears('missed alex')
    rig.agents.setReady('adviser-alex')
    const again = await alex.next('INVITE')
    expect(headersOf(again, 'Via')[0]).not.toBe(headersOf(offered, 'Via')[0])
  })
})

describe('a caller who gives up', () => {
  it('while waiting leaves the queue', async () => {
    const resident = await rig.resident()
    const invite = resident.request('INVITE', queue)
    resident.send(invite)
    await resident.response(invite, (status) => status === 182)
    const cancel = resident.cancel(invite)
    expect((await resident.response(cancel, () => true)).status).toBe(200)
    expect((await resident.response(invite, (status) => status >= 200)).status).toBe(487)
    expect(rig.switchboard.calls()).toEqual([])
  })

  it('while ringing stops the ringing and gives the adviser back', async () => {
    const alex = await rig.adviser('alex')
    rig.agents.setReady('adviser-alex')
    const resident = await rig.resident()
    const invite = resident.request('INVITE', queue)
    resident.send(invite)
    const offered = await alex.next('INVITE')
    resident.cancel(invite)
    alex.reply(await alex.next('CANCEL'), 200, 'OK')
    alex.reply(offered, 487, 'Request Terminated')
    await alex.next('ACK')
    await rig.agents.hears('ended alex')
    expect(rig.agents.told).not.toContain('missed alex')
  })

  it('by vanishing does the same', async () => {
    const alex = await rig.adviser('alex')
    rig.agents.setReady('adviser-alex')
    const resident = await rig.resident()
    resident.send(resident.request('INVITE', queue))
    await alex.next('INVITE')
    resident.wire.cut()
    await alex.next('CANCEL')
    await rig.agents.hears('ended alex')
  })
})
