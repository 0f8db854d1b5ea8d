/* The real phone page on fakes of its two neighbours: the main process (bridge) and the records worker. */

import { browserClock, browserRandom } from '#renderer/phone/browser-ports.ts'
import { createMeasures } from '#renderer/phone/measures.ts'
import { startPhonePage } from '#renderer/phone/phone-page.ts'
import { createHeadset } from '#renderer/platform/media/headset.ts'
import { createSound } from '#renderer/platform/media/sound.ts'
import { createSipPhone } from '#renderer/platform/sip/sip-phone.ts'
import type { Bridge, IpcAnswer, NoticeName, NoticeOf, RequestName, Session } from '#shared/contract/ipc.ts'
import { phoneChannelName } from '#shared/contract/phone.ts'
import { type RecordsNews, recordsChannelName, type SyncState } from '#shared/contract/records.ts'
import type {
  AgentState,
  AgentStateAnswer,
  AgentStateRequest,
  CallStatus,
  Me,
  SipAccount,
} from '#shared/contract/rest.ts'
import { appError } from '#shared/kernel/app-error.ts'
import type { Log } from '#shared/kernel/log.ts'
import { err, ok } from '#shared/kernel/result.ts'

declare global {
  interface Window {
    phoneHarness: ReturnType<typeof createHarness>
  }
}

const query = new URL(location.href).searchParams
const account = query.get('account')
if (account === null) throw new Error('no account')
const iceServers = JSON.parse(query.get('iceServers') ?? '[]') as Me['iceServers']
const shortestSessionS = query.get('shortestSessionS')
window.phoneHarness = createHarness(JSON.parse(account) as SipAccount)

function createHarness(sip: SipAccount) {
  const syncs: number[] = []
  const logged: { level: string; code: string; facts?: unknown }[] = []
  const attention: string[] = []
  const agentRequests: AgentStateRequest[] = []
  const calls: string[] = []
  /** What main was told of calls. */
  const told: { name: string; request: unknown }[] = []
  const recorder = { refuses: false, asked: [] as boolean[] }
  const clock = { aheadMs: 0 }
  const listeners = new Map<NoticeName, ((notice: never) => void)[]>()
  const news = new BroadcastChannel(recordsChannelName)
  const say = (item: RecordsNews) => news.postMessage(item)
  let reachable = true
  let sync: SyncState = { name: 'up-to-date', asAt: Date.now() }
  let agent: AgentStateAnswer = { state: notReady('signed-in'), pending: null }
  let session: Session = { name: 'signed-out', reason: 'never' }

  const log: Log = {
    error: (code, facts) => logged.push({ level: 'error', code, facts }),
    info: (code, facts) => logged.push({ level: 'info', code, facts }),
    debug: (code, facts) => logged.push({ level: 'debug', code, facts }),
  }

  const bridge: Bridge = {
    async invoke(name: RequestName, request: unknown) {
      if (name === 'session.current') return answer(session)
      if (name === 'app.info')
        return answer({
          mode: 'practice',
          runtime: 'stand-in',
          version: '0',
          councilName: '',
          configProblem: null,
        })
      if (name === 'desk.attention') attention.push((request as { why: string }).why)
      if (name === 'calls.lost') return answer({ calls: [] })
      if (name === 'headset.choose') return answer({ chosen: true })
      if (name.startsWith('calls.')) told.push({ name, request })
      if (name === 'calls.saveReport') return answer({ folder: '/reports', file: 'call-1.txt' })
      return answer({})
    },
    on(name, listener) {
      listeners.set(name, [...(listeners.get(name) ?? []), listener as (notice: never) => void])
      return () => {}
    },
  }

  const unreachable = () => err(appError('cases/council-unreachable', 'later'))
  const records = {
    async open() {
      calls.push('open')
      return ok(null)
    },
    async close() {
      calls.push('close')
    },
    async me() {
      return ok({ me: profileOf(sip), asAt: Date.now() })
    },
    async requestAgentState(request: AgentStateRequest) {
      agentRequests.push(request)
      if (!reachable) return unreachable()
      const since = new Date().toISOString()
      agent = {
        state:
          request.name === 'ready'
            ? { name: 'ready', since }
            : notReady('reason' in request ? request.reason : ''),
        pending: null,
      }
      return ok(agent)
    },
    async readAgentState() {
      return reachable ? ok(agent) : unreachable()
    },
    async syncReport() {
      return { state: sync, needsAttention: [], pendingIds: [] }
    },
    async syncNow() {
      syncs.push(Date.now())
    },
    async readCallStatus(callId: string) {
      return reachable ? ok(statusOf(callId, 'recording')) : unreachable()
    },
    async pauseRecording(callId: string, paused: boolean) {
      recorder.asked.push(paused)
      if (!reachable) return unreachable()
      if (recorder.refuses) return err(appError('cases/refused', 'never'))
      return ok(statusOf(callId, paused ? 'paused' : 'recording'))
    },
    async probe() {
      return reachable ? ok({ roundTripMs: 20, clockAheadMs: clock.aheadMs }) : unreachable()
    },
    async queueWhisper() {
      return null
    },
  }

  const sound = createSound({ clock: browserClock, log, storage: localStorage })
  const page = startPhonePage({
    bridge,
    records,
    log,
    clock: browserClock,
    random: browserRandom,
    storage: localStorage,
    sound,
    headset: createHeadset({ clock: browserClock, log, microphoneLabel: () => null }),
    measures: createMeasures(browserClock, sound.microphone),
    playClip: () => {},
    phoneChannel: new BroadcastChannel(phoneChannelName),
    recordsChannel: new BroadcastChannel(recordsChannelName),
    createPhone: ({ sip: forAccount, iceServers }, record) =>
      createSipPhone({
        account: forAccount,
        iceServers,
        record,
        instanceId: crypto.randomUUID(),
        ...(shortestSessionS === null ? {} : { shortestSessionS: Number(shortestSessionS) }),
        clock: browserClock,
        random: browserRandom,
        log,
        media: sound.media,
      }),
  })

  window.addEventListener('pagehide', page.leave)

  function notify<N extends NoticeName>(name: N, notice: NoticeOf<N>): void {
    for (const listener of listeners.get(name) ?? []) listener(notice as never)
  }

  return {
    logged,
    /** When records were asked to sync at once. */
    syncs,
    attention,
    agentRequests,
    calls,
    told,
    recorder,
    clock,
    page,
    notify,
    sayCallStatus(callId: string, recording: 'recording' | 'paused') {
      say({ type: 'call', status: statusOf(callId, recording) })
    },
    signIn() {
      session = {
        name: 'signed-in',
        adviser: { id: 'adviser-1', username: 'adviser', name: 'An Adviser', languages: ['en'] },
        councilUrl: 'http://127.0.0.1:1',
        since: Date.now(),
        confirmed: true,
      }
      notify('session.changed', session)
    },
    signOut() {
      session = { name: 'signed-out', reason: 'by-adviser' }
      notify('session.changed', session)
    },
    setCouncil(reaches: boolean) {
      reachable = reaches
      sync = reaches
        ? { name: 'up-to-date', asAt: Date.now() }
        : { name: 'behind', unsent: 0, since: 0, reason: 'council-unreachable', nextTryAt: 0, asAt: null }
      say({ type: 'sync', report: { state: sync, needsAttention: [], pendingIds: [] } })
    },
  }
}

function notReady(reason: string): AgentState {
  return { name: 'not-ready', reason, since: new Date().toISOString() }
}

function statusOf(callId: string, name: 'recording' | 'paused'): CallStatus {
  const since = new Date().toISOString()
  const recording = name === 'paused' ? { name, since, resumesAt: since } : { name, since }
  return { callId, recording, supervisor: 'none' }
}

function answer(value: unknown): IpcAnswer<never> {
  return { ok: true, value: value as never }
}

function profileOf(sip: SipAccount): Me {
  return {
    contractVersion: 1,
    serverTime: new Date().toISOString(),
    adviser: { id: 'adviser-1', username: 'adviser', name: 'An Adviser', languages: ['en'] },
    council: { name: 'Test', website: '', facts: {} },
    sip,
    iceServers,
    queues: [],
    dispositions: [],
    notReadyReasons: [],
    wrapUpSeconds: 0,
    cacheLeaseDays: 1,
  }
}
