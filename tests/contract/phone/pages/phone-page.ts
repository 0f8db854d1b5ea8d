/* The real phone page on fakes of its two neighbours: the main process (bridge) and the records worker. */

import { browserClock, browserRandom } from '#renderer/phone/browser-ports.ts'
import { startPhonePage } from '#renderer/phone/phone-page.ts'
import { createMicrophone } from '#renderer/platform/media/microphone.ts'
import { playRemoteAudio } from '#renderer/platform/media/remote-audio.ts'
import { createRinger } from '#renderer/platform/media/ringer.ts'
import { createSipPhone } from '#renderer/platform/sip/sip-phone.ts'
import type { Bridge, IpcAnswer, NoticeName, NoticeOf, RequestName, Session } from '#shared/contract/ipc.ts'
import { phoneChannelName } from '#shared/contract/phone.ts'
import { type RecordsNews, recordsChannelName, type SyncState } from '#shared/contract/records.ts'
import type {
  AgentState,
  AgentStateAnswer,
  AgentStateRequest,
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

const account = new URL(location.href).searchParams.get('account')
if (account === null) throw new Error('no account')
window.phoneHarness = createHarness(JSON.parse(account) as SipAccount)

function createHarness(sip: SipAccount) {
  const logged: { level: string; code: string; facts?: unknown }[] = []
  const attention: string[] = []
  const agentRequests: AgentStateRequest[] = []
  const calls: string[] = []
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
  }

  const microphone = createMicrophone(browserClock, log)
  const page = startPhonePage({
    bridge,
    records,
    log,
    clock: browserClock,
    random: browserRandom,
    microphone,
    ringer: createRinger(),
    phoneChannel: new BroadcastChannel(phoneChannelName),
    recordsChannel: new BroadcastChannel(recordsChannelName),
    createPhone: (forAccount, iceServers) =>
      createSipPhone({
        account: forAccount,
        iceServers,
        instanceId: crypto.randomUUID(),
        clock: browserClock,
        random: browserRandom,
        log,
        media: {
          voiceTrack: microphone.voiceTrack,
          onVoiceChanged: microphone.onVoiceChanged,
          play: (stream) => playRemoteAudio(stream, log),
        },
      }),
  })

  window.addEventListener('pagehide', page.leave)

  function notify<N extends NoticeName>(name: N, notice: NoticeOf<N>): void {
    for (const listener of listeners.get(name) ?? []) listener(notice as never)
  }

  return {
    logged,
    attention,
    agentRequests,
    calls,
    page,
    notify,
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
    iceServers: [],
    queues: [],
    dispositions: [],
    notReadyReasons: [],
    wrapUpSeconds: 0,
    cacheLeaseDays: 1,
  }
}
