import { z } from 'zod'
import {
  type Adviser,
  adviser,
  type TokenResponse,
  tokenError,
  tokenResponse,
} from '#shared/contract/rest.ts'
import { versions } from '#shared/contract/versions.ts'
import { type AppError, appError } from '#shared/kernel/app-error.ts'
import type { Clock } from '#shared/kernel/clock.ts'
import { err, ok, type Result } from '#shared/kernel/result.ts'

export type Fetch = (url: string, init: RequestInit) => Promise<Response>

/** The council's answers about who somebody is. Codes: `session/` + unreachable, malformed-answer, refused, expired. */
export interface CouncilAuth {
  /** `session/wrong-credentials` when name or password are wrong. */
  signIn(councilUrl: string, username: string, password: string): Promise<Result<TokenResponse>>
  /** `session/expired` when the token has run out or was used before. */
  refresh(councilUrl: string, refreshToken: string): Promise<Result<TokenResponse>>
  me(councilUrl: string, accessToken: string): Promise<Result<Adviser>>
  /** Ends every token of the same sign-in (RFC 7009). A council that does not offer it answers as any other refusal. */
  revoke(councilUrl: string, refreshToken: string): Promise<Result<null>>
}

export interface CouncilAuthOptions {
  readonly fetch: Fetch
  readonly clock: Clock
  readonly timeoutMs?: number
}

export function createCouncilAuth({ fetch, clock, timeoutMs = 10_000 }: CouncilAuthOptions): CouncilAuth {
  async function ask(
    councilUrl: string,
    path: string,
    init: RequestInit,
  ): Promise<Result<{ response: Response; body: unknown }>> {
    const patience = new AbortController()
    const cancel = clock.after(timeoutMs, () => patience.abort())
    try {
      const response = await fetch(`${councilUrl.replace(/\/+$/, '')}${path}`, {
        ...init,
        credentials: 'omit',
        cache: 'no-store',
        redirect: 'error',
        signal: patience.signal,
        headers: { ...init.headers, 'Adviser-Desktop-Contract': String(versions.rest) },
      })
      const body: unknown = await response.json().catch(() => undefined)
      if (response.status >= 500 || response.status === 429) return err(unreachable(response))
      return ok({ response, body })
    } catch {
      return err(appError('session/unreachable', 'later'))
    } finally {
      cancel()
    }
  }

  async function token(
    councilUrl: string,
    form: Record<string, string>,
    invalidGrant: AppError,
  ): Promise<Result<TokenResponse>> {
    const answer = await ask(councilUrl, '/oauth/token', {
      method: 'POST',
      headers: { 'Content-Type': 'application/x-www-form-urlencoded' },
      body: new URLSearchParams(form).toString(),
    })
    if (!answer.ok) return answer
    const { response, body } = answer.value
    const granted = tokenResponse.safeParse(body)
    if (response.ok && granted.success) return ok(granted.data)
    // Only an answer in the protocol's own words refuses anybody: a hotel's sign-in page does not.
    const refusal = tokenError.safeParse(body)
    if (response.ok || !refusal.success) return err(malformed(response))
    return err(
      refusal.data.error === 'invalid_grant'
        ? invalidGrant
        : appError('session/refused', 'never', `token ${response.status}`),
    )
  }

  return {
    signIn: (councilUrl, username, password) =>
      token(
        councilUrl,
        { grant_type: 'password', username, password },
        appError('session/wrong-credentials', 'now'),
      ),
    refresh: (councilUrl, refreshToken) =>
      token(
        councilUrl,
        { grant_type: 'refresh_token', refresh_token: refreshToken },
        appError('session/expired', 'never'),
      ),
    me: async (councilUrl, accessToken) => {
      const answer = await ask(councilUrl, '/v1/me', {
        method: 'GET',
        headers: { Authorization: `Bearer ${accessToken}` },
      })
      if (!answer.ok) return answer
      const { response, body } = answer.value
      if (response.status === 401 || response.status === 403) {
        return err(appError('session/refused', 'never', `me ${response.status}`))
      }
      const parsed = z.object({ adviser }).safeParse(body)
      return response.ok && parsed.success ? ok(parsed.data.adviser) : err(malformed(response))
    },
    revoke: async (councilUrl, refreshToken) => {
      const answer = await ask(councilUrl, '/oauth/revoke', {
        method: 'POST',
        headers: { 'Content-Type': 'application/x-www-form-urlencoded' },
        body: new URLSearchParams({ token: refreshToken, token_type_hint: 'refresh_token' }).toString(),
      })
      if (!answer.ok) return answer
      const { response } = answer.value
      return response.ok ? ok(null) : err(appError('session/refused', 'never', `revoke ${response.status}`))
    },
  }
}

function malformed(response: Response): AppError {
  return appError('session/malformed-answer', 'later', `status ${response.status}`)
}

/** `Retry-After` in seconds is honoured, its date form is not. */
function unreachable(response: Response): AppError {
  const seconds = Number(response.headers.get('Retry-After') ?? Number.NaN)
  const retryAfterMs = Number.isFinite(seconds) && seconds >= 0 ? seconds * 1000 : undefined
  return appError('session/unreachable', 'later', `status ${response.status}`, retryAfterMs)
}
