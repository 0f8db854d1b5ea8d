import { createRoute, z } from '@hono/zod-openapi'
import { type SSEStreamingApi, streamSSE } from 'hono/streaming'
import type { AgentStateAnswer, CallStatus } from '#shared/contract/rest.ts'
import { bearer, problems } from './describe.ts'
import type { CouncilApp, Services } from './environment.ts'

const heartbeatMs = 15_000

const route = createRoute({
  method: 'get',
  path: '/v1/events',
  summary:
    'News as server-sent events; `event` is the kind. Begins with the state and the calls, ends with the access token',
  security: bearer,
  responses: {
    200: { description: 'Events', content: { 'text/event-stream': { schema: z.string() } } },
    ...problems,
  },
})

export function eventsRoute(app: CouncilApp, { agents, calls, callRecords, changed, clock }: Services): void {
  app.openAPIRegistry.registerPath(route)
  app.get(route.path, (c) => {
    const { adviser, expiresAt } = c.var.signedIn
    // Nothing between here and the desk may keep events back.
    c.header('x-accel-buffering', 'no')
    return streamSSE(c, async (stream) => {
      const news = createNews()
      news.state(agents.answer(adviser.id))
      for (const status of callRecords.statusesOf(adviser.id)) news.call(status)
      // What happened before the stream was open is found by pulling once.
      news.changed()
      const stops = [
        agents.onChanged((adviserId, answer) => {
          if (adviserId === adviser.id) news.state(answer)
        }),
        calls.onChanged((adviserId, status) => {
          if (adviserId === adviser.id) news.call(status)
        }),
        changed.onRaised(news.changed),
        clock.after(Math.max(0, expiresAt - clock.now()), news.end),
      ]
      let stopHeartbeat = () => {}
      const beatLater = () => {
        stopHeartbeat = clock.after(heartbeatMs, () => {
          news.beat()
          beatLater()
        })
      }
      beatLater()
      stream.onAbort(news.end)
      try {
        await pour(news, stream)
      } finally {
        stopHeartbeat()
        for (const stop of stops) stop()
      }
    })
  })
}

interface News {
  state(answer: AgentStateAnswer): void
  call(status: CallStatus): void
  changed(): void
  beat(): void
  end(): void
  /** What is to be said next; undefined when the stream is over. Waits for it. */
  next(): Promise<{ event: string; data: string } | 'heartbeat' | undefined>
}

/** Keeps the newest of each kind and call only, so a slow reader costs no memory and hears nothing stale. */
function createNews(): News {
  let state: AgentStateAnswer | undefined
  const callStatuses = new Map<string, CallStatus>()
  let hasChanged = false
  let heartbeat = false
  let ended = false
  let wake = () => {}
  const told = (tell: () => void) => () => {
    tell()
    wake()
  }
  return {
    state: (answer) => {
      state = answer
      wake()
    },
    call: (status) => {
      callStatuses.set(status.callId, status)
      wake()
    },
    changed: told(() => {
      hasChanged = true
    }),
    beat: told(() => {
      heartbeat = true
    }),
    end: told(() => {
      ended = true
    }),
    next: async () => {
      for (;;) {
        if (ended) return undefined
        if (state) {
          const answer = state
          state = undefined
          return { event: 'state', data: JSON.stringify({ answer }) }
        }
        for (const [callId, status] of callStatuses) {
          callStatuses.delete(callId)
          return { event: 'call', data: JSON.stringify({ status }) }
        }
        if (hasChanged) {
          hasChanged = false
          return { event: 'changed', data: '{}' }
        }
        if (heartbeat) {
          heartbeat = false
          return 'heartbeat'
        }
        await new Promise<void>((resolve) => {
          wake = resolve
        })
      }
    },
  }
}

async function pour(news: News, stream: SSEStreamingApi): Promise<void> {
  for (let item = await news.next(); item; item = await news.next()) {
    if (item === 'heartbeat') await stream.write(': heartbeat\n\n')
    else await stream.writeSSE(item)
  }
}
