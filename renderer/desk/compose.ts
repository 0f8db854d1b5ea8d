import { type CallsStore, createCallsStore } from '#renderer/features/calls/index.ts'
import { type ContactStore, createContactStore } from '#renderer/features/cases/index.ts'
import type { PracticeGateway } from '#renderer/features/practice/index.ts'
import { createSessionStore, type SessionStore } from '#renderer/features/session/index.ts'
import { createSettingsStore, type SettingsStore } from '#renderer/features/settings/index.ts'
import { getBridge, invoke } from '#renderer/platform/bridge/bridge.ts'
import { connectPhone } from '#renderer/platform/bridge/phone-client.ts'
import { connectRecords } from '#renderer/records/connect.ts'
import type { Random } from '#shared/kernel/random.ts'
import { createRecordsStore, type RecordsStore } from './records-store.ts'

/** Everything the desk page is made of, wired once for each (re)load. */
export interface Desk {
  readonly session: SessionStore
  readonly settings: SettingsStore
  readonly calls: CallsStore
  readonly records: RecordsStore
  readonly contact: ContactStore
  readonly practice: PracticeGateway
  findResidents: ReturnType<typeof connectRecords>['findResidents']
}

const settingsKey = 'display'

export function composeDesk(): Desk {
  const bridge = getBridge()
  const worker = connectRecords()
  const random: Random = { next: Math.random, uuid: () => crypto.randomUUID() }

  const session = createSessionStore({
    info: () => invoke('app.info', {}),
    current: () => invoke('session.current', {}),
    signIn: (username, password) => invoke('session.signIn', { username, password }),
    signOut: () => invoke('session.signOut', {}),
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
  })

  const followLines = () => {
    const lines = calls.getState().snapshot?.lines
    if (lines !== undefined && records.getState().me !== null) contact.getState().followLines(lines)
  }
  calls.subscribe(followLines)
  followRinging(calls, records, worker)
  records.subscribe((state, before) => {
    if (state.me !== before.me) followLines()
    if (state.changes !== before.changes || state.me !== before.me) void contact.getState().refresh()
  })

  return {
    session,
    settings,
    calls,
    records,
    contact,
    practice: {
      call: (scenarioId) => invoke('practice.call', scenarioId === undefined ? {} : { scenarioId }),
      setNetworkCut: (cut) => invoke('practice.network', { cut }),
    },
    findResidents: worker.findResidents,
  }
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
