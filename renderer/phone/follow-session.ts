import { retryDelayMs } from '#shared/calls/backoff.ts'
import type { AppInfo, Bridge, Session } from '#shared/contract/ipc.ts'
import type { RecordsApi } from '#shared/contract/records.ts'
import type { Me } from '#shared/contract/rest.ts'
import type { Cancel, Clock } from '#shared/kernel/clock.ts'
import type { Log } from '#shared/kernel/log.ts'

export interface FollowSessionOptions {
  readonly bridge: Bridge
  readonly records: Pick<RecordsApi, 'open' | 'close' | 'me'>
  readonly clock: Clock
  readonly log: Log
  /** Someone signed in; nothing else is known yet. */
  began(): void
  /** The adviser's profile, from the backend or from the cache. */
  profile(me: Me): void
  inCall(): boolean
  /** The desk was locked or unlocked. Locked, the records close as soon as no call is up. */
  lockChanged(): void
  /** The shift is over; the records are closed after this. */
  ended(): Promise<void>
}

export interface SessionFollower {
  start(): void
  signedIn(): boolean
  locked(): boolean
  /** No call is up. */
  quiet(): void
}

/** What a locked desk still has to tell the council: Not ready, and the end of a call. */
const lastWordsMs = 2_000

type SignedIn = Extract<Session, { name: 'signed-in' }>

/** Opens the adviser's records at sign-in and closes them at sign-out, one change after the other. */
export function followSession(options: FollowSessionOptions): SessionFollower {
  const { bridge, records, clock, log } = options
  let current: SignedIn | null = null
  let changes: Promise<void> = Promise.resolve()
  let retry: Cancel = () => {}
  let mustClose = false
  let closing = false

  function enter(session: Session): void {
    changes = changes
      .then(() => change(session))
      .catch((error: unknown) => {
        log.error('phone.session-failed', { kind: error instanceof Error ? error.name : typeof error })
      })
  }

  async function change(session: Session): Promise<void> {
    const next = session.name === 'signed-in' ? session : null
    // A refreshed token is no new shift.
    if (next?.adviser.id === current?.adviser.id && next?.councilUrl === current?.councilUrl) {
      if (next !== null) await changeLock(next)
      return
    }
    retry()
    if (current !== null) {
      current = null
      await options.ended()
      await records.close()
    }
    current = next
    if (next === null) return
    options.began()
    mustClose = next.locked !== undefined
    if (!mustClose) await open(next, 1)
  }

  async function changeLock(next: SignedIn): Promise<void> {
    const wasLocked = current?.locked !== undefined
    current = next
    if ((next.locked !== undefined) === wasLocked) return
    mustClose = !wasLocked
    options.lockChanged()
    if (wasLocked) await open(next, 1)
  }

  /** Keys leave the worker's memory once Ready was taken back and the last word of a call is saved. */
  async function closeIfLocked(): Promise<void> {
    if (!mustClose || options.inCall()) return
    mustClose = false
    await records.close()
  }

  async function open(session: SignedIn, attempt: number): Promise<void> {
    const me = await openAndRead(session)
    if (session !== current) return
    if (me !== null) return options.profile(me)
    // Never signed in on this desk before and no backend: there is no account to use until it answers.
    retry = clock.after(Math.max(500, retryDelayMs(attempt + 1, 1)), () => {
      if (session === current) changes = changes.then(() => open(session, attempt + 1)).catch(() => {})
    })
  }

  async function openAndRead(session: SignedIn): Promise<Me | null> {
    const info = await bridge.invoke('app.info', {})
    if (!info.ok) return null
    const opened = await records.open({
      adviserId: session.adviser.id,
      councilUrl: session.councilUrl,
      mode: modeOf(info.value),
    })
    if (!opened.ok) log.error('phone.records-not-open', { code: opened.error.code })
    const me = await records.me()
    if (!me.ok) log.info('phone.no-profile', { code: me.error.code })
    return me.ok ? me.value.me : null
  }

  return {
    start() {
      bridge.on('session.changed', enter)
      bridge.invoke('session.current', {}).then(
        (answer) => {
          if (answer.ok) enter(answer.value)
          else log.error('phone.no-session', { code: answer.error.code })
        },
        () => log.error('phone.no-session'),
      )
    },
    signedIn: () => current !== null,
    locked: () => current?.locked !== undefined,
    quiet() {
      if (!mustClose || closing) return
      closing = true
      clock.after(lastWordsMs, () => {
        closing = false
        changes = changes.then(closeIfLocked).catch(() => {})
      })
    },
  }
}

function modeOf(info: AppInfo): 'practice' | 'live' {
  return info.mode
}
