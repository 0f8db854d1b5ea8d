import {
  type CallsStore,
  createCallsStore,
  createTelephoneStore,
  isOfContact,
  type TelephoneStore,
} from '#renderer/features/calls/index.ts'
import {
  type ContactStore,
  createContactStore,
  createFilesStore,
  type FilesStore,
} from '#renderer/features/cases/index.ts'
import { createFindStore, type FindStore } from '#renderer/features/find/index.ts'
import type { PracticeGateway } from '#renderer/features/practice/index.ts'
import { createResidentsStore, type ResidentsStore } from '#renderer/features/residents/index.ts'
import {
  type AlertsStore,
  createAlertsStore,
  createRiskStore,
  type RiskStore,
} from '#renderer/features/risk/index.ts'
import { createScriptsStore, type ScriptsStore } from '#renderer/features/scripts/index.ts'
import { createSessionStore, type SessionStore } from '#renderer/features/session/index.ts'
import {
  createSettingsStore,
  type DevicesGateway,
  type SettingsStore,
} from '#renderer/features/settings/index.ts'
import { createSignpostsStore, type SignpostsStore } from '#renderer/features/signposts/index.ts'
import { createUnsentStore, type UnsentStore } from '#renderer/features/sync/index.ts'
import { getBridge, invoke } from '#renderer/platform/bridge/bridge.ts'
import { connectPhone } from '#renderer/platform/bridge/phone-client.ts'
import { connectRecords } from '#renderer/records/connect.ts'
import type { Clock } from '#shared/kernel/clock.ts'
import type { Random } from '#shared/kernel/random.ts'
import { beginCallback } from './begin-callback.ts'
import { askReports } from './call-reports.ts'
import { followWarnings } from './follow-warnings.ts'
import { followPayment } from './payment-pause.ts'
import { createRecordsStore, type RecordsStore } from './records-store.ts'
import { followRisk } from './risk-calls.ts'
import { riskPorts } from './risk-ports.ts'
import { signpostsPorts } from './signposts-ports.ts'
import { keepWrapUpOpen } from './wrap-up.ts'

/** Everything the desk page is made of, wired once for each (re)load. */
export interface Desk {
  readonly session: SessionStore
  readonly settings: SettingsStore
  readonly calls: CallsStore
  readonly telephone: TelephoneStore
  readonly records: RecordsStore
  readonly contact: ContactStore
  readonly risk: RiskStore
  readonly alerts: AlertsStore
  readonly scripts: ScriptsStore
  readonly signposts: SignpostsStore
  readonly unsent: UnsentStore
  readonly find: FindStore
  readonly files: FilesStore
  readonly residents: ResidentsStore
  readonly practice: PracticeGateway
  readonly devices: DevicesGateway
  caseView: ReturnType<typeof connectRecords>['caseView']
  /** Told to the council for its audit. */
  viewed(kind: 'resident' | 'case', recordId: string): void
  /** Asks how the resident came, and begins a contact with them chosen. */
  beginContactWith(residentId: string): void
}

const settingsKey = 'display'
/** How soon an open step notices that a fact has grown old. */
const lookAgainMs = 15_000

export function composeDesk(): Desk {
  const bridge = getBridge()
  const worker = connectRecords()
  const random: Random = { next: Math.random, uuid: () => crypto.randomUUID() }

  const clock: Clock = {
    now: Date.now,
    after(delayMs, run) {
      const timer = setTimeout(run, delayMs)
      return () => clearTimeout(timer)
    },
  }

  const session = createSessionStore({
    info: () => invoke('app.info', {}),
    current: () => invoke('session.current', {}),
    signIn: (username, password) => invoke('session.signIn', { username, password }),
    signOut: () => invoke('session.signOut', {}),
    lock: () => invoke('session.lock', {}),
    unlock: (password) => invoke('session.unlock', { password }),
    onSession: (listener) => bridge.on('session.changed', listener),
    practice: () => invoke('practice.status', {}),
    onPractice: (listener) => bridge.on('practice.changed', listener),
  })

  const settings = createSettingsStore({
    read: () => localStorage.getItem(settingsKey),
    write: (text) => localStorage.setItem(settingsKey, text),
    applyTheme: (theme) => void invoke('desk.theme', { theme }),
    applyTextScale: (scale) => document.documentElement.style.setProperty('--text-scale', String(scale)),
  })

  const calls = createCallsStore(connectPhone())
  const records = createRecordsStore(worker)
  const contact = createContactStore({
    records: worker,
    random,
    now: Date.now,
    me: () => records.getState().me,
    breathe: () => scheduler.yield(),
  })

  const telephone = createTelephoneStore({
    records: worker,
    random,
    now: Date.now,
    reports: askReports,
    adviserId: () => records.getState().me?.adviser.id ?? null,
    beginCallback: (callback) => beginCallback(callback, worker, random, Date.now()),
    handOver: {
      contactId: () => contact.getState().draft?.contactId ?? null,
      save: (reason) => contact.getState().handOver(reason),
    },
  })

  const risk = createRiskStore(riskPorts(contact, worker, random))
  const alerts = createAlertsStore({
    records: worker,
    clock,
    me: () => records.getState().me,
    callAttention: () => void invoke('desk.attention', { why: 'alert' }),
  })
  let residentToBegin: string | null = null
  const scripts = createScriptsStore({
    records: worker,
    queueScripts: () => records.getState().me?.queues.map(({ scriptId }) => scriptId) ?? [],
    hasContact: () => contact.getState().draft !== null,
    choose: (scriptId, whichCase) => contact.getState().chooseScript(scriptId, whichCase),
    async begin(channel, scriptId) {
      const residentId = residentToBegin
      await contact.getState().beginContact(channel, scriptId)
      if (residentId !== null) await contact.getState().chooseResident(residentId)
    },
  })
  scripts.subscribe(({ shown }) => {
    // Whoever closes the question without an answer begins nothing with this resident.
    if (shown.name === 'nothing')
      queueMicrotask(() => {
        residentToBegin = null
      })
  })
  const signposts = createSignpostsStore(signpostsPorts(contact, telephone, worker, random))

  const files = createFilesStore({
    records: worker,
    saveFile: async (name, bytes) => invoke('file.save', { name, bytes: await base64Of(bytes) }),
  })
  const find = createFindStore({ records: worker, clock })
  const beginContactWith = (residentId: string) => {
    residentToBegin = residentId
    scripts.getState().beginNew()
  }
  const residents = createResidentsStore({
    records: worker,
    random,
    clock,
    choose(residentId) {
      if (contact.getState().draft === null) beginContactWith(residentId)
      else void contact.getState().chooseResident(residentId)
    },
    typed: {
      read: (name) => contact.getState().draft?.typed[name] ?? '',
      keep: (name, text) => contact.getState().type(name, text),
    },
  })
  followWarnings({ records, contact, residents })
  const unsent = createUnsentStore({
    records: worker,
    random,
    now: Date.now,
    me: () => records.getState().me,
    writeFile: (text) => invoke('work.export', { text }),
  })

  const followLines = () => {
    const lines = calls.getState().snapshot?.lines
    if (lines !== undefined && records.getState().me !== null)
      contact.getState().followLines(lines.filter(isOfContact))
  }
  calls.subscribe(followLines)
  followRinging(calls, records, worker)
  records.subscribe((state, before) => {
    if (state.me !== before.me) followLines()
    if (state.alert !== null && state.alert !== before.alert) {
      risk.getState().heard(state.alert)
      alerts.getState().heard(state.alert)
    }
    if (state.me !== null && state.me !== before.me) void alerts.getState().refresh()
    if (state.report !== before.report) {
      void risk.getState().refresh()
      void unsent.getState().refresh()
    }
    if (state.fileNews !== before.fileNews) void files.getState().refresh()
    if (state.changes === before.changes && state.me === before.me) return
    // Closed records know nobody: what is shown stays, under the lock, until they are open again.
    if (state.me === null) return
    void contact.getState().refresh()
    void telephone.getState().refresh()
    void scripts.getState().refresh()
    void signposts.getState().refresh()
    void unsent.getState().refresh()
  })
  followPayment({ contact, calls })
  setInterval(contact.getState().lookAgain, lookAgainMs)
  followLinks(session, telephone)
  followRisk({ calls, contact, risk })
  session.subscribe(({ session: now }) => {
    if (now?.name === 'signed-out') alerts.getState().forget()
  })
  keepWrapUpOpen(calls, contact)

  return {
    session,
    settings,
    calls,
    telephone,
    records,
    contact,
    risk,
    alerts,
    scripts,
    signposts,
    unsent,
    find,
    files,
    residents,
    practice: {
      call: (scenarioId) => invoke('practice.call', scenarioId === undefined ? {} : { scenarioId }),
      setNetworkCut: (cut) => invoke('practice.network', { cut }),
      supervise: (supervisor) => invoke('practice.supervise', { supervisor }),
    },
    devices: devicesGateway(calls),
    caseView: worker.caseView,
    viewed: (kind, recordId) => void worker.viewed({ kind, recordId }),
    beginContactWith,
  }
}

/** The bridge carries text. */
function base64Of(bytes: ArrayBuffer): Promise<string> {
  return new Promise((resolve, reject) => {
    const reader = new FileReader()
    reader.onload = () => resolve(String(reader.result).replace(/^[^,]*,/, ''))
    reader.onerror = () => reject(reader.error)
    reader.readAsDataURL(new Blob([bytes]))
  })
}

/** Asks once for each ringing number who may be calling, so that the choice is there before the answer. */
function followRinging(
  calls: CallsStore,
  records: RecordsStore,
  worker: ReturnType<typeof connectRecords>,
): void {
  let asked: string | undefined
  calls.subscribe(({ snapshot }) => {
    const ringing = snapshot?.lines.find((line) => line.state.name === 'ringing')
    if (ringing?.id === asked) return
    asked = ringing?.id
    records.setState({ ringingCandidates: [] })
    const number = ringing?.remote.number
    if (number === undefined) return
    void worker.candidatesForNumber(number).then((ringingCandidates) => {
      if (asked === ringing?.id) records.setState({ ringingCandidates })
    })
  })
}

/** Links that other programs opened, one of them perhaps before there was a desk to ask. */
function followLinks(session: SessionStore, telephone: TelephoneStore): void {
  getBridge().on('dial.asked', ({ target }) => telephone.getState().ask(target))
  let asked = false
  const askOnce = () => {
    if (asked || session.getState().session?.name !== 'signed-in') return
    asked = true
    void invoke('dial.pending', {}).then((answer) => {
      if (answer.ok && answer.value.target !== null) telephone.getState().ask(answer.value.target)
    })
  }
  session.subscribe(askOnce)
  askOnce()
}

function devicesGateway(calls: CallsStore): DevicesGateway {
  const { execute } = calls.getState()
  return {
    choose: (choices) => void execute({ name: 'chooseDevices', choices }),
    testRinger: () => void execute({ name: 'testRinger' }),
    watchLevels: (on) => void execute({ name: 'watchLevels', on }),
    checkMicrophone: () => void execute({ name: 'checkMicrophone' }),
    connectHeadset: () => void execute({ name: 'connectHeadset' }),
    setAutoAnswer: (on) => void execute({ name: 'setAutoAnswer', on }),
  }
}
