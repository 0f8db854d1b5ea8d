import { z } from 'zod'
import { callReport } from './call-report.ts'
import { configProblem } from './config.ts'
import { journalEntry } from './journal.ts'
import { dialTarget, lostCall } from './phone.ts'
import { adviser, callStatus } from './rest.ts'

/*
 * Everything that crosses between our pages and the main process, and nothing else. Handlers, preload and
 * `window.bridge` derive from these maps. A failure is data: `{ ok: false, error }`.
 */

export const appErrorSchema = z.object({
  code: z.string(),
  retry: z.enum(['never', 'now', 'later']),
  detail: z.string().optional(),
  retryAfterMs: z.number().optional(),
})

/** Who is signed in on this desk. The token is short-lived and kept in memory only by the pages. */
export const session = z.discriminatedUnion('name', [
  z.object({
    name: z.literal('signed-out'),
    reason: z.enum(['never', 'by-adviser', 'expired', 'refused', 'too-many-tries', 'wiped']),
  }),
  z.object({
    name: z.literal('signed-in'),
    adviser,
    councilUrl: z.url(),
    since: z.number(),
    /** False when the session was resumed from the vault and the backend has not confirmed it yet. */
    confirmed: z.boolean(),
    /** Nothing is shown and the data key is not given out until the password was typed again. */
    locked: z.enum(['idle', 'screen', 'by-adviser']).optional(),
  }),
])

export const practiceStatus = z.discriminatedUnion('name', [
  z.object({ name: z.literal('not-practice') }),
  z.object({ name: z.literal('starting'), step: z.enum(['database', 'residents', 'switchboard']) }),
  z.object({
    name: z.literal('running'),
    councilUrl: z.url(),
    sipUrl: z.string(),
    /** Shown on the sign-in page; they open nothing but practice mode. */
    username: z.string(),
    password: z.string(),
    /** True while the network is cut on purpose. */
    networkCut: z.boolean(),
    scenarios: z.array(z.object({ id: z.string(), title: z.string() })),
  }),
  z.object({ name: z.literal('failed'), detail: z.string() }),
])

export const appInfo = z.object({
  version: z.string(),
  mode: z.enum(['practice', 'live']),
  councilName: z.string(),
  /** Which runtime shows the pages: Electron's own, or the development stand-in. */
  runtime: z.enum(['electron', 'stand-in']),
  configProblem: configProblem.nullable(),
})

const nothing = z.object({})

/** Page asks, main answers. `pages` says which pages may ask. */
export const requests = {
  'app.info': { request: nothing, response: appInfo, pages: ['desk', 'phone'] },
  'session.current': { request: nothing, response: session, pages: ['desk', 'phone'] },
  'session.signIn': {
    request: z.object({ username: z.string().min(1).max(200), password: z.string().min(1).max(200) }),
    response: session,
    pages: ['desk'],
  },
  'session.lock': { request: nothing, response: session, pages: ['desk'] },
  /** The adviser's own password; works with no network. After too many wrong ones the session ends. */
  'session.unlock': {
    request: z.object({ password: z.string().min(1).max(200) }),
    response: session,
    pages: ['desk'],
  },
  /** The caller has made sure that nothing is unsent. */
  'session.signOut': { request: nothing, response: session, pages: ['desk'] },
  /** The council ordered the adviser's records to be forgotten: key and journal go too, and nobody is signed in. */
  'session.wiped': { request: nothing, response: nothing, pages: ['phone'] },
  /** An access token good for at least a minute; refreshed when needed. `force` after the backend answered 401. */
  'session.token': {
    request: z.object({ force: z.boolean() }),
    response: z.object({ token: z.string() }),
    pages: ['desk', 'phone'],
  },
  /** The adviser's data key, 32 bytes as base64, unwrapped by the operating system's vault. */
  'vault.dataKey': { request: nothing, response: z.object({ key: z.base64() }), pages: ['phone'] },
  /** Answers once the entries are flushed to the disk. */
  'journal.append': {
    request: z.object({ entries: z.array(journalEntry).min(1).max(100) }),
    response: nothing,
    pages: ['phone'],
  },
  /** Unsettled entries in order of saving. */
  'journal.read': {
    request: nothing,
    response: z.object({ entries: z.array(journalEntry) }),
    pages: ['phone'],
  },
  'journal.settle': {
    request: z.object({ operationIds: z.array(z.uuid()).min(1).max(500) }),
    response: nothing,
    pages: ['phone'],
  },
  /**
   * What the phone page would need to offer its calls back if it died: its live calls, kept in memory by main. Sent at
   * every change; an empty list when nothing is live.
   */
  'calls.remember': {
    request: z.object({ calls: z.array(lostCall.omit({ lostAt: true })).max(8) }),
    response: nothing,
    pages: ['phone'],
  },
  /** The calls that a phone page before this one left behind, with when it was found dead. Told once. */
  'calls.lost': { request: nothing, response: z.object({ calls: z.array(lostCall) }), pages: ['phone'] },
  /** Writes the report to a file the adviser can send to IT; answers its folder and name for the desk to say. */
  'calls.saveReport': {
    request: z.object({ report: callReport }),
    response: z.object({ folder: z.string(), file: z.string() }),
    pages: ['phone'],
  },
  /** Writes work that is not sent to a file that the adviser can open; it holds personal data in plain words. */
  'work.export': {
    request: z.object({ text: z.string().min(1).max(5_000_000) }),
    response: z.object({ folder: z.string(), file: z.string() }),
    pages: ['desk'],
  },
  /** Writes a file of a case for the adviser to open, under its own name or one like it. */
  'file.save': {
    request: z.object({ name: z.string().min(1).max(200), bytes: z.base64().max(36_000_000) }),
    response: z.object({ folder: z.string(), file: z.string() }),
    pages: ['desk'],
  },
  /** Lets the phone page ask the operating system for a headset, which needs a user gesture. */
  'headset.choose': { request: nothing, response: z.object({ chosen: z.boolean() }), pages: ['phone'] },
  /** A `tel:` or `sip:` link that the operating system gave us while no desk was there to ask; told once. */
  'dial.pending': {
    request: nothing,
    response: z.object({ target: dialTarget.nullable() }),
    pages: ['desk'],
  },
  /** Brings the desk to the adviser's eyes when a call rings or a life is at risk: task bar flash, notification. */
  'desk.attention': {
    request: z.object({ why: z.enum(['ringing', 'alert', 'none']) }),
    response: nothing,
    pages: ['desk', 'phone'],
  },
  'desk.theme': {
    request: z.object({ theme: z.enum(['system', 'light', 'dark']) }),
    response: nothing,
    pages: ['desk'],
  },
  'practice.status': { request: nothing, response: practiceStatus, pages: ['desk'] },
  /** Sends a simulated resident into the queue; without an id the next scenario in turn. */
  'practice.call': {
    request: z.object({ scenarioId: z.string().optional() }),
    response: z.object({ scenarioId: z.string() }),
    pages: ['desk'],
  },
  /** Cuts or restores every connection of the practice council and switchboard, to learn what the desk does then. */
  'practice.network': { request: z.object({ cut: z.boolean() }), response: nothing, pages: ['desk'] },
  /** A simulated supervisor joins the calls that are on record in this way, or leaves them. */
  'practice.supervise': {
    request: callStatus.pick({ supervisor: true }),
    response: nothing,
    pages: ['desk'],
  },
  'log.write': {
    request: z.object({
      level: z.enum(['error', 'info', 'debug']),
      code: z.string().max(100),
      facts: z.record(z.string().max(60), z.union([z.string().max(300), z.number(), z.boolean()])).optional(),
    }),
    response: nothing,
    pages: ['desk', 'phone'],
  },
} as const

/** Main tells every page. */
export const notices = {
  'session.changed': session,
  'practice.changed': practiceStatus,
  /** A `tel:` or `sip:` link was opened. The desk asks before it dials. */
  'dial.asked': z.object({ target: dialTarget }),
  /** The machine went to sleep or woke up, the screen was locked or unlocked. */
  'power.changed': z.object({ what: z.enum(['suspended', 'resumed', 'locked', 'unlocked']) }),
} as const

export type Requests = typeof requests
export type RequestName = keyof Requests
export type RequestOf<N extends RequestName> = z.infer<Requests[N]['request']>
export type ResponseOf<N extends RequestName> = z.infer<Requests[N]['response']>
export type NoticeName = keyof typeof notices
export type NoticeOf<N extends NoticeName> = z.infer<(typeof notices)[N]>

export type IpcError = z.infer<typeof appErrorSchema>
export type IpcAnswer<N extends RequestName> =
  | { ok: true; value: ResponseOf<N> }
  | { ok: false; error: IpcError }

/** `window.bridge`, exposed by the preload script. */
export interface Bridge {
  invoke<N extends RequestName>(name: N, request: RequestOf<N>): Promise<IpcAnswer<N>>
  /** Returns the function that stops listening. */
  on<N extends NoticeName>(name: N, listener: (notice: NoticeOf<N>) => void): () => void
}

export type Session = z.infer<typeof session>
export type PracticeStatus = z.infer<typeof practiceStatus>
export type AppInfo = z.infer<typeof appInfo>
