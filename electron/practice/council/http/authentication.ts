import type { MiddlewareHandler } from 'hono'
import type { Sessions } from '../sessions.ts'
import type { Environment } from './environment.ts'
import { ProblemError } from './problems.ts'

/** RFC 6750 §2.1 and §3: the bearer token in the header, and nowhere else. */
export function requireSignIn(sessions: Sessions): MiddlewareHandler<Environment> {
  return async (c, next) => {
    const token = /^Bearer +([\w~+/.=-]+) *$/i.exec(c.req.header('authorization') ?? '')?.[1]
    if (!token) throw new ProblemError('session/needed', undefined, { 'www-authenticate': 'Bearer' })
    const signedIn = await sessions.authenticate(token)
    if (!signedIn) {
      throw new ProblemError('session/expired', undefined, {
        'www-authenticate': 'Bearer error="invalid_token"',
      })
    }
    // The stream of events is where a desk is told to forget; nothing else is left for it.
    if (signedIn.isToForget && c.req.path !== '/v1/events') throw new ProblemError('desk/wipe-ordered')
    c.set('signedIn', signedIn)
    await next()
  }
}
