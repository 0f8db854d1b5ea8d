import { createRoute, z } from '@hono/zod-openapi'
import type { Context } from 'hono'
import { tokenError, tokenRequest, tokenResponse } from '#shared/contract/rest.ts'
import type { TokenOutcome } from '../sessions.ts'
import { failures, json } from './describe.ts'
import type { CouncilApp, Services } from './environment.ts'
import { ProblemError } from './problems.ts'
import { createRateLimit } from './rate-limits.ts'

const formType = 'application/x-www-form-urlencoded'

const tokenRoute = createRoute({
  method: 'post',
  path: '/oauth/token',
  summary: 'Sign in, or renew the access token',
  description: 'RFC 6749 §4.3 and §6. The refresh token stays as it is.',
  security: [],
  request: { body: { required: true, content: { [formType]: { schema: tokenRequest } } } },
  responses: {
    200: json(tokenResponse, 'Tokens'),
    400: json(tokenError, 'Refused (RFC 6749 §5.2)'),
    ...failures('session/locked'),
  },
})

const revokeRoute = createRoute({
  method: 'post',
  path: '/oauth/revoke',
  summary: 'Sign out',
  description: 'Ends every token of the same sign-in (RFC 7009).',
  security: [],
  request: { body: { required: true, content: { [formType]: { schema: z.object({ token: z.string() }) } } } },
  responses: {
    200: { description: 'The token is not valid any more' },
    400: json(tokenError, 'Refused (RFC 6749 §5.2)'),
  },
})

/** An office shares an address, so only failures count. */
const failuresPerAddress = { atOnce: 50, perSecond: 0.5 }

export function tokenRoutes(app: CouncilApp, { sessions, agents, clock }: Services): void {
  const failures = createRateLimit({ clock, ...failuresPerAddress })
  // Described, and handled by hand: failures here are RFC 6749's, not problems, and so is their order.
  app.openAPIRegistry.registerPath(tokenRoute)
  app.openAPIRegistry.registerPath(revokeRoute)

  app.post('/oauth/token', async (c) => {
    const address = c.env?.incoming?.socket.remoteAddress ?? ''
    const seconds = failures.secondsToWait(address)
    if (seconds > 0) throw new ProblemError('session/locked', undefined, { 'retry-after': String(seconds) })
    const form = await readForm(c)
    const grantType = form.grant_type
    if (!grantType) return refuse(c, 'invalid_request')
    if (grantType !== 'password' && grantType !== 'refresh_token') return refuse(c, 'unsupported_grant_type')
    const request = tokenRequest.safeParse(form)
    if (!request.success) return refuse(c, 'invalid_request')
    if (request.data.grant_type === 'refresh_token') {
      const renewed = await sessions.refresh(request.data.refresh_token)
      if (renewed.name === 'refused') failures.take(address)
      return answer(c, renewed)
    }
    const { username, password } = request.data
    if (username.includes('\0')) return refuse(c, 'invalid_grant')
    const outcome = await sessions.signIn(username, password)
    if (outcome.name === 'refused') failures.take(address)
    if (outcome.name === 'issued') agents.signedIn(outcome.adviserId)
    return answer(c, outcome)
  })

  app.post('/oauth/revoke', async (c) => {
    const { token } = await readForm(c)
    if (!token) return refuse(c, 'invalid_request')
    const adviserId = await sessions.revoke(token)
    if (adviserId !== null) agents.signedOut(adviserId)
    return c.body(null, 200)
  })
}

/** RFC 6749 §3.2: a parameter without a value counts as left out, and none may come twice. */
async function readForm(c: Context): Promise<Record<string, string>> {
  if (!c.req.header('content-type')?.toLowerCase().startsWith(formType)) return {}
  const form: Record<string, string> = {}
  for (const [name, value] of new URLSearchParams(await c.req.text())) {
    if (value === '') continue
    if (name in form) return {}
    form[name] = value
  }
  return form
}

function answer(c: Context, outcome: TokenOutcome): Response {
  if (outcome.name === 'issued') return c.json(outcome.response, 200, noStore)
  if (outcome.name === 'refused') return refuse(c, 'invalid_grant')
  throw new ProblemError('session/locked', undefined, { 'retry-after': String(outcome.retryAfterSeconds) })
}

/** RFC 6749 §5.1. */
const noStore = { 'cache-control': 'no-store', pragma: 'no-cache' }

const refuse = (c: Context, error: 'invalid_request' | 'invalid_grant' | 'unsupported_grant_type') =>
  c.json({ error }, 400, noStore)
