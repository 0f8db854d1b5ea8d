import type { Session } from '#shared/contract/ipc.ts'
import type { Adviser, TokenResponse } from '#shared/contract/rest.ts'
import { type AppError, appError } from '#shared/kernel/app-error.ts'
import type { Clock } from '#shared/kernel/clock.ts'
import type { Log } from '#shared/kernel/log.ts'
import { err, ok, type Result } from '#shared/kernel/result.ts'
import type { CouncilAuth } from './council-auth.ts'
import type { OsVault } from './os-vault.ts'
import { checkFor, type PasswordCheck, passes } from './password-check.ts'
import type { SessionStore, StoredSession } from './session-store.ts'

/*
 *                    signIn                     signOut · token expired · token refused
 *   signed-out ───────────────────► signed-in ──────────────────────────────────────────► signed-out
 *       │   resume, younger than 12 h   ▲
 *       └───────────────────────────────┘ not confirmed until the council has refreshed the token
 *
 * A session that is locked is signed in all the same: calls go on, and nothing is shown until the password was typed.
 */

/** A session is only resumed at the start of the app while it is this young; a running one ends by the council. */
export const resumableForMs = 12 * 60 * 60 * 1000

/** A token handed out is good for at least this long. */
const goodForMs = 60_000

/** Both pages may ask by force for the same refusal; the second gets what the first brought. */
const freshForMs = 5_000

export interface SessionKeeper {
  current(): Session
  /** Takes up the session of the last start, without waiting for the council. */
  resume(): Promise<void>
  /**
   * Codes: `session/already-signed-in`, `session/practice-not-running`, `session/wrong-credentials`,
   * `session/unreachable`, `session/malformed-answer`, `session/refused`, `vault/not-protected`.
   */
  signIn(username: string, password: string): Promise<Result<Session>>
  signOut(): Promise<Session>
  /** The council ordered this desk to forget the adviser's records, and they are gone. */
  wiped(): Promise<void>
  /** Keeps the session and shows nothing of it; nothing happens when nobody is signed in or it is locked already. */
  lock(why: LockReason): Promise<Session>
  /** Codes: `session/wrong-password`, `session/signed-out`. After the fifth wrong one nobody is signed in. */
  unlock(password: string): Promise<Result<Session>>
  /** Codes: `session/signed-out`, `session/expired`, `session/refused`, `session/unreachable`, … */
  token(force: boolean): Promise<Result<string>>
  /** The council moved to another address, or can be asked at last (practice takes a moment to start). */
  councilMoved(): void
  /** Who is signed in. */
  adviserId(): string | undefined
  /** Also when the council ended the session meanwhile: work in hand must still be saved. */
  lastAdviserId(): string | undefined
}

export interface SessionOptions {
  readonly auth: CouncilAuth
  readonly store: SessionStore
  readonly vault: OsVault
  readonly clock: Clock
  readonly log: Log
  /** Undefined while there is no council to ask. */
  councilUrl(): string | undefined
  onChange(session: Session): void
}

interface Held {
  adviser: Adviser
  councilUrl: string
  since: number
  confirmed: boolean
  refreshToken: string
  access: { token: string; validUntil: number; receivedAt: number } | undefined
  passwordCheck: PasswordCheck | undefined
  locked: LockReason | undefined
  wrongTries: number
}

export type LockReason = NonNullable<Extract<Session, { name: 'signed-in' }>['locked']>

const mostTries = 5

type SignedOutReason = Extract<Session, { name: 'signed-out' }>['reason']

export function createSession(options: SessionOptions): SessionKeeper {
  const { auth, store, vault, clock, log } = options
  let held: Held | undefined
  let reason: SignedOutReason = 'never'
  let lastAdviserId: string | undefined
  let refreshing: Promise<Result<string>> | undefined
  let signingIn = false

  function current(): Session {
    if (!held) return { name: 'signed-out', reason }
    const { adviser, councilUrl, since, confirmed, locked } = held
    return { name: 'signed-in', adviser, councilUrl, since, confirmed, ...(locked ? { locked } : {}) }
  }

  function changed(): void {
    const session = current()
    log.info('session/changed', {
      name: session.name,
      ...(session.name === 'signed-in' ? { confirmed: session.confirmed } : { reason: session.reason }),
    })
    options.onChange(session)
  }

  function hold(next: Held): void {
    held = next
    lastAdviserId = next.adviser.id
  }

  async function end(why: SignedOutReason): Promise<void> {
    held = undefined
    reason = why
    await store.clear()
    changed()
  }

  async function keep(session: Held): Promise<Result<null>> {
    const { adviser, councilUrl, since, refreshToken, passwordCheck } = session
    const locked = session.locked !== undefined
    const stored = { version: 1, adviser, councilUrl, since, refreshToken, passwordCheck, locked } as const
    return store.save(stored satisfies StoredSession)
  }

  function accessFrom(granted: TokenResponse): Held['access'] {
    const receivedAt = clock.now()
    return { token: granted.access_token, validUntil: receivedAt + granted.expires_in * 1000, receivedAt }
  }

  function refresh(): Promise<Result<string>> {
    refreshing ??= refreshOnce().finally(() => {
      refreshing = undefined
    })
    return refreshing
  }

  async function refreshOnce(): Promise<Result<string>> {
    const session = held
    if (!session) return err(signedOut())
    const councilUrl = options.councilUrl()
    if (!councilUrl) return err(appError('session/practice-not-running', 'later'))
    const granted = await auth.refresh(councilUrl, session.refreshToken)
    if (held !== session) return err(signedOut())
    if (!granted.ok) return refused(granted.error)

    session.refreshToken = granted.value.refresh_token
    const access = accessFrom(granted.value)
    session.access = access
    // The old token is spent: a restart before this is on the disk would ask for the password.
    await keep(session)
    if (!session.confirmed) {
      const error = await confirm(session, councilUrl, granted.value.access_token)
      if (error) return err(error)
    }
    return held === session ? ok(granted.value.access_token) : err(signedOut())
  }

  /** The council must still know the adviser, as the same one. Unreachable is no answer either way. */
  async function confirm(
    session: Held,
    councilUrl: string,
    accessToken: string,
  ): Promise<AppError | undefined> {
    const adviser = await auth.me(councilUrl, accessToken)
    if (held !== session) return signedOut()
    if (!adviser.ok) {
      if (adviser.error.code !== 'session/refused') return undefined
      await end('refused')
      return adviser.error
    }
    if (adviser.value.id !== session.adviser.id) {
      await end('refused')
      return appError('session/refused', 'never', 'another adviser')
    }
    Object.assign(session, { adviser: adviser.value, councilUrl, confirmed: true } satisfies Partial<Held>)
    await keep(session)
    changed()
    return undefined
  }

  async function refused(error: AppError): Promise<Result<string>> {
    if (error.code === 'session/expired') await end('expired')
    if (error.code === 'session/refused') await end('refused')
    return err(error)
  }

  async function signIn(username: string, password: string): Promise<Result<Session>> {
    const protectedHere = vault.ready()
    if (!protectedHere.ok) return protectedHere
    const councilUrl = options.councilUrl()
    if (!councilUrl) return err(appError('session/practice-not-running', 'later'))
    const granted = await auth.signIn(councilUrl, username, password)
    if (!granted.ok) return granted
    const adviser = await auth.me(councilUrl, granted.value.access_token)
    if (!adviser.ok) return adviser
    const session: Held = {
      adviser: adviser.value,
      councilUrl,
      since: clock.now(),
      confirmed: true,
      refreshToken: granted.value.refresh_token,
      access: accessFrom(granted.value),
      passwordCheck: await checkFor(password),
      locked: undefined,
      wrongTries: 0,
    }
    const kept = await keep(session)
    if (!kept.ok) return kept
    hold(session)
    changed()
    return ok(current())
  }

  /** The adviser waits for nobody: a council that cannot be told lets the tokens run out. */
  function revoke({ refreshToken }: Held): void {
    const councilUrl = options.councilUrl()
    if (!councilUrl) return
    auth
      .revoke(councilUrl, refreshToken)
      .then((revoked) => {
        if (!revoked.ok) log.info('session/not-revoked', { code: revoked.error.code })
      })
      .catch(() => log.error('session/not-revoked'))
  }

  return {
    current,
    adviserId: () => held?.adviser.id,
    lastAdviserId: () => lastAdviserId,

    resume: async () => {
      const stored = await store.load()
      if (!stored || held) return
      const ageMs = clock.now() - stored.since
      // A clock set back must not make a session live for ever.
      if (ageMs >= resumableForMs || ageMs < -resumableForMs) return end('expired')
      const { adviser, since, refreshToken, passwordCheck } = stored
      // Ending the app is no way around the lock.
      const locked = stored.locked ? 'by-adviser' : undefined
      const councilUrl = options.councilUrl() ?? stored.councilUrl
      hold({
        adviser,
        councilUrl,
        since,
        refreshToken,
        passwordCheck,
        locked,
        confirmed: false,
        access: undefined,
        wrongTries: 0,
      })
      changed()
      if (options.councilUrl()) void refresh()
    },

    signIn: async (username, password) => {
      if (held || signingIn) return err(appError('session/already-signed-in', 'never'))
      signingIn = true
      try {
        return await signIn(username, password)
      } finally {
        signingIn = false
      }
    },

    signOut: async () => {
      const left = held
      lastAdviserId = undefined
      await end('by-adviser')
      if (left) revoke(left)
      return current()
    },

    wiped: async () => {
      lastAdviserId = undefined
      await end('wiped')
    },

    lock: async (why) => {
      const session = held
      if (!session || session.locked) return current()
      session.locked = why
      changed()
      await keep(session)
      return current()
    },

    unlock: async (password) => {
      const session = held
      if (!session) return err(signedOut())
      const isRight = session.passwordCheck !== undefined && (await passes(password, session.passwordCheck))
      if (held !== session) return err(signedOut())
      if (!isRight) {
        session.wrongTries += 1
        log.info('session/wrong-password', { tries: session.wrongTries })
        if (session.wrongTries < mostTries) return err(appError('session/wrong-password', 'now'))
        await end('too-many-tries')
        revoke(session)
        return err(signedOut())
      }
      session.wrongTries = 0
      session.locked = undefined
      changed()
      await keep(session)
      return ok(current())
    },

    token: async (force) => {
      const access = held?.access
      if (access && isUsable(access, force, clock.now())) return ok(access.token)
      const refreshed = await refresh()
      const isStillGood = !force && access && held?.access === access && access.validUntil > clock.now()
      return !refreshed.ok && isStillGood ? ok(access.token) : refreshed
    },

    councilMoved: () => {
      const councilUrl = options.councilUrl()
      if (!held || !councilUrl) return
      if (held.councilUrl !== councilUrl) {
        held.councilUrl = councilUrl
        changed()
      }
      if (!held.confirmed) void refresh()
    },
  }
}

function isUsable(access: NonNullable<Held['access']>, force: boolean, now: number): boolean {
  if (access.validUntil - now < goodForMs) return false
  return !force || now - access.receivedAt < freshForMs
}

function signedOut(): AppError {
  return appError('session/signed-out', 'never')
}
