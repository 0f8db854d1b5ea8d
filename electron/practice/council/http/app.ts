import { OpenAPIHono } from '@hono/zod-openapi'
import { bodyLimit } from 'hono/body-limit'
import { HTTPException } from 'hono/http-exception'
import { routePath } from 'hono/route'
import { versions } from '#shared/contract/versions.ts'
import { alertsRoutes } from './alerts-routes.ts'
import { attachmentsRoutes } from './attachments-routes.ts'
import { auditRoutes } from './audit-routes.ts'
import { requireSignIn } from './authentication.ts'
import { callsRoutes } from './calls-routes.ts'
import { changesRoute } from './changes-route.ts'
import { directoryRoutes } from './directory-routes.ts'
import type { CouncilApp, Environment, Services } from './environment.ts'
import { eventsRoute } from './events-route.ts'
import { handOverRoutes } from './hand-over-routes.ts'
import { meRoutes } from './me-routes.ts'
import { type OpenApiDocument, openApiDocument } from './openapi.ts'
import { operationsRoute } from './operations-route.ts'
import { admitOrigins, contractHeader } from './origins.ts'
import { fromHttpException, invalid, isPassing, ProblemError, problemResponse } from './problems.ts'
import { createRateLimit, limitRequests } from './rate-limits.ts'
import { residentsRoutes } from './residents-routes.ts'
import { scriptDraftsRoutes } from './script-drafts-routes.ts'
import { scriptVersionsRoutes } from './script-versions-routes.ts'
import { scriptsRoutes } from './scripts-routes.ts'
import { searchRoute } from './search-route.ts'
import { signpostsRoutes } from './signposts-routes.ts'
import { tokenRoutes } from './token-routes.ts'
import { speakTus, uploadsRoutes } from './uploads-routes.ts'

const largestBody = 1024 * 1024
/** A desk's first sync is some hundred requests; a working day is a few a minute. */
const requestsPerToken = { atOnce: 600, perSecond: 20 }

/** The council's backend as one function from request to response. */
export function createApp(services: Services): CouncilApp {
  const { clock, log, random, sessions } = services
  const app: CouncilApp = new OpenAPIHono<Environment>({
    defaultHook: (result) => {
      if (!result.success) throw invalid(result.error)
    },
  })

  app.use(async (c, next) => {
    const startedAt = clock.now()
    c.header(contractHeader, String(versions.rest))
    await next()
    // The route's pattern, because a path may carry ids, and never the query, which carries what was searched for.
    log.info('http/answered', {
      requestId: random.uuid(),
      method: c.req.method,
      route: routePath(c, -1),
      status: c.res.status,
      tookMs: clock.now() - startedAt,
    })
  })
  app.use('/v1/uploads/*', speakTus)
  app.use(admitOrigins)
  const tooLarge = () => {
    // The rest of the body is not read, so the connection is of no more use.
    throw new ProblemError('request/too-large', undefined, { connection: 'close' })
  }
  const limitBody = bodyLimit({ maxSize: largestBody, onError: tooLarge })
  // Files have a limit of their own and are never in memory as a whole.
  app.use((c, next) => (c.req.path.startsWith('/v1/uploads/') ? next() : limitBody(c, next)))

  app.onError((error, c) => {
    if (error instanceof ProblemError) return problemResponse(c, error)
    if (error instanceof HTTPException) return problemResponse(c, fromHttpException(error))
    if (error instanceof SyntaxError) return problemResponse(c, new ProblemError('request/malformed'))
    // Messages of a database quote values, so only the kind of failure is logged.
    const cause = 'code' in error ? String(error.code) : undefined
    log.error('http/failed', { route: routePath(c, -1), error: error.name, cause })
    const problem = isPassing(error)
      ? new ProblemError('council/unavailable', undefined, { 'retry-after': '2' })
      : new ProblemError('council/failed')
    return problemResponse(c, problem)
  })
  app.notFound((c) => problemResponse(c, new ProblemError('route/unknown')))

  tokenRoutes(app, services)
  describeApi(app)
  app.use('/v1/*', limitRequests(createRateLimit({ clock, ...requestsPerToken })))
  app.use('/v1/*', requireSignIn(sessions))
  meRoutes(app, services)
  changesRoute(app, services)
  operationsRoute(app, services)
  residentsRoutes(app, services)
  uploadsRoutes(app, services)
  attachmentsRoutes(app, services)
  eventsRoute(app, services)
  scriptsRoutes(app, services)
  searchRoute(app, services)
  callsRoutes(app, services)
  directoryRoutes(app, services)
  auditRoutes(app, services)
  alertsRoutes(app, services)
  handOverRoutes(app, services)
  signpostsRoutes(app, services)
  scriptDraftsRoutes(app, services)
  scriptVersionsRoutes(app, services)
  refuseOtherMethods(app)
  return app
}

/** RFC 9110 §15.5.6. Comes last, so it is reached only when no route took the method. */
function refuseOtherMethods(app: CouncilApp): void {
  const taken = app.routes.filter(({ method }) => method !== 'ALL')
  for (const path of new Set(taken.map((route) => route.path))) {
    const methods = new Set(taken.filter((route) => route.path === path).map(({ method }) => method))
    app.all(path, () => {
      throw new ProblemError('route/method', undefined, { allow: [...methods].join(', ') })
    })
  }
}

function describeApi(app: CouncilApp): void {
  app.openAPIRegistry.registerComponent('securitySchemes', 'bearer', { type: 'http', scheme: 'bearer' })
  let document: OpenApiDocument | undefined
  app.get('/v1/openapi.json', (c) => {
    document ??= openApiDocument(app)
    return c.json(document)
  })
}
