import { createRoute, z } from '@hono/zod-openapi'
import { type CallStatus, callHistory, callStatus, recordingRequest } from '#shared/contract/rest.ts'
import { bearer, failures, json, problems } from './describe.ts'
import type { CouncilApp, Services } from './environment.ts'
import { ProblemError } from './problems.ts'

/** The desk gives up after ten seconds; whoever knows why should still be able to say so. */
const recorderPatienceMs = 5000

const params = z.object({ callId: z.string().min(1).max(255) })

const historyRoute = createRoute({
  method: 'get',
  path: '/v1/me/calls',
  summary: 'List the adviser’s own calls',
  description: 'Newest first, at most 200.',
  security: bearer,
  responses: { 200: json(callHistory, 'Calls'), ...problems },
})

const statusRoute = createRoute({
  method: 'get',
  path: '/v1/calls/{callId}',
  summary: 'Read how a call is recorded and who listens',
  description: 'One of the adviser’s own, by its SIP Call-ID.',
  security: bearer,
  request: { params },
  responses: { 200: json(callStatus, 'Status'), ...problems, ...failures('call/unknown') },
})

const recordingRoute = createRoute({
  method: 'put',
  path: '/v1/calls/{callId}/recording',
  summary: 'Pause or go on recording a call',
  description: 'Answered once the recorder has done it.',
  security: bearer,
  request: {
    params,
    body: { required: true, content: { 'application/json': { schema: recordingRequest } } },
  },
  responses: {
    200: json(callStatus, 'Status'),
    ...problems,
    ...failures('call/unknown', 'recording/refused', 'recording/unreachable'),
  },
})

export function callsRoutes(app: CouncilApp, { calls, callRecords, clock, log }: Services): void {
  /** Another adviser's call is answered like one that is not there: whose calls there are is nobody else's business. */
  const ownStatus = (callId: string, adviserId: string): CallStatus => {
    const status = calls.advisersOf(callId).includes(adviserId) ? calls.status(callId) : null
    if (status === null) throw new ProblemError('call/unknown')
    return status
  }

  const askRecorder = (callId: string, paused: boolean): Promise<CallStatus> =>
    new Promise((resolve, reject) => {
      const stop = clock.after(recorderPatienceMs, () => reject(new Error('too late')))
      calls.setRecordingPaused(callId, paused).then(resolve, reject).finally(stop)
    })

  app.openapi(historyRoute, async (c) => c.json(await callRecords.historyOf(c.var.signedIn.adviser.id), 200))

  app.openapi(statusRoute, (c) => {
    const { callId } = c.req.valid('param')
    return c.json(ownStatus(callId, c.var.signedIn.adviser.id), 200)
  })

  app.openapi(recordingRoute, async (c) => {
    const { callId } = c.req.valid('param')
    const { paused } = c.req.valid('json')
    const adviserId = c.var.signedIn.adviser.id
    ownStatus(callId, adviserId)
    const status = await askRecorder(callId, paused).catch(() => {
      // The call may have ended meanwhile, which is no failure of the recorder.
      ownStatus(callId, adviserId)
      throw new ProblemError('recording/unreachable')
    })
    if (status.recording.name !== (paused ? 'paused' : 'recording')) {
      throw new ProblemError('recording/refused')
    }
    log.info('recording/changed', { adviserId, paused })
    return c.json(status, 200)
  })
}
