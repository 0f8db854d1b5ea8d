import { randomUUID } from 'node:crypto'
import { type Council, startCouncil } from '#electron/practice/council/council.ts'
import { openDatabase } from '#electron/practice/council/database/open-database.ts'
import { systemRandom } from '#electron/practice/node-ports.ts'
import {
  type Change,
  type ChangesPage,
  type Operation,
  type OperationResult,
  operationsAnswer,
  type TokenResponse,
  tokenResponse,
} from '#shared/contract/rest.ts'
import type { Log, LogFacts } from '#shared/kernel/log.ts'
import { SimClock } from '#tests/support/sim-clock.ts'
import type { Backend } from './backends.ts'
import { FakeCalls } from './fake-calls.ts'
import { scriptsFolder, seededAt, whispersFolder } from './places.ts'

export interface LogEntry {
  readonly level: string
  readonly code: string
  readonly facts: LogFacts | undefined
}

/** A council on a seeded database of its own, its clock in the test's hand. */
export interface RunningCouncil {
  readonly council: Council
  readonly clock: SimClock
  readonly log: readonly LogEntry[]
  readonly calls: FakeCalls
  /** Stops and starts again on the same database. */
  restart(): Promise<void>
  /** All of a table, read between a stop and a start, because one process at a time has the database. */
  rows(table: 'call_history' | 'readiness_override'): Promise<readonly object[]>
  /** Gives an adviser other queues, between a stop and a start. */
  setQueues(adviserId: string, queueIds: readonly string[]): Promise<void>
  readonly dropConnections: (() => Promise<void>) | undefined
  stop(): Promise<void>
}

export async function runCouncil(backend: Backend): Promise<RunningCouncil> {
  const place = await backend.seeded()
  const clock = new SimClock(seededAt)
  const log: LogEntry[] = []
  const calls = new FakeCalls(clock)
  const start = () =>
    startCouncil({
      database: place.database,
      scriptsFolder,
      whispersFolder,
      calls,
      sip: { domain: 'practice.example.org', servers: () => ['ws://127.0.0.1:5099/sip'] },
      clock,
      random: systemRandom,
      log: recorder(log),
    })
  let council = await start()
  return {
    get council() {
      return council
    },
    clock,
    log,
    calls,
    dropConnections: place.dropConnections,
    restart: async () => {
      await council.stop()
      council = await start()
    },
    setQueues: async (adviserId, queueIds) => {
      await council.stop()
      const { db, close } = await openDatabase(place.database, recorder(log))
      await db
        .updateTable('adviser')
        .set({ queue_ids: JSON.stringify(queueIds) })
        .where('id', '=', adviserId)
        .execute()
      await close()
      council = await start()
    },
    rows: async (table) => {
      await council.stop()
      const { db, close } = await openDatabase(place.database, recorder(log))
      const rows = await db.selectFrom(table).selectAll().execute()
      await close()
      council = await start()
      return rows
    },
    stop: async () => {
      await council.stop()
      await place.dispose()
    },
  }
}

function recorder(entries: LogEntry[]): Log {
  const at = (level: string) => (code: string, facts?: LogFacts) => void entries.push({ level, code, facts })
  return { error: at('error'), info: at('info'), debug: at('debug') }
}

export const postForm = (url: string, form: Record<string, string>) =>
  fetch(url, { method: 'POST', body: new URLSearchParams(form) })

export const passwordForm = (username: string, password = 'practice-only') => ({
  grant_type: 'password',
  username,
  password,
})

/** A signed-in desk, as far as HTTP goes. */
export interface Desk {
  readonly tokens: TokenResponse
  fetch(path: string, init?: RequestInit): Promise<Response>
  json(path: string): Promise<unknown>
  send(...operations: unknown[]): Promise<OperationResult[]>
  page(cursor?: string, limit?: number): Promise<ChangesPage>
  /** Every change after the cursor, and the cursor after them. */
  pull(cursor?: string): Promise<{ changes: Change[]; cursor: string }>
}

export async function signIn({ council }: RunningCouncil, username = 'sam.practice'): Promise<Desk> {
  const answer = await postForm(`${council.url}/oauth/token`, passwordForm(username))
  return deskOf(council.url, tokenResponse.parse(await answer.json()))
}

export function deskOf(url: string, tokens: TokenResponse): Desk {
  const desk: Desk = {
    tokens,
    fetch: (path, init = {}) => {
      const headers = new Headers(init.headers)
      headers.set('authorization', `Bearer ${tokens.access_token}`)
      return fetch(url + path, { ...init, headers })
    },
    json: async (path) => {
      const response = await desk.fetch(path)
      if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`)
      return response.json()
    },
    send: async (...operations) => {
      const response = await desk.fetch('/v1/operations', {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ operations }),
      })
      if (!response.ok) throw new Error(`operations: ${response.status} ${await response.text()}`)
      return operationsAnswer.parse(await response.json()).results
    },
    page: async (cursor, limit) => {
      const query = new URLSearchParams({
        ...(cursor === undefined ? {} : { cursor }),
        ...(limit === undefined ? {} : { limit: String(limit) }),
      })
      // As sent: reading it by the contract would leave out members that the contract does not know.
      return (await desk.json(`/v1/changes?${query}`)) as ChangesPage
    },
    pull: async (cursor) => {
      const changes: Change[] = []
      for (let next = cursor; ; ) {
        const page = await desk.page(next, 1000)
        changes.push(...page.changes)
        next = page.cursor
        if (!page.more) return { changes, cursor: page.cursor }
      }
    },
  }
  return desk
}

const at = new Date(seededAt).toISOString()

type CaseRecordOf<K extends Operation['kind']> = Extract<Operation, { kind: K }>

export function createCase(
  caseId: string,
  record: Partial<CaseRecordOf<'case.create'>['record']> = {},
): CaseRecordOf<'case.create'> {
  return {
    id: randomUUID(),
    at,
    kind: 'case.create',
    caseId,
    record: {
      openedAt: at,
      residentId: 'cast-amara-okafor',
      serviceCode: 524,
      interactionCode: 17,
      serviceName: 'Household waste collection',
      subject: 'Missed bin',
      status: 'open',
      queueId: 'waste',
      assignedTo: null,
      fields: { binType: 'refuse', extent: 'just-mine' },
      ...record,
    },
  }
}

export function changeCase(
  caseId: string,
  baseVersion: number,
  change: CaseRecordOf<'case.change'>['change'],
): CaseRecordOf<'case.change'> {
  return { id: randomUUID(), at, kind: 'case.change', caseId, baseVersion, change }
}

export function appendNote(caseId: string | null, text: string, entryId: string = randomUUID()) {
  return {
    id: randomUUID(),
    at,
    kind: 'timeline.append' as const,
    entryId,
    entry: { caseId, residentId: null, contactId: null, at, kind: 'note' as const, text },
  }
}

export function saveCallback(callbackId: string, fields: CaseRecordOf<'callback.save'>['fields']) {
  return { id: randomUUID(), at, kind: 'callback.save' as const, callbackId, fields }
}

export function saveContact(contactId: string, fields: CaseRecordOf<'contact.save'>['fields']) {
  return { id: randomUUID(), at, kind: 'contact.save' as const, contactId, fields }
}
