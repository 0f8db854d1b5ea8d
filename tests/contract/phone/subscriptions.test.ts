import { afterEach, describe, expect, it } from 'vitest'
import { headerOf, methodOf, replyTo, type SipMessage, statusOf } from '#tests/support/sip-message.ts'
import { type TestPhone, withPhone } from './rig.ts'

let phone: TestPhone
let handled = 0

withPhone({ linesOnly: true }, (opened) => {
  phone = opened
})
afterEach(async () => {
  await phone.execute({ name: 'watchPresence', users: [] })
})

const watch = (...users: string[]) => phone.execute({ name: 'watchPresence', users })

/** The next SUBSCRIBE for a user that begins a subscription. */
async function subscribed(user: string, event = 'dialog', from = handled): Promise<SipMessage> {
  const found = await phone.peer.message(
    (each) =>
      methodOf(each) === 'SUBSCRIBE' &&
      each.startLine.includes(`sip:${user}@example.org`) &&
      headerOf(each, 'Event') === event &&
      headerOf(each, 'Expires') !== '0',
    from,
  )
  handled = phone.peer.received.indexOf(found) + 1
  return found
}

let cseq = 0

/** Tells the phone something within the subscription and resolves with its answer. */
async function notify(
  subscription: SipMessage,
  body: string,
  { type = 'application/dialog-info+xml', state = 'active;expires=600' } = {},
): Promise<number> {
  cseq += 1
  const after = phone.peer.received.length
  const target = /<([^>]+)>/.exec(headerOf(subscription, 'Contact'))?.[1] ?? ''
  const callId = headerOf(subscription, 'Call-ID')
  phone.peer.send(
    [
      `NOTIFY ${target} SIP/2.0`,
      `Via: SIP/2.0/WS peer.invalid;branch=z9hG4bKnotify${cseq}`,
      'Max-Forwards: 70',
      `From: ${headerOf(subscription, 'To')};tag=switchboard`,
      `To: ${headerOf(subscription, 'From')}`,
      `Call-ID: ${callId}`,
      `CSeq: ${cseq} NOTIFY`,
      'Contact: <sip:switchboard@peer.invalid;transport=ws>',
      `Event: ${headerOf(subscription, 'Event')}`,
      `Subscription-State: ${state}`,
      `Content-Type: ${type}`,
      `Content-Length: ${Buffer.byteLength(body)}`,
      '',
      body,
    ].join('\r\n'),
  )
  const answer = await phone.peer.message(
    (each) => headerOf(each, 'CSeq') === `${cseq} NOTIFY` && headerOf(each, 'Call-ID') === callId,
    after,
  )
  return statusOf(answer)
}

const accept = (subscription: SipMessage) =>
  phone.peer.send(replyTo(subscription, 200, { tag: 'switchboard', headers: [['Expires', '600']] }))

const dialogs = (version: number, states: Record<string, string>, kind = 'full') =>
  `<?xml version="1.0"?><dialog-info xmlns="urn:ietf:params:xml:ns:dialog-info" version="${version}" state="${kind}" entity="sip:2001@example.org">${Object.entries(
    states,
  )
    .map(([id, state]) => `<dialog id="${id}"><state>${state}</state></dialog>`)
    .join('')}</dialog-info>`

const pidf = (basic: string, activity = '') =>
  `<presence xmlns="urn:ietf:params:xml:ns:pidf" xmlns:rpid="urn:ietf:params:xml:ns:pidf:rpid"><tuple id="t"><status><basic>${basic}</basic></status></tuple><person xmlns="urn:ietf:params:xml:ns:pidf:data-model"><rpid:activities>${activity}</rpid:activities></person></presence>`

const ofPresence = { type: 'application/pidf+xml' }

/** Both subscriptions of a user, accepted; of the dialogs or of the person nothing is said yet. */
async function followed(user: string, from = handled): Promise<Record<'dialog' | 'presence', SipMessage>> {
  const dialog = await subscribed(user, 'dialog', from)
  const presence = await subscribed(user, 'presence')
  accept(dialog)
  accept(presence)
  return { dialog, presence }
}

const refuse = (subscription: SipMessage, status: number) =>
  phone.peer.send(replyTo(subscription, status, { tag: 'switchboard' }))

describe('a colleague', () => {
  it('is unknown until the switchboard says more, then as their dialogs are', async () => {
    await watch('2001')
    await phone.until(`s.presence['2001'].state === 'unknown'`)
    const subscription = await subscribed('2001')
    expect(headerOf(subscription, 'Accept')).toBe('application/dialog-info+xml')
    accept(subscription)
    await notify(subscription, dialogs(1, {}))
    // Having no call is not being at work: that is known once presence is known to be told by nobody.
    expect((await phone.snapshot()).presence['2001']?.state).toBe('unknown')
    refuse(await subscribed('2001', 'presence'), 489)
    await phone.until(`s.presence['2001'].state === 'available'`)
    await notify(subscription, dialogs(2, { a: 'early' }, 'partial'))
    await phone.until(`s.presence['2001'].state === 'ringing'`)
    await notify(subscription, dialogs(3, { b: 'confirmed' }, 'partial'))
    await phone.until(`s.presence['2001'].state === 'on-call'`)
    // One that was overtaken says nothing, and nor does what is no such document.
    await notify(subscription, dialogs(2, { b: 'terminated' }, 'partial'))
    expect((await phone.snapshot()).presence['2001']?.state).toBe('on-call')
    await notify(subscription, dialogs(4, { a: 'terminated', b: 'terminated' }, 'partial'))
    await phone.until(`s.presence['2001'].state === 'available'`)
    const bomb = '<!DOCTYPE d [<!ENTITY e "x">]><dialog-info state="full">&e;</dialog-info>'
    expect(await notify(subscription, bomb)).toBe(200)
    await phone.until(`s.presence['2001'].state === 'unknown'`)
  })

  it('is known by presence where dialogs are not told of', async () => {
    await watch('2002')
    refuse(await subscribed('2002'), 489)
    const subscription = await subscribed('2002', 'presence')
    expect(headerOf(subscription, 'Accept')).toBe('application/pidf+xml')
    accept(subscription)
    for (const [body, state] of [
      [pidf('open'), 'available'],
      [pidf('open', '<rpid:on-the-phone/>'), 'on-call'],
      [pidf('open', '<rpid:meeting/>'), 'away'],
      [pidf('closed'), 'offline'],
    ] as const) {
      await notify(subscription, body, ofPresence)
      await phone.until(`s.presence['2002'].state === '${state}'`)
    }
    await notify(subscription, '', { ...ofPresence, state: 'terminated;reason=timeout' })
    await phone.until(`s.presence['2002'].state === 'unknown'`)
  })

  it('who does not want to be disturbed is not available for having no calls', async () => {
    await watch('2004')
    const { dialog, presence } = await followed('2004')
    await notify(presence, pidf('open', '<rpid:away/>'), ofPresence)
    await phone.until(`s.presence['2004'].state === 'away'`)
    await notify(dialog, dialogs(1, {}))
    expect((await phone.snapshot()).presence['2004']?.state).toBe('away')
    await notify(dialog, dialogs(2, { a: 'confirmed' }))
    await phone.until(`s.presence['2004'].state === 'on-call'`)
    await notify(presence, pidf('open'), ofPresence)
    expect((await phone.snapshot()).presence['2004']?.state).toBe('on-call')
    await notify(dialog, dialogs(3, {}))
    await phone.until(`s.presence['2004'].state === 'available'`)
    await notify(presence, '', { ...ofPresence, state: 'terminated;reason=rejected' })
    expect((await phone.snapshot()).presence['2004']?.state).toBe('available')
  })

  it('who comes to work has their dialogs asked for at once', async () => {
    await watch('2005')
    refuse(await subscribed('2005'), 480)
    const presence = await subscribed('2005', 'presence')
    accept(presence)
    await notify(presence, pidf('closed'), ofPresence)
    await phone.until(`s.presence['2005'].state === 'offline'`)
    await notify(presence, pidf('open'), ofPresence)
    await phone.until(`s.presence['2005'].state === 'available'`)
    const dialog = await subscribed('2005', 'dialog', phone.peer.received.indexOf(presence))
    accept(dialog)
    await notify(dialog, dialogs(1, { a: 'early' }))
    await phone.until(`s.presence['2005'].state === 'ringing'`)
  })

  it('is unknown while the connection is away and asked for again after it; forgotten when not watched', async () => {
    await watch('2003')
    const first = await subscribed('2003')
    accept(first)
    await notify(first, dialogs(1, { a: 'confirmed' }))
    await phone.until(`s.presence['2003'].state === 'on-call'`)
    const before = phone.peer.received.length
    phone.peer.cut()
    await phone.until(`s.presence['2003'].state === 'unknown'`)
    const { dialog, presence } = await followed('2003', before)
    await notify(dialog, dialogs(1, {}))
    await notify(presence, pidf('open'), ofPresence)
    await phone.until(`s.presence['2003'].state === 'available'`)
    await watch()
    await phone.until(`Object.keys(s.presence).length === 0`)
    for (const event of ['dialog', 'presence']) {
      await phone.peer.message(
        (each) =>
          methodOf(each) === 'SUBSCRIBE' &&
          headerOf(each, 'Event') === event &&
          headerOf(each, 'Expires') === '0',
        phone.peer.received.indexOf(presence),
      )
    }
  })
})

describe('the mailbox', () => {
  it('is asked for after every registration, counted, and null when the switchboard does not say', async () => {
    const before = phone.peer.received.length
    phone.peer.cut()
    const subscription = await subscribed('adviser', 'message-summary', before)
    expect((await phone.snapshot()).voicemail).toBeNull()
    accept(subscription)
    const type = 'application/simple-message-summary'
    await notify(subscription, 'Messages-Waiting: yes\r\nVoice-Message: 2/8 (0/2)\r\n', { type })
    await phone.until('s.voicemail?.newMessages === 2 && s.voicemail.oldMessages === 8')
    await notify(subscription, 'Messages-Waiting: no\r\n', { type })
    await phone.until('s.voicemail?.newMessages === 0')
    await notify(subscription, '', { type, state: 'terminated;reason=noresource' })
    await phone.until('s.voicemail === null')
  })
})
