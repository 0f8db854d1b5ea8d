import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { header, type SipRequest, type SipResponse } from '#electron/practice/switchboard/sip-message.ts'
import { domain, password, type Rig, startRig } from './rig.ts'
import type { ScriptedPhone } from './scripted-phone.ts'

const box = { newMessages: 0, oldMessages: 0 }
let messagesChanged = (): void => {}
let rig: Rig
beforeEach(async () => {
  Object.assign(box, { newMessages: 0, oldMessages: 0 })
  rig = await startRig({
    voicemail: {
      waiting: () => box,
      onChanged(listener) {
        messagesChanged = listener
        return () => {}
      },
    },
  })
})
afterEach(() => rig.stop())

interface Subscribed {
  readonly subscribe: SipRequest
  readonly ok: SipResponse
}

async function subscribe(
  phone: ScriptedPhone,
  event: string,
  user: string,
  expires = 600,
): Promise<Subscribed> {
  const headers = { Event: event, Expires: String(expires) }
  const request = phone.request('SUBSCRIBE', `sip:${user}@${domain}`, { headers })
  return { subscribe: request, ok: await phone.ask(request) }
}

async function renew(phone: ScriptedPhone, before: Subscribed, expires: number): Promise<SipResponse> {
  const { subscribe: first, ok } = before
  return phone.ask(
    phone.inDialog('SUBSCRIBE', first, ok, {
      headers: { Event: header(first, 'Event') ?? '', Expires: String(expires) },
    }),
  )
}

async function told(phone: ScriptedPhone, status = 200): Promise<SipRequest> {
  const notify = await phone.next('NOTIFY')
  phone.reply(notify, status, 'OK')
  return notify
}

const noteOf = ({ body }: SipRequest): string => /<note[^>]*>([^<]*)/.exec(body)?.[1] ?? ''
const states = ({ body }: SipRequest): string[] =>
  [...body.matchAll(/<state>(\w+)/g)].map(([, state]) => state ?? '')

describe('presence', () => {
  it('of an adviser follows the telephone, the state and the calls', async () => {
    const alex = await rig.adviser('alex')
    const { ok } = await subscribe(alex, 'presence', 'billie')
    expect(ok.status).toBe(200)
    expect(header(ok, 'Expires')).toBe('600')
    const first = await told(alex)
    expect(header(first, 'Content-Type')).toBe('application/pidf+xml')
    expect(header(first, 'Subscription-State')).toBe('active;expires=600')
    expect(header(first, 'From')).toBe(header(ok, 'To'))
    expect(first.uri).toBe(alex.contact)
    expect(first.body).toContain('<basic>closed</basic>')
    expect(noteOf(first)).toBe('Offline')

    const billie = await rig.adviser('billie')
    expect(noteOf(await told(alex))).toBe('Not ready')
    rig.agents.setReady('adviser-billie')
    expect(noteOf(await told(alex))).toBe('Available')
    const resident = await rig.resident()
    const invite = resident.request('INVITE', `sip:waste@${domain}`)
    resident.send(invite)
    const offered = await billie.next('INVITE')
    expect(noteOf(await told(alex))).toBe('Ringing')
    billie.reply(offered, 200, 'OK')
    const talking = await told(alex)
    expect(noteOf(talking)).toBe('On a call')
    expect(talking.body).toContain('<rpid:on-the-phone/>')
    // Who rings is nobody else's business.
    expect(talking.body).not.toContain('+44')
    billie.wire.cut()
    expect(noteOf(await told(alex))).toBe('Offline')
  })

  it('of a queue says who waits and who could answer', async () => {
    const alex = await rig.adviser('alex')
    await subscribe(alex, 'presence', 'housing')
    expect(noteOf(await told(alex))).toBe('0 waiting, 0 advisers available')
    const resident = await rig.resident()
    resident.send(resident.request('INVITE', `sip:housing@${domain}`))
    expect(noteOf(await told(alex))).toBe('1 waiting, 0 advisers available')
    rig.agents.setReady('adviser-billie')
    expect(noteOf(await told(alex))).toBe('1 waiting, 1 adviser available')
  })

  it('of a colleague is known once the telephone is there, and of nobody else', async () => {
    const alex = await rig.adviser('alex')
    await subscribe(alex, 'presence', 'supervisor')
    expect(noteOf(await told(alex))).toBe('Offline')
    const supervisor = await rig.resident('supervisor')
    supervisor.send(supervisor.request('REGISTER', `sip:${domain}`, { to: supervisor.address }))
    expect(noteOf(await told(alex))).toBe('Available')
    expect((await subscribe(alex, 'presence', 'nobody')).ok.status).toBe(404)
    expect((await subscribe(alex, 'presence', '+441632960142')).ok.status).toBe(404)
  })
})

describe('the calls of somebody', () => {
  it('are told as they begin, are answered and end', async () => {
    const [alex, billie] = [await rig.adviser('alex'), await rig.adviser('billie')]
    await subscribe(alex, 'dialog', 'billie')
    const first = await told(alex)
    expect(header(first, 'Content-Type')).toBe('application/dialog-info+xml')
    expect(first.body).toContain(`version="0" state="full" entity="sip:billie@${domain}"`)
    expect(states(first)).toEqual([])
    const resident = await rig.resident()
    const invite = resident.request('INVITE', `sip:billie@${domain}`)
    resident.send(invite)
    const offered = await billie.next('INVITE')
    const ringing = await told(alex)
    expect(states(ringing)).toEqual(['early'])
    expect(ringing.body).toMatch(/version="1".*direction="recipient"/)
    const answered = billie.reply(offered, 200, 'OK')
    expect(states(await told(alex))).toEqual(['confirmed'])
    billie.send(billie.inDialog('BYE', offered, answered))
    expect(states(await told(alex))).toEqual([])
  })
})

describe('somebody without a telephone', () => {
  it('has presence but no calls to tell of', async () => {
    const alex = await rig.adviser('alex')
    expect((await subscribe(alex, 'dialog', 'billie')).ok.status).toBe(480)
    expect((await subscribe(alex, 'dialog', 'housing')).ok.status).toBe(489)
    expect((await subscribe(alex, 'dialog', 'nobody')).ok.status).toBe(404)
    const billie = await rig.adviser('billie')
    await subscribe(alex, 'dialog', 'billie')
    await told(alex)
    billie.wire.cut()
    expect(header(await told(alex), 'Subscription-State')).toBe('terminated;reason=noresource')
  })
})

describe('messages', () => {
  it('are counted for the one to whom they were left, and for nobody else', async () => {
    const alex = await rig.adviser('alex')
    await subscribe(alex, 'message-summary', 'alex')
    expect((await told(alex)).body).toMatch(
      /^Messages-Waiting: no\r\n[\s\S]*Voice-Message: 0\/0 \(0\/0\)\r\n$/,
    )
    box.newMessages = 1
    messagesChanged()
    const notify = await told(alex)
    expect(header(notify, 'Content-Type')).toBe('application/simple-message-summary')
    expect(notify.body).toMatch(/^Messages-Waiting: yes\r\n[\s\S]*Voice-Message: 1\/0/)
    expect((await subscribe(alex, 'message-summary', 'billie')).ok.status).toBe(403)
    expect((await subscribe(alex, 'message-summary', 'waste')).ok.status).toBe(404)
  })
})

describe('a subscription', () => {
  it('runs out unless it is renewed, and ends when asked', async () => {
    const alex = await rig.adviser('alex')
    const subscribed = await subscribe(alex, 'presence', 'billie', 60)
    await told(alex)
    await rig.clock.run(50_000)
    expect((await renew(alex, subscribed, 60)).status).toBe(200)
    expect(header(await told(alex), 'Subscription-State')).toBe('active;expires=60')
    await rig.clock.run(50_000)
    expect((await renew(alex, subscribed, 0)).status).toBe(200)
    expect(header(await told(alex), 'Subscription-State')).toBe('terminated;reason=timeout')
    expect((await renew(alex, subscribed, 60)).status).toBe(481)

    await subscribe(alex, 'presence', 'billie', 60)
    await told(alex)
    await rig.clock.run(60_000)
    expect(header(await told(alex), 'Subscription-State')).toMatch(/^terminated/)
  })

  it('outlives a lost connection and hears everything afresh when it is renewed', async () => {
    const [alex, billie] = [await rig.adviser('alex'), await rig.adviser('billie')]
    const subscribed = await subscribe(alex, 'presence', 'billie')
    expect(noteOf(await told(alex))).toBe('Not ready')
    alex.wire.cut()
    await rig.agents.hears('phoneLost alex')
    billie.wire.cut()
    await rig.agents.hears('phoneLost billie')
    await alex.reconnect()
    await alex.register(password)
    expect((await renew(alex, subscribed, 600)).status).toBe(200)
    expect(noteOf(await told(alex))).toBe('Offline')
  })

  it('is forgotten when the telephone knows nothing of it any more', async () => {
    const alex = await rig.adviser('alex')
    const subscribed = await subscribe(alex, 'presence', 'housing')
    await told(alex, 481)
    await rig.clock.run(0)
    expect((await renew(alex, subscribed, 600)).status).toBe(481)
  })

  it('is refused for other events, too short a time, other formats, and strangers', async () => {
    const alex = await rig.adviser('alex')
    const { ok } = await subscribe(alex, 'conference', 'billie')
    expect(ok.status).toBe(489)
    expect(header(ok, 'Allow-Events')).toBe('dialog, presence, message-summary')
    expect((await subscribe(alex, 'presence', 'billie', 2)).ok.status).toBe(423)
    const headers = { Event: 'presence', Accept: 'text/plain' }
    const request = alex.request('SUBSCRIBE', `sip:billie@${domain}`, { headers })
    expect((await alex.ask(request)).status).toBe(406)
    const from = `<sip:billie@${domain}>;tag=x`
    const asBillie = alex.request('SUBSCRIBE', `sip:billie@${domain}`, { from, headers })
    expect((await alex.ask(asBillie)).status).toBe(407)
  })
})
