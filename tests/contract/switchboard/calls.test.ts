import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import {
  cseqOf,
  header,
  headersOf,
  type SipRequest,
  type SipResponse,
} from '#electron/practice/switchboard/sip-message.ts'
import { domain, password, type Rig, startRig } from './rig.ts'
import { ScriptedPhone } from './scripted-phone.ts'

let rig: Rig
beforeEach(async () => {
  rig = await startRig()
})
afterEach(() => rig.stop())

interface Talk {
  readonly alex: ScriptedPhone
  readonly resident: ScriptedPhone
  /** As the resident sent and got them. */
  readonly invite: SipRequest
  readonly ok: SipResponse
  /** As the adviser got and sent them. */
  readonly offered: SipRequest
  readonly answered: SipResponse
}

async function talk(): Promise<Talk> {
  const alex = await rig.adviser('alex')
  rig.agents.setReady('adviser-alex')
  const resident = await rig.resident()
  const invite = resident.request('INVITE', `sip:waste@${domain}`)
  resident.send(invite)
  const offered = await alex.next('INVITE')
  const answered = alex.reply(offered, 200, 'OK')
  const ok = await resident.response(invite, (status) => status === 200)
  resident.send(resident.inDialog('ACK', invite, ok))
  await alex.next('ACK')
  return { alex, resident, invite, ok, offered, answered }
}

describe('a call', () => {
  it('ends by the resident', async () => {
    const { alex, resident, invite, ok } = await talk()
    const bye = resident.inDialog('BYE', invite, ok)
    resident.send(bye)
    alex.reply(await alex.next('BYE'), 200, 'OK')
    expect((await resident.response(bye, () => true)).status).toBe(200)
    expect(rig.agents.told.at(-1)).toBe('ended alex')
    expect(rig.switchboard.calls()).toEqual([])
  })

  it('ends by the adviser', async () => {
    const { alex, resident, offered, answered } = await talk()
    const bye = alex.inDialog('BYE', offered, answered)
    alex.send(bye)
    resident.reply(await resident.next('BYE'), 200, 'OK')
    expect((await alex.response(bye, () => true)).status).toBe(200)
    expect(rig.agents.told.at(-1)).toBe('ended alex')
  })

  it('passes re-INVITE, INFO and UPDATE of both sides on', async () => {
    const { alex, resident, invite, ok, offered, answered } = await talk()
    for (const method of ['INVITE', 'INFO', 'UPDATE']) {
      const fromAdviser = alex.inDialog(method, offered, answered)
      alex.send(fromAdviser)
      resident.reply(await resident.next(method), 200, 'OK')
      expect((await alex.response(fromAdviser, () => true)).status).toBe(200)
      const fromResident = resident.inDialog(method, invite, ok)
      resident.send(fromResident)
      alex.reply(await alex.next(method), 200, 'OK')
      expect((await resident.response(fromResident, () => true)).status).toBe(200)
    }
    expect(rig.switchboard.calls()).toHaveLength(1)
  })

  it('follows the adviser to a new WebSocket', async () => {
    const { alex, resident, invite, ok, offered, answered } = await talk()
    alex.wire.cut()
    await rig.agents.hears('phoneLost alex')
    const tooEarly = resident.inDialog('INFO', invite, ok)
    expect((await resident.ask(tooEarly)).status).toBe(480)

    await alex.reconnect()
    expect((await alex.register(password)).status).toBe(200)
    const reinvite = alex.inDialog('INVITE', offered, answered)
    alex.send(reinvite)
    resident.reply(await resident.next('INVITE'), 200, 'OK')
    await alex.response(reinvite, (status) => status === 200)

    const bye = resident.inDialog('BYE', invite, ok)
    resident.send(bye)
    alex.reply(await alex.next('BYE'), 200, 'OK')
    expect((await resident.response(bye, () => true)).status).toBe(200)
  })

  it('survives a cut of the office network', async () => {
    const { alex, resident, offered, answered } = await talk()
    rig.switchboard.cut()
    await alex.wire.closed
    await expect(ScriptedPhone.connect(rig.switchboard.url, domain, 'billie')).rejects.toThrow('ECONNREFUSED')
    await rig.clock.run(60_000)
    await rig.switchboard.restore()
    await alex.reconnect()
    expect((await alex.register(password)).status).toBe(200)
    await rig.clock.run(60_000)
    const bye = alex.inDialog('BYE', offered, answered)
    alex.send(bye)
    resident.reply(await resident.next('BYE'), 200, 'OK')
    await alex.response(bye, (status) => status === 200)
  })

  it('is ended for the adviser when the resident is gone', async () => {
    const { alex, resident, offered } = await talk()
    resident.wire.cut()
    const bye = await alex.next('BYE')
    expect(bye.uri).toBe(alex.contact)
    expect(header(bye, 'From')).toBe(header(offered, 'From'))
    expect(header(bye, 'Call-ID')).toBe(header(offered, 'Call-ID'))
    expect(cseqOf(bye)?.number).toBeGreaterThan(cseqOf(offered)?.number ?? 0)
    await rig.agents.hears('ended alex')
  })

  it('is ended for the resident when the adviser does not come back', async () => {
    const { alex, resident, offered, answered } = await talk()
    const info = alex.inDialog('INFO', offered, answered)
    alex.send(info)
    resident.reply(await resident.next('INFO'), 200, 'OK')
    alex.wire.cut()
    await rig.agents.hears('phoneLost alex')
    await rig.clock.run(90_000)
    const bye = await resident.next('BYE')
    expect(bye.uri).toBe(resident.contact)
    expect(cseqOf(bye)?.number).toBe((cseqOf(info)?.number ?? 0) + 1)
    await rig.agents.hears('ended alex')
  })
})

describe('an adviser who rings someone', () => {
  const number = '+447700900467'

  async function residentAtHome(): Promise<ScriptedPhone> {
    const resident = await rig.resident(number)
    const response = await resident.ask(
      resident.request('REGISTER', `sip:${domain}`, { to: resident.address }),
    )
    expect(response.status).toBe(200)
    return resident
  }

  it('reaches the resident at the number, and wraps up after the call', async () => {
    const resident = await residentAtHome()
    const alex = await rig.adviser('alex')
    const invite = alex.request('INVITE', `sip:${number}@${domain}`)
    alex.send(invite)
    const rung = await resident.next('INVITE')
    expect(rig.agents.told).toContain('dialled alex')
    resident.reply(rung, 180, 'Ringing')
    await alex.response(invite, (status) => status === 180)
    resident.reply(rung, 200, 'OK')
    const ok = await alex.response(invite, (status) => status === 200)
    expect(rig.agents.told).toContain('answered alex')
    alex.send(alex.inDialog('ACK', invite, ok))
    await resident.next('ACK')
    alex.send(alex.inDialog('BYE', invite, ok))
    await resident.next('BYE')
    await rig.agents.hears('ended alex')
  })

  it('is told when nobody has the number', async () => {
    const alex = await rig.adviser('alex')
    expect((await alex.ask(alex.request('INVITE', `sip:+447700900000@${domain}`))).status).toBe(404)
    expect((await alex.ask(alex.request('INVITE', 'tel:+44-7700-900000'))).status).toBe(404)
    expect(rig.agents.told).toEqual(['phoneFound alex'])
  })

  it('can give up, and the ACK finds its way', async () => {
    const resident = await residentAtHome()
    const alex = await rig.adviser('alex')
    const invite = alex.request('INVITE', `sip:${number}@${domain}`)
    alex.send(invite)
    const rung = await resident.next('INVITE')
    alex.cancel(invite)
    const cancel = await resident.next('CANCEL')
    expect(headersOf(cancel, 'Via')[0]).toBe(headersOf(rung, 'Via')[0])
    resident.reply(rung, 487, 'Request Terminated')
    const refused = await alex.response(invite, (status) => status >= 300)
    const branch = /branch=([^;]+)/.exec(header(invite, 'Via') ?? '')?.[1] ?? ''
    const cseq = cseqOf(invite)?.number ?? 0
    alex.send(
      alex.request('ACK', invite.uri, {
        branch,
        cseq,
        to: header(refused, 'To') ?? '',
        callId: header(invite, 'Call-ID') ?? '',
      }),
    )
    expect(headersOf(await resident.next('ACK'), 'Via')[0]).toBe(headersOf(rung, 'Via')[0])
    await rig.agents.hears('ended alex')
  })

  it('must have signed in here, or prove who they are', async () => {
    await residentAtHome()
    const uri = `sip:${number}@${domain}`
    const stranger = await ScriptedPhone.connect(rig.switchboard.url, domain, 'alex')
    const challenge = await stranger.ask(stranger.request('INVITE', uri))
    expect(challenge.status).toBe(407)
    const wrong = stranger.authorization(challenge, 'INVITE', uri, 'wrong')
    expect((await stranger.ask(stranger.request('INVITE', uri, { headers: wrong }))).status).toBe(403)
    const right = stranger.authorization(challenge, 'INVITE', uri, password)
    const invite = stranger.request('INVITE', uri, { headers: right })
    stranger.send(invite)
    expect((await stranger.response(invite, () => true)).status).toBe(100)
    stranger.wire.cut()
  })

  it('cannot call in another name', async () => {
    const alex = await rig.adviser('alex')
    const from = `<sip:+441632960999@${domain}>;tag=x`
    expect((await alex.ask(alex.request('INVITE', `sip:${number}@${domain}`, { from }))).status).toBe(407)
    const elsewhere = '<sip:alex@elsewhere.example.org>;tag=x'
    const invite = alex.request('INVITE', `sip:${number}@${domain}`, { from: elsewhere })
    expect((await alex.ask(invite)).status).toBe(403)
  })

  it('is told when the resident vanishes before answering', async () => {
    const resident = await residentAtHome()
    const alex = await rig.adviser('alex')
    const invite = alex.request('INVITE', `sip:${number}@${domain}`)
    alex.send(invite)
    await resident.next('INVITE')
    resident.wire.cut()
    expect((await alex.response(invite, (status) => status >= 200)).status).toBe(480)
    await rig.agents.hears('ended alex')
  })
})
