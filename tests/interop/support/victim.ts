import { isUtf8 } from 'node:buffer'
import type { CDPSession, Page } from 'playwright-core'
import { newest, type Rig, startRig } from '#tests/contract/phone/rig.ts'
import { headerOf, headersOf, type SipMessage, statusOf, writeSip } from '#tests/support/sip-message.ts'
import { type PeerCall, type SipPeer, startSipPeer } from '#tests/support/sip-peer.ts'

/** A telephone in a real browser with a call up, at the far end of a WebSocket that says anything. */
export interface Victim {
  /** Sends a message and resolves with the final answer to it, or null when the next question is answered first. */
  provoke(message: Uint8Array, rings: boolean): Promise<{ status: number; text: string } | null>
  /** Sends all, and resolves with the time until a plain question after them was answered. */
  endure(messages: readonly Uint8Array[]): Promise<number>
  /** What the pages threw, and what tripped the telephone's transport. */
  faults(): readonly string[]
  /** Rejects unless the call that is up is still heard in both directions and can be held by its far end. */
  callGoesOn(): Promise<void>
  /** Valid messages of all kinds, some of the live call from someone who does not know its tags. */
  ownMessages(): readonly Uint8Array[]
  weight(): Promise<{ heapMb: number; listeners: number; connections: number }>
  close(): Promise<void>
}

const uri = 'sip:user@example.com'
const answerWithinMs = 10_000

export async function openVictim(): Promise<Victim> {
  const rig = await startRig()
  const peer = await startSipPeer()
  try {
    return await furnish(rig, peer)
  } catch (error) {
    await rig.close()
    await peer.stop()
    throw error
  }
}

async function furnish(rig: Rig, peer: SipPeer): Promise<Victim> {
  const faults: string[] = []
  const page = await rig.context.newPage()
  page.on('pageerror', (error) => faults.push(error.message))
  page.on('crash', () => faults.push('the page crashed'))
  await page.addInitScript(countConnections)
  const account = encodeURIComponent(JSON.stringify({ ...peer.account, uri }))
  await page.goto(`${rig.origin}/phone-page.html?account=${account}`)
  const desk = await rig.context.newPage()
  await desk.goto(`${rig.origin}/desk-page.html`)
  await page.evaluate(() => window.phoneHarness.signIn())
  const far = await rig.context.newPage()
  await far.goto(`${rig.origin}/far-page.html`)
  const until = (where: string) =>
    desk.waitForFunction(
      `(() => {
        const s = window.phone?.snapshot()
        const l = s?.lines[0]
        return Boolean(s && (${where}))
      })()`,
      undefined,
      { polling: 20, timeout: answerWithinMs },
    )
  await until(`s.registration.name === 'registered' && s.microphone.name === 'live'`)
  const call = await callUp(peer, desk, far)
  await until(`l?.state.name === 'active' && l.times.twoWayAt !== null`)
  const cdp = await rig.context.newCDPSession(page)
  await cdp.send('Performance.enable')
  let questions = 0

  /** Final refusals of an INVITE are acknowledged, as any caller would. */
  let acknowledged = peer.received.length
  function acknowledge(): void {
    for (const message of peer.received.slice(acknowledged)) {
      if (statusOf(message) >= 300 && headerOf(message, 'CSeq').includes('INVITE')) peer.send(ackOf(message))
    }
    acknowledged = peer.received.length
  }

  /** Resolves once everything sent before it was dealt with. */
  async function ask(): Promise<void> {
    questions += 1
    const id = `question-${questions}`
    const from = peer.received.length
    peer.send(plain('OPTIONS', id))
    const answered = peer.message((each) => headerOf(each, 'Call-ID') === id, from)
    let late: NodeJS.Timeout | undefined
    await Promise.race([
      answered,
      new Promise((_, reject) => {
        late = setTimeout(() => reject(new Error('the telephone hangs')), answerWithinMs)
      }),
    ]).finally(() => clearTimeout(late))
    acknowledge()
  }

  /** Refuses whatever rings besides the call that is up. */
  async function refuseOthers(): Promise<void> {
    await desk.evaluate(async (callId) => {
      for (const line of window.phone.snapshot()?.lines ?? []) {
        if (line.callId === callId) continue
        await window.phone.execute({ name: 'hangUp', lineId: line.id })
        await window.phone.execute({ name: 'dismissLine', lineId: line.id })
      }
    }, call.callId)
  }

  return {
    async provoke(message, rings) {
      acknowledge()
      const from = peer.received.length
      sendBytes(peer, message)
      if (rings) {
        await until(`s.lines.some((each) => each.state.name === 'ringing')`)
        await refuseOthers()
      }
      await ask()
      await refuseOthers()
      const asked = `question-${questions}`
      const final = peer.received
        .slice(from)
        .find((each) => statusOf(each) >= 200 && headerOf(each, 'Call-ID') !== asked)
      if (final === undefined) return null
      return {
        status: statusOf(final),
        text: [final.startLine, ...final.headers.map((each) => each.join(': '))].join('\n'),
      }
    },
    async endure(messages) {
      const startedAt = performance.now()
      for (const message of messages) sendBytes(peer, message)
      await ask()
      const tookMs = performance.now() - startedAt
      await refuseOthers()
      await ask()
      const state = await desk.evaluate((callId) => {
        return window.phone.snapshot()?.lines.find((each) => each.callId === callId)?.state
      }, call.callId)
      if (state?.name !== 'active') throw new Error(`the call is ${JSON.stringify(state)}`)
      return tookMs
    },
    faults: () => faults,
    async callGoesOn() {
      const logged = await page.evaluate(() =>
        window.phoneHarness.logged.filter(
          // Caught, answered with 400 and logged: that is what the transport is for.
          ({ level, code }) => level === 'error' && code !== 'sip.message-not-handled',
        ),
      )
      if (logged.length > 0) throw new Error(`logged: ${JSON.stringify(logged.slice(0, 3))}`)
      const line = await desk.evaluate((callId) => {
        return window.phone.snapshot()?.lines.find((each) => each.callId === callId)
      }, call.callId)
      if (line?.state.name !== 'active') throw new Error(`the call is ${JSON.stringify(line?.state)}`)
      await desk.waitForFunction(
        ([callId, packets]) => {
          const now = window.phone.snapshot()?.lines.find((each) => each.callId === callId)
          return now?.sound.inbound === 'flowing' && now.sound.packetsReceived > packets + 50
        },
        [call.callId, line.sound.packetsReceived] as const,
        { polling: 50, timeout: answerWithinMs },
      )
      for (const direction of ['inactive', 'sendrecv'] as const) {
        const offer = await far.evaluate((each) => window.far.offer('call', each), direction)
        const answered = await call.request('INVITE', [], offer)
        if (statusOf(answered) !== 200) throw new Error(answered.startLine)
        call.ack()
        await far.evaluate((sdp) => window.far.accept('call', sdp), answered.body)
      }
    },
    ownMessages: () => ownMessages(call.callId).map((text) => Buffer.from(text)),
    weight: () => weigh(page, cdp),
    async close() {
      await rig.close()
      await peer.stop()
    },
  }
}

async function callUp(peer: SipPeer, desk: Page, far: Page): Promise<PeerCall> {
  const sdp = await far.evaluate(() => window.far.offer('call'))
  const call = peer.invite({ sdp })
  await desk.waitForFunction(() => window.phone.snapshot()?.lines[0]?.state.name === 'ringing')
  const { id } = newest((await desk.evaluate(() => window.phone.snapshot()))?.lines ?? [])
  void desk.evaluate((lineId) => window.phone.execute({ name: 'answer', lineId }), id)
  const ok = await call.response((status) => status === 200)
  call.ack()
  await far.evaluate((answer) => window.far.accept('call', answer), ok.body)
  return call
}

/** As text where it is text, as bytes where it is not: a browser closes the socket of a text frame that is not UTF-8. */
function sendBytes(peer: SipPeer, message: Uint8Array): void {
  peer.send(isUtf8(message) ? Buffer.from(message).toString() : message)
}

/** Runs in the page: every peer connection that is open. */
const countConnections = `
  const open = new Set()
  window.RTCPeerConnection = class extends window.RTCPeerConnection {
    constructor(...given) { super(...given); open.add(this) }
    close() { open.delete(this); super.close() }
  }
  window.openConnections = () => open.size
`

async function weigh(page: Page, cdp: CDPSession) {
  // Ended transactions leave after their timers (RFC 3261 timer H, I, K are at most 5 s once all is acknowledged).
  await page.evaluate(() => new Promise((resolve) => setTimeout(resolve, 6_000)))
  for (let times = 0; times < 2; times += 1) await cdp.send('HeapProfiler.collectGarbage')
  const { metrics } = await cdp.send('Performance.getMetrics')
  const metric = (name: string) => metrics.find((each) => each.name === name)?.value ?? 0
  const connections = Number(await page.evaluate('window.openConnections()'))
  return { heapMb: metric('JSHeapUsedSize') / 2 ** 20, listeners: metric('JSEventListeners'), connections }
}

function ackOf(refusal: SipMessage): string {
  const [cseq = '1'] = headerOf(refusal, 'CSeq').split(' ')
  return writeSip(`ACK ${uri} SIP/2.0`, [
    ['Via', headersOf(refusal, 'Via')[0] ?? ''],
    ['From', headerOf(refusal, 'From')],
    ['To', headerOf(refusal, 'To')],
    ['Call-ID', headerOf(refusal, 'Call-ID')],
    ['CSeq', `${cseq} ACK`],
    ['Max-Forwards', '70'],
  ])
}

const sdp =
  'v=0\r\no=- 1 1 IN IP4 192.0.2.1\r\ns=-\r\nc=IN IP4 192.0.2.1\r\nt=0 0\r\nm=audio 49170 RTP/AVP 0 8\r\n'

function plain(method: string, callId: string, more: [string, string][] = [], body = '', to = ''): string {
  return writeSip(
    `${method} ${uri} SIP/2.0`,
    [
      ['Via', `SIP/2.0/WS peer.invalid;branch=z9hG4bK${callId}${method}`],
      ['From', '<sip:a@example.org>;tag=1'],
      ['To', `<${uri}>${to}`],
      ['Call-ID', callId],
      ['CSeq', `1 ${method}`],
      ['Max-Forwards', '70'],
      ['Contact', '<sip:a@peer.invalid;transport=ws>'],
      ...more,
    ],
    body,
  )
}

function ownMessages(callId: string): string[] {
  const refer: [string, string] = ['Refer-To', '<sip:+441632960999@example.org>']
  const methods: readonly (readonly [string, [string, string][], string])[] = [
    [
      'INVITE',
      [
        ['Supported', 'timer'],
        ['Session-Expires', '1800'],
      ],
      sdp,
    ],
    ['INVITE', [], ''],
    ['OPTIONS', [], ''],
    [
      'NOTIFY',
      [
        ['Event', 'message-summary'],
        ['Subscription-State', 'active'],
      ],
      '',
    ],
    ['REFER', [refer], ''],
    ['INFO', [['Info-Package', 'dtmf']], ''],
    ['UPDATE', [], sdp],
    ['BYE', [], ''],
    ['ACK', [], ''],
    ['CANCEL', [], ''],
    ['MESSAGE', [], ''],
    ['PRACK', [['RAck', '1 1 INVITE']], ''],
  ]
  return [
    ...methods.map(([method, more, body]) => plain(method, 'other', more, body)),
    // Of the live call, from someone who guesses its tags.
    ...methods.map(([method, more, body]) => plain(method, callId, more, body, ';tag=guessed')),
    ...[100, 180, 200, 302, 401, 481, 491, 503].map((status) =>
      writeSip(`SIP/2.0 ${status} Test`, [
        ['Via', 'SIP/2.0/WS phone.invalid;branch=z9hG4bKguessed'],
        ['From', `<${uri}>;tag=2`],
        ['To', '<sip:a@example.org>;tag=3'],
        ['Call-ID', callId],
        ['CSeq', '2 INVITE'],
      ]),
    ),
  ]
}
