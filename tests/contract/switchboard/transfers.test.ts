import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import {
  header,
  headersOf,
  type SipRequest,
  type SipResponse,
} from '#electron/practice/switchboard/sip-message.ts'
import { domain, type Rig, startRig } from './rig.ts'
import type { ScriptedPhone } from './scripted-phone.ts'

let rig: Rig
beforeEach(async () => {
  rig = await startRig()
})
afterEach(() => rig.stop())

interface Dialog {
  readonly invite: SipRequest
  readonly ok: SipResponse
}

/** As the caller sees it, and as the called one does. */
async function connect(
  caller: ScriptedPhone,
  called: ScriptedPhone,
  invite: SipRequest,
): Promise<{ caller: Dialog; called: Dialog }> {
  caller.send(invite)
  const offered = await called.next('INVITE')
  const answered = called.reply(offered, 200, 'OK')
  const ok = await caller.response(invite, (status) => status >= 200)
  caller.send(caller.inDialog('ACK', invite, ok))
  await called.next('ACK')
  return { caller: { invite, ok }, called: { invite: offered, ok: answered } }
}

async function registered(user: string): Promise<ScriptedPhone> {
  const phone = await rig.resident(user)
  await phone.ask(phone.request('REGISTER', `sip:${domain}`, { to: phone.address }))
  return phone
}

/** A resident of the waste queue talks to Alex. */
async function queueCall(): Promise<{
  alex: ScriptedPhone
  resident: ScriptedPhone
  ofAlex: Dialog
  ofResident: Dialog
}> {
  const alex = await rig.adviser('alex')
  rig.agents.setReady('adviser-alex')
  const resident = await rig.resident()
  const { caller, called } = await connect(resident, alex, resident.request('INVITE', `sip:waste@${domain}`))
  return { alex, resident, ofAlex: called, ofResident: caller }
}

const callIdOf = ({ invite }: Dialog): string => header(invite, 'Call-ID') ?? ''

describe('a resident who is passed on', () => {
  it('hears of it, reports back, and the adviser wraps up a transferred call', async () => {
    const { alex, resident, ofAlex, ofResident } = await queueCall()
    const referTo = { 'Refer-To': `<sip:supervisor@${domain}>` }
    const refer = alex.inDialog('REFER', ofAlex.invite, ofAlex.ok, { headers: referTo })
    alex.send(refer)
    const heard = await resident.next('REFER')
    expect(header(heard, 'Refer-To')).toBe(referTo['Refer-To'])
    resident.reply(heard, 202, 'Accepted')
    expect((await alex.response(refer, () => true)).status).toBe(202)

    const supervisor = await registered('supervisor')
    const before = { 'In-Reply-To': callIdOf(ofResident) }
    const next = resident.request('INVITE', `sip:supervisor@${domain}`, { headers: before })
    const passedOn = await connect(resident, supervisor, next)
    expect(header(passedOn.called.invite, 'X-Queue-Id')).toBe('waste')

    const headers = { Event: 'refer', 'Subscription-State': 'terminated;reason=noresource' }
    const body = 'SIP/2.0 200 OK\r\n'
    const notify = resident.inDialog('NOTIFY', ofResident.invite, ofResident.ok, { headers, body })
    resident.send(notify)
    const reported = await alex.next('NOTIFY')
    expect(reported.body).toBe(body)
    alex.reply(reported, 200, 'OK')
    alex.send(alex.inDialog('BYE', ofAlex.invite, ofAlex.ok))
    resident.reply(await resident.next('BYE'), 200, 'OK')
    await rig.agents.hears('ended alex')
    expect(rig.history).toEqual([
      'alex inbound +441632960142 waste in-progress',
      'alex inbound +441632960142 waste talking',
      'alex inbound +441632960142 waste transferred',
    ])
    expect(rig.switchboard.calls()).toMatchObject([{ phase: 'answered', advisers: [] }])
  })

  it('reaches another adviser with the queue it came by, and takes the place of the one who asked', async () => {
    const { alex, resident, ofAlex, ofResident } = await queueCall()
    const billie = await rig.adviser('billie')
    const ask = alex.request('INVITE', `sip:billie@${domain}`)
    const asked = await connect(alex, billie, ask)
    const { to = '', from = '' } = {
      to: /tag=([^;]+)/.exec(header(asked.caller.ok, 'To') ?? '')?.[1],
      from: /tag=([^;]+)/.exec(header(asked.caller.ok, 'From') ?? '')?.[1],
    }
    const headers = {
      Replaces: `${callIdOf(asked.caller)};to-tag=${to};from-tag=${from}`,
      'In-Reply-To': callIdOf(ofResident),
    }
    const next = resident.request('INVITE', billie.contact, { headers })
    const passedOn = await connect(resident, billie, next)
    expect(header(passedOn.called.invite, 'Replaces')).toBe(headers.Replaces)
    billie.send(billie.inDialog('BYE', asked.called.invite, asked.called.ok))
    alex.reply(await alex.next('BYE'), 200, 'OK')
    alex.send(alex.inDialog('BYE', ofAlex.invite, ofAlex.ok))
    await resident.next('BYE')
    await rig.agents.hears('ended alex')
    // Billie goes on talking, to the resident.
    expect(rig.agents.told).not.toContain('ended billie')
    expect(rig.agents.told).toContain('answered billie waste')
    expect(rig.history.slice(2)).toEqual([
      'alex outbound billie Practice - in-progress',
      'billie inbound alex Practice - in-progress',
      'alex outbound billie Practice - talking',
      'billie inbound alex Practice - talking',
      'billie inbound +441632960142 waste in-progress',
      'billie inbound +441632960142 waste talking',
      'alex outbound billie Practice - answered',
      'billie inbound alex Practice - answered',
      'alex inbound +441632960142 waste answered',
    ])
  })

  it('cannot take the place of somebody who is in no call there', async () => {
    const { alex, resident, ofResident } = await queueCall()
    const billie = await rig.adviser('billie')
    for (const [callId, to] of [
      ['nobody', alex],
      [callIdOf(ofResident), billie],
    ] as const) {
      const headers = { Replaces: `${callId};to-tag=a;from-tag=b` }
      expect((await resident.ask(resident.request('INVITE', to.contact, { headers }))).status).toBe(481)
    }
    expect((await resident.ask(resident.request('INVITE', billie.contact))).status).toBe(404)
  })

  it('waits in the queue it is sent to, which says its own name', async () => {
    const { alex, resident, ofAlex, ofResident } = await queueCall()
    const before = { 'In-Reply-To': callIdOf(ofResident) }
    const next = resident.request('INVITE', `sip:housing@${domain}`, { headers: before })
    resident.send(next)
    await resident.response(next, (status) => status === 182)
    alex.send(alex.inDialog('BYE', ofAlex.invite, ofAlex.ok))
    resident.reply(await resident.next('BYE'), 200, 'OK')
    await rig.agents.hears('ended alex')
    rig.agents.setReady('adviser-alex')
    const offered = await alex.next('INVITE')
    expect(header(offered, 'X-Queue-Id')).toBe('housing')
    expect(header(offered, 'P-Called-Party-ID')).toBeUndefined()
  })
})

describe('a direct call', () => {
  it('rings an adviser who is not ready, but not one who wants no calls', async () => {
    const alex = await rig.adviser('alex')
    const resident = await rig.resident()
    const invite = resident.request('INVITE', `sip:alex@${domain}`)
    resident.send(invite)
    const offered = await alex.next('INVITE')
    alex.reply(offered, 486, 'Busy Here')
    expect((await resident.response(invite, (status) => status >= 200)).status).toBe(486)

    rig.agents.undisturbed = ['adviser-alex']
    const again = resident.request('INVITE', `sip:alex@${domain}`)
    expect((await resident.ask(again)).status).toBe(486)
    const outcomes = rig.history.map((each) => each.split(' ').at(-1))
    expect(outcomes).toEqual(['in-progress', 'declined', 'in-progress', 'missed'])
  })

  it('may ask the telephone to answer by itself, but only from inside', async () => {
    const [alex, billie] = [await rig.adviser('alex'), await rig.adviser('billie')]
    const headers = { 'Call-Info': `<sip:${domain}>;answer-after=0` }
    const supervisor = await registered('supervisor')
    supervisor.send(supervisor.request('INVITE', `sip:alex@${domain}`, { headers }))
    expect(header(await alex.next('INVITE'), 'Call-Info')).toBe(headers['Call-Info'])
    billie.send(billie.request('INVITE', `sip:alex@${domain}`, { headers }))
    expect(header(await alex.next('INVITE'), 'Call-Info')).toBeUndefined()
  })

  it('to a short or emergency number ends at a colleague, whoever asks', async () => {
    const operator = await registered('emergency-operator')
    const services = await registered('public-service-operator')
    const alex = await rig.adviser('alex')
    for (const number of ['999', '112', '18000', '101', '105', '111']) {
      alex.send(alex.request('INVITE', `sip:${number}@${domain}`))
      const to = Number(number) > 900 || number === '112' ? operator : services
      expect(header(await to.next('INVITE'), 'To')).toContain(number)
    }
    // No password is asked for before these.
    const from = `<sip:billie@${domain}>;tag=x`
    alex.send(alex.request('INVITE', 'tel:999', { from }))
    await operator.next('INVITE')
    expect(rig.history[0]).toBe('alex outbound 999 practice operator - in-progress')
  })

  it('with a plus after the name of a service ends there too', async () => {
    const voicemail = await registered('voicemail')
    const resident = await rig.resident()
    resident.send(resident.request('INVITE', `sip:voicemail+alex@${domain}`))
    expect(header(await voicemail.next('INVITE'), 'To')).toContain('voicemail+alex')
  })
})

describe('what the switchboard says of a queue call', () => {
  it('names the number that was dialled', async () => {
    const alex = await rig.adviser('alex')
    const dialled = '+448081570101'
    for (const target of ['waste', dialled]) {
      rig.agents.setReady('adviser-alex')
      const resident = await rig.resident()
      resident.send(resident.request('INVITE', `sip:${target}@${domain}`))
      const offered = await alex.next('INVITE')
      expect(headersOf(offered, 'X-Dialled-Number')).toEqual([dialled])
      expect(headersOf(offered, 'P-Called-Party-ID')).toEqual([`<sip:${dialled}@${domain}>`])
    }
  })

  it('is told of OPTIONS too, for queues and for telephones', async () => {
    const [alex, billie] = [await rig.adviser('alex'), await rig.adviser('billie')]
    expect((await alex.ask(alex.request('OPTIONS', `sip:waste@${domain}`))).status).toBe(200)
    const options = alex.request('OPTIONS', `sip:billie@${domain}`)
    alex.send(options)
    billie.reply(await billie.next('OPTIONS'), 200, 'OK')
    expect((await alex.response(options, () => true)).status).toBe(200)
  })
})
