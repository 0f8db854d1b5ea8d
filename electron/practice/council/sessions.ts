import { createHash, randomBytes } from 'node:crypto'
import type { Adviser, Role, TokenResponse } from '#shared/contract/rest.ts'
import type { Clock } from '#shared/kernel/clock.ts'
import type { Log } from '#shared/kernel/log.ts'
import type { Random } from '#shared/kernel/random.ts'
import type { Db } from './database/schema.ts'
import type { Notices } from './notices.ts'
import { hashPassword, passwordMatches } from './passwords.ts'

const accessTokenSeconds = 15 * 60
const refreshTokenSeconds = 12 * 60 * 60
const failuresAllowed = 10
const lockedMs = 30_000

export interface SignedIn {
  readonly adviser: Adviser
  readonly queueIds: readonly string[]
  readonly roles: readonly Role[]
  /** Milliseconds since 1970 when this access token ends. */
  readonly expiresAt: number
  /** Of all tokens that came from one giving of the password. */
  readonly signInId: string
  /** When the password was given, milliseconds since 1970. */
  readonly signedInAt: number
  /** How often this adviser's desks were told to forget: cursors of before are of no more use. */
  readonly wipes: number
  /** Such an order is younger than this sign-in: its desk hears of that and of nothing else. */
  readonly isToForget: boolean
}

export type TokenOutcome =
  | { readonly name: 'issued'; readonly response: TokenResponse; readonly adviserId: string }
  | { readonly name: 'refused' }
  | { readonly name: 'locked'; readonly retryAfterSeconds: number }

/** Opaque bearer tokens, kept hashed in the database so that they survive a restart of the process. */
export interface Sessions {
  signIn(username: string, password: string): Promise<TokenOutcome>
  /** The refresh token stays as it is, so an answer lost on its way signs nobody out. */
  refresh(refreshToken: string): Promise<TokenOutcome>
  /** Ends every token of the same sign-in; gives the adviser's id, or null when the token is unknown. */
  revoke(token: string): Promise<string | null>
  authenticate(accessToken: string): Promise<SignedIn | null>
  /** What is known of this adviser's tokens is looked up again. */
  forget(adviserId: string): void
}

export interface SessionsOptions {
  readonly db: Db
  readonly clock: Clock
  readonly random: Random
  readonly log: Log
  readonly notices: Notices
}

/** A token is looked up at every request. What says that it ended is heard in every process of the service. */
const knownForMs = 60_000
const mostKnown = 10_000

export function createSessions({ db, clock, random, log, notices }: SessionsOptions): Sessions {
  const attempts = createAttempts(clock)
  /** Access tokens by their hash, with when they were looked up. */
  const known = new Map<string, { readonly signedIn: SignedIn; readonly at: number }>()
  let forgotten = 0
  const forgetWhere = (isGone: (signedIn: SignedIn) => boolean) => {
    forgotten += 1
    for (const [hash, { signedIn }] of known) if (isGone(signedIn)) known.delete(hash)
  }
  notices.onHeard((heard) => {
    if (heard.kind === 'missed') forgetWhere(() => true)
    else if (heard.kind === 'signed-out') forgetWhere(({ signInId }) => signInId === heard.signInId)
    else if (heard.kind === 'wipe') forgetWhere(({ adviser }) => adviser.id === heard.adviserId)
  })
  // Compared with when the username is unknown, so that the time taken does not tell which ones exist.
  const nobodysHash = hashPassword(random.uuid())

  const issue = async (
    adviserId: string,
    signInId: string,
    signedInAt: number,
    refreshToken: string,
  ): Promise<TokenOutcome> => {
    const accessToken = newToken()
    await db
      .insertInto('token')
      .values({
        hash: hashToken(accessToken),
        kind: 'access',
        adviser_id: adviserId,
        sign_in_id: signInId,
        signed_in_at: signedInAt,
        expires_at: clock.now() + accessTokenSeconds * 1000,
      })
      .execute()
    return {
      name: 'issued',
      adviserId,
      response: {
        access_token: accessToken,
        token_type: 'Bearer',
        expires_in: accessTokenSeconds,
        refresh_token: refreshToken,
      },
    }
  }

  const find = (token: string, kind: 'access' | 'refresh') =>
    db
      .selectFrom('token')
      .innerJoin('adviser', 'adviser.id', 'token.adviser_id')
      .selectAll('adviser')
      .select(['token.sign_in_id', 'token.signed_in_at', 'token.expires_at'])
      .select(({ selectFrom }) => [
        selectFrom('wipe')
          .select(({ fn }) => fn.countAll<number>().as('wipes'))
          .whereRef('wipe.adviser_id', '=', 'adviser.id')
          .as('wipes'),
        selectFrom('wipe')
          .select(({ fn }) => fn.max('wipe.ordered_at').as('wiped_at'))
          .whereRef('wipe.adviser_id', '=', 'adviser.id')
          .as('wiped_at'),
      ])
      .where('token.hash', '=', hashToken(token))
      .where('token.kind', '=', kind)
      .where('token.expires_at', '>', clock.now())
      .executeTakeFirst()

  return {
    signIn: async (username, password) => {
      const lockedFor = attempts.lockedForMs(username)
      if (lockedFor > 0) return { name: 'locked', retryAfterSeconds: Math.ceil(lockedFor / 1000) }
      const adviser = await db
        .selectFrom('adviser')
        .select(['id', 'password_hash'])
        .where('username', '=', username)
        .executeTakeFirst()
      const matches = await passwordMatches(password, adviser?.password_hash ?? (await nobodysHash))
      if (!adviser || !matches) {
        attempts.failed(username)
        log.info('session/sign-in-refused')
        return { name: 'refused' }
      }
      attempts.succeeded(username)
      await db.deleteFrom('token').where('expires_at', '<=', clock.now()).execute()
      const refreshToken = newToken()
      const signInId = random.uuid()
      const signedInAt = clock.now()
      await db
        .insertInto('token')
        .values({
          hash: hashToken(refreshToken),
          kind: 'refresh',
          adviser_id: adviser.id,
          sign_in_id: signInId,
          signed_in_at: signedInAt,
          expires_at: signedInAt + refreshTokenSeconds * 1000,
        })
        .execute()
      log.info('session/signed-in', { adviserId: adviser.id })
      return issue(adviser.id, signInId, signedInAt, refreshToken)
    },

    refresh: async (refreshToken) => {
      const found = await find(refreshToken, 'refresh')
      return found ? issue(found.id, found.sign_in_id, found.signed_in_at, refreshToken) : { name: 'refused' }
    },

    revoke: async (token) => {
      const found = await db
        .selectFrom('token')
        .select(['adviser_id', 'sign_in_id'])
        .where('hash', '=', hashToken(token))
        .executeTakeFirst()
      if (!found) return null
      await db.deleteFrom('token').where('sign_in_id', '=', found.sign_in_id).execute()
      forgetWhere(({ signInId }) => signInId === found.sign_in_id)
      await notices.send({ kind: 'signed-out', signInId: found.sign_in_id })
      log.info('session/signed-out', { adviserId: found.adviser_id })
      return found.adviser_id
    },

    authenticate: async (accessToken) => {
      const hash = hashToken(accessToken)
      const held = known.get(hash)
      const now = clock.now()
      if (held && now - held.at < knownForMs && now < held.signedIn.expiresAt) return held.signedIn
      known.delete(hash)
      const turn = forgotten
      const found = await find(accessToken, 'access')
      if (!found) return null
      const { id, username, name, languages, queue_ids, roles, expires_at } = found
      const signedIn: SignedIn = {
        adviser: { id, username, name, languages },
        queueIds: queue_ids,
        roles,
        expiresAt: expires_at,
        signInId: found.sign_in_id,
        signedInAt: found.signed_in_at,
        wipes: found.wipes ?? 0,
        isToForget: (found.wiped_at ?? -1) >= found.signed_in_at,
      }
      if (known.size >= mostKnown) known.clear()
      // Read before something ended, it may be of before.
      if (turn === forgotten) known.set(hash, { signedIn, at: now })
      return signedIn
    },

    forget: (adviserId) => {
      forgetWhere(({ adviser }) => adviser.id === adviserId)
    },
  }
}

const newToken = () => randomBytes(32).toString('base64url')

const hashToken = (token: string) => createHash('sha256').update(token).digest('base64url')

/** Slows down guessing: after ten wrong passwords in a row a username waits. */
function createAttempts(clock: Clock) {
  const failures = new Map<string, { count: number; lastAt: number }>()
  return {
    lockedForMs: (username: string): number => {
      const known = failures.get(username)
      if (!known || known.count < failuresAllowed) return 0
      return Math.max(0, known.lastAt + lockedMs - clock.now())
    },
    failed: (username: string) => {
      // Guessing many usernames must not fill the memory.
      if (failures.size > 1000) failures.clear()
      failures.set(username, { count: (failures.get(username)?.count ?? 0) + 1, lastAt: clock.now() })
    },
    succeeded: (username: string) => {
      failures.delete(username)
    },
  }
}
