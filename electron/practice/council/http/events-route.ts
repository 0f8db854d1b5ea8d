import { createRoute, z } from '@hono/zod-openapi'
import type { Context } from 'hono'
import { type SSEStreamingApi, streamSSE } from 'hono/streaming'
import type { RaisedAlert } from '../alerts.ts'
import { newestChange, readChanges, type Scope } from '../database/change-feed.ts'
import type { Heard } from '../notices.ts'
import type { SignedIn } from '../sessions.ts'
import { bearer, problems } from './describe.ts'
import type { CouncilApp, Environment, Services } from './environment.ts'
import { createNews, type News } from './news.ts'
import { createPace } from './pace.ts'

const heartbeatMs = 15_000
/**
 * Whoever hears of a change comes for it. With a thousand desks they would all come at once, thirty times a second, so
 * a desk may hear of a change a few seconds later and then comes for several.
 */
const changesToldPerSecond = 50

const route = createRoute({
  method: 'get',
  path: '/v1/events',
  summary: 'Hear news as server-sent events',
  description:
    'The name of an event is its kind. A stream begins with the state and the calls as they are, and with `changed` unless ' +
    'nothing in the adviser’s scope changed after the event named by `Last-Event-ID`. It ends with the access token.',
  security: bearer,
  request: { headers: z.object({ 'last-event-id': z.string().max(100).optional() }) },
  responses: {
    200: { description: 'Events', content: { 'text/event-stream': { schema: z.string() } } },
    ...problems,
  },
})

export function eventsRoute(app: CouncilApp, services: Services): void {
  const { agents, alerts, calls, callRecords, clock, db, log, notices, wipes } = services
  const pace = createPace(clock, changesToldPerSecond)
  const idOf = (seq: number) => `${services.databaseId}.${seq}`

  /** The id of the feed's end, or nothing when the adviser knows all there is up to it. */
  async function untold(scope: Scope, lastEventId: string | undefined): Promise<string | undefined> {
    const newest = await newestChange(db)
    const [databaseId, seq] = lastEventId?.split('.') ?? []
    if (databaseId !== services.databaseId || !/^\d{1,15}$/.test(seq ?? '')) return idOf(newest)
    const page = await readChanges(db, scope, Number(seq), 1)
    return page?.changes.length === 0 ? undefined : idOf(newest)
  }

  /** Supervisors are told of every alert, and it is kept that they were; others of those they raised. */
  function tellAlert(news: News, { adviser, roles }: SignedIn, { alert, raiserId }: RaisedAlert): void {
    const isSupervisor = roles.includes('supervisor')
    if (!isSupervisor && raiserId !== adviser.id) return
    news.alert(alert)
    if (!isSupervisor) return
    alerts.shown(alert.id, adviser.name).catch(() => log.error('alert/not-noted-as-shown'))
  }

  const unheard = (signedIn: SignedIn) =>
    wipes.isOrdered(signedIn).catch(() => {
      log.error('wipe/not-looked-up')
      return false
    })

  function follow(news: News, scope: Scope, signedIn: SignedIn): () => void {
    const { adviserId } = scope
    let newestTold: string | undefined
    let isWaiting = false
    const tellChange = (id: string | undefined) => {
      newestTold = id
      if (isWaiting) return
      isWaiting = true
      pace.soon(() => {
        isWaiting = false
        news.changed(newestTold)
      })
    }
    const stops = [
      agents.onChanged((id, answer) => {
        if (id === adviserId) news.state(answer)
      }),
      calls.onChanged((id, status) => {
        if (id === adviserId) news.call(status)
      }),
      notices.onHeard((heard) => {
        if (heard.kind === 'missed') {
          tellChange(undefined)
          void unheard(signedIn).then((isOrdered) => isOrdered && news.wipe())
        } else if (heard.kind === 'wipe' && heard.adviserId === adviserId) news.wipe()
        else if (heard.kind === 'changed' && isFor(scope, heard)) tellChange(idOf(heard.seq))
        else if (heard.kind === 'withdrawn')
          for (const each of heard.versions) news.withdrawn(heard.scriptId, each)
      }),
      alerts.onNews((raised) => tellAlert(news, signedIn, raised)),
      clock.after(Math.max(0, signedIn.expiresAt - clock.now()), news.end),
    ]
    return () => {
      for (const stop of stops) stop()
    }
  }

  /** To a desk that comes back after it was told to forget; it hears nothing else. */
  const sayWipe = (c: Context<Environment>, signedIn: SignedIn) =>
    streamSSE(c, async (stream) => {
      await stream.writeSSE({ event: 'wipe', data: '{}' })
      await wipes.told(signedIn)
    })

  app.openAPIRegistry.registerPath(route)
  app.get(route.path, async (c) => {
    const { signedIn } = c.var
    const { adviser, queueIds } = signedIn
    if (signedIn.isToForget) return sayWipe(c, signedIn)
    const scope = { adviserId: adviser.id, queueIds }
    const news = createNews()
    news.state(agents.answer(adviser.id))
    for (const status of callRecords.statusesOf(adviser.id)) news.call(status)
    const stop = follow(news, scope, signedIn)
    try {
      const id = await untold(scope, c.req.header('last-event-id'))
      if (id !== undefined) news.changed(id)
      for (const raised of await alerts.open()) tellAlert(news, signedIn, raised)
    } catch (error) {
      stop()
      throw error
    }
    // Nothing between here and the desk may keep events back.
    c.header('x-accel-buffering', 'no')
    return streamSSE(c, async (stream) => {
      stream.onAbort(news.end)
      let stopHeartbeat = () => {}
      const beatLater = () => {
        stopHeartbeat = clock.after(heartbeatMs, () => {
          news.beat()
          beatLater()
        })
      }
      beatLater()
      try {
        await pour(news, stream, () => wipes.told(signedIn))
      } finally {
        stopHeartbeat()
        stop()
      }
    })
  })
}

const isFor = ({ adviserId, queueIds }: Scope, heard: Extract<Heard, { kind: 'changed' }>): boolean =>
  heard.everyone || heard.adviserIds.includes(adviserId) || heard.queueIds.some((id) => queueIds.includes(id))

async function pour(news: News, stream: SSEStreamingApi, wiped: () => Promise<void>): Promise<void> {
  for (let item = await news.next(); item; item = await news.next()) {
    if (item === 'heartbeat') await stream.write(': heartbeat\n\n')
    else await stream.writeSSE(item)
    if (item !== 'heartbeat' && item.event === 'wipe') await wiped()
  }
}
