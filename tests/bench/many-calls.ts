import type { CDPSession, Page } from 'playwright-core'
import type { PhoneCommand } from '#shared/contract/phone.ts'
import { headerOf } from '#tests/support/sip-message.ts'
import { type PeerCall, type SipPeer, startSipPeer } from '#tests/support/sip-peer.ts'
import { type HeapKinds, heapKinds } from './heap-kinds.ts'
import { heldByPage, takeSnapshot } from './heap-snapshot.ts'
import type {} from './pages/far-end.ts'
import type {} from './pages/our-phone.ts'
import { openStage } from './stage.ts'

/** What the phone page holds after its garbage was collected. */
export interface Holdings {
  readonly heapBytes: number
  /** Instances in the heap, closed or not, without what Chromium alone keeps. */
  readonly connections: number
  readonly tracks: number
  readonly sockets: number
  readonly audioElements: number
  /** Of the whole renderer process (Chromium's own counters). */
  readonly listeners: number
  readonly nodes: number
  /** Not closed, and not ended. */
  readonly openConnections: number
  readonly liveTracks: number
}

export interface ManyCalls {
  /** The next call, of the kind that is its turn. */
  call(): Promise<void>
  holdings(): Promise<Holdings>
  heap(): Promise<HeapKinds>
  close(): Promise<void>
}

export interface ManyCallsOptions {
  /**
   * The library keeps a call's transactions for 32 s after it (RFC 3261 §17.2, 64 × T1), and all they refer to. With
   * this its timers of that length run so many times faster, so that a short test sees what is left after them.
   */
  readonly transactionsRunFaster?: number
}

/** Our phone in one page, a switchboard and a far end, for any number of calls one after the other. */
export async function openManyCalls({
  transactionsRunFaster = 1,
}: ManyCallsOptions = {}): Promise<ManyCalls> {
  const stage = await openStage({
    pages: ['our-phone', 'far-end'],
    ...(transactionsRunFaster === 1 ? {} : { before: `(${hurry.toString()})(${transactionsRunFaster})` }),
  })
  const peer = await startSipPeer()
  try {
    const far = await stage.open('far-end', 'farEnd')
    const phone = await stage.open('our-phone', 'contender', { account: JSON.stringify(peer.account) })
    await phone.evaluate(() => window.phoneHarness.signIn())
    await phone.evaluate(() => window.contender.registered())
    const devTools = await stage.context.newCDPSession(phone)
    for (const domain of ['HeapProfiler', 'Performance', 'Runtime'])
      await devTools.send(`${domain}.enable` as 'Runtime.enable')
    return {
      ...makeCalls(peer, phone, far),
      holdings: () => holdings(devTools, phone),
      heap: () => heapKinds(devTools),
      close,
    }
  } catch (error) {
    await close()
    throw error
  }

  async function close(): Promise<void> {
    await stage.close()
    await peer.stop()
  }
}

function hurry(factor: number): void {
  const native = window.setTimeout.bind(window)
  const hurried = (run: TimerHandler, delayMs = 0, ...args: unknown[]) =>
    native(run, delayMs === 32_000 ? delayMs / factor : delayMs, ...args)
  window.setTimeout = hurried as typeof window.setTimeout
}

async function holdings(devTools: CDPSession, phone: Page): Promise<Holdings> {
  // The test page keeps all it was told; that is no part of the telephone.
  await phone.evaluate(() => {
    const { logged, attention, told, agentRequests } = window.phoneHarness
    for (const kept of [logged, attention, told, agentRequests]) kept.length = 0
    window.edge.forget()
  })
  // What the first collection frees may hold more by finalisers.
  for (let round = 0; round < 3; round += 1) await devTools.send('HeapProfiler.collectGarbage')
  const { usedSize } = await devTools.send('Runtime.getHeapUsage')
  const { metrics } = await devTools.send('Performance.getMetrics')
  const metric = (wanted: string) => metrics.find(({ name }) => name === wanted)?.value ?? Number.NaN
  const instances = async (expression: string): Promise<number> => {
    const { result } = await devTools.send('Runtime.evaluate', { expression })
    const { objects } = await devTools.send('Runtime.queryObjects', {
      prototypeObjectId: result.objectId ?? '',
    })
    const length = await devTools.send('Runtime.callFunctionOn', {
      objectId: objects.objectId ?? '',
      functionDeclaration: 'function () { return this.length }',
    })
    await devTools.send('Runtime.releaseObject', { objectId: objects.objectId ?? '' })
    return Number(length.result.value)
  }
  const open = await phone.evaluate(() => ({
    openConnections: window.edge.connections().filter((each) => each.signalingState !== 'closed').length,
    liveTracks: window.edge.liveTracks(),
  }))
  return {
    heapBytes: usedSize,
    listeners: metric('JSEventListeners'),
    nodes: metric('Nodes'),
    // The prototype of our own subclass counts as one instance of the platform's class.
    sockets: (await instances('Object.getPrototypeOf(WebSocket).prototype')) - 1,
    ...((await instances('Object.getPrototypeOf(RTCPeerConnection).prototype')) === 1
      ? {
          connections: 0,
          tracks: await instances('MediaStreamTrack.prototype'),
          audioElements: await instances('HTMLAudioElement.prototype'),
        }
      : ofCalls(heldByPage(await takeSnapshot(devTools), isUntoldChange))),
    ...open,
  }
}

/**
 * Chromium keeps a connection for ever that is closed while a change of its state is still to be told: the telling is
 * called off, and what was to be told holds the connection.
 */
const isUntoldChange = (edge: string): boolean => edge.startsWith('void blink::RTCPeerConnection::Change')

function ofCalls(held: readonly string[]): Pick<Holdings, 'connections' | 'tracks' | 'audioElements'> {
  const count = (wanted: RegExp) => held.filter((name) => wanted.test(name)).length
  return {
    connections: count(/^RTCPeerConnection$/),
    tracks: count(/^MediaStreamTrack$/),
    audioElements: count(/^<audio/),
  }
}

function makeCalls(peer: SipPeer, phone: Page, far: Page): Pick<ManyCalls, 'call'> {
  let count = 0
  const kinds = [
    answered('far', 'in-time'),
    answered('here', 'at-once'),
    held,
    answered('far', 'at-once'),
    rejected,
    dialled,
    cancelled,
  ]

  const lineIs = (where: string) =>
    phone.waitForFunction(
      `(() => { const l = window.desk.snapshot()?.lines.at(-1); return l !== undefined && (${where}) })()`,
      undefined,
      { polling: 20, timeout: 15_000 },
    )
  const lineId = () => phone.evaluate(() => window.desk.snapshot()?.lines.at(-1)?.id ?? '')
  async function order(command: PhoneCommand): Promise<void> {
    const done = await phone.evaluate((each) => window.desk.execute(each), command)
    if (!done.ok) throw new Error(`${command.name}: ${done.error.code}`)
  }
  const answerOf = (sdp: string, isFirst: boolean) =>
    far.evaluate(([text, first]) => window.farEnd.answer(text, first), [sdp, isFirst] as const)

  /** `in-time`: rings until all is done that is done before an answer. */
  async function ring(until: 'at-once' | 'in-time' = 'in-time'): Promise<PeerCall> {
    const call = peer.invite({ sdp: await far.evaluate(() => window.farEnd.offer()) })
    await call.response((status) => status === 180)
    await lineIs(`l.callId === '${call.callId}' && l.state.name === 'ringing'`)
    if (until === 'in-time')
      await phone.waitForFunction(
        () => window.edge.connections().some((each) => each.iceGatheringState === 'complete'),
        undefined,
        { polling: 20 },
      )
    return call
  }

  async function up(until?: 'at-once' | 'in-time'): Promise<PeerCall> {
    const call = await ring(until)
    const answering = order({ name: 'answer', lineId: await lineId() })
    const ok = await call.response((status) => status >= 200)
    call.ack()
    await far.evaluate((sdp) => window.farEnd.accept(sdp), ok.body)
    await answering
    await lineIs('l.times.twoWayAt !== null')
    return call
  }

  async function hangUp(call: PeerCall, by: 'far' | 'here'): Promise<void> {
    if (by === 'far') await call.request('BYE')
    else {
      await order({ name: 'hangUp', lineId: await lineId() })
      call.reply(await call.next('BYE'), 200)
    }
  }

  function answered(by: 'far' | 'here', until: 'at-once' | 'in-time'): () => Promise<void> {
    return async () => hangUp(await up(until), by)
  }

  async function held(): Promise<void> {
    const call = await up()
    for (const name of ['hold', 'resume'] as const) {
      const ordered = order({ name, lineId: await lineId() })
      const reinvite = await call.next('INVITE')
      call.reply(reinvite, 200, await answerOf(reinvite.body, false))
      await ordered
    }
    await hangUp(call, 'here')
  }

  async function rejected(): Promise<void> {
    const call = await ring()
    await order({ name: 'reject', lineId: await lineId() })
    await call.response((status) => status === 486)
    call.ack()
  }

  async function cancelled(): Promise<void> {
    const call = await ring()
    call.cancel()
    await call.response((status) => status === 487)
    call.ack()
  }

  async function dialled(): Promise<void> {
    const calling = order({ name: 'dial', target: { kind: 'number', number: '+441632960142' } })
    const call = await peer.takeCall()
    const invite = peer.received.findLast(
      ({ startLine, ...each }) =>
        startLine.startsWith('INVITE') && headerOf({ startLine, ...each }, 'Call-ID') === call.callId,
    )
    if (invite === undefined) throw new Error('no INVITE came')
    call.reply(invite, 200, await answerOf(invite.body, true))
    await calling
    await lineIs('l.times.twoWayAt !== null')
    await hangUp(call, 'far')
  }

  return {
    async call() {
      const kind = kinds[count % kinds.length]
      count += 1
      await kind?.()
      await lineIs(`l.state.name === 'ended'`)
      await order({ name: 'dismissLine', lineId: await lineId() })
      await far.evaluate(() => window.farEnd.close())
    },
  }
}
