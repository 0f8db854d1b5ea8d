import type { PracticeStatus, RequestOf } from '#shared/contract/ipc.ts'
import { type AppError, appError } from '#shared/kernel/app-error.ts'
import type { Cancel, Clock } from '#shared/kernel/clock.ts'
import type { Log } from '#shared/kernel/log.ts'
import { err, ok, type Result } from '#shared/kernel/result.ts'
import { type PracticeCommand, type PracticeOptions, practiceMessage } from '../practice/protocol.ts'

/** A started process and its message port. */
export interface PracticeChild {
  post(command: PracticeCommand): void
  onMessage(listener: (message: unknown) => void): void
  /** Called once; `code` is null when a signal ended it. */
  onExit(listener: (code: number | null) => void): void
  kill(): void
}

/** The practice council, switchboard and residents, kept running in a process of their own. */
export interface PracticeProcess {
  status(): PracticeStatus
  /** Codes: `practice/not-running`, `practice/no-answer`, and those of the practice process. */
  call(scenarioId: string | undefined): Promise<Result<{ scenarioId: string }>>
  network(cut: boolean): Promise<Result<null>>
  supervise(supervisor: RequestOf<'practice.supervise'>['supervisor']): Promise<Result<null>>
  /** Answers when the process is gone. */
  stop(): Promise<void>
}

export interface PracticeProcessOptions {
  readonly fork: () => PracticeChild
  readonly options: PracticeOptions
  readonly clock: Clock
  readonly log: Log
  onStatus(status: PracticeStatus): void
}

const firstRestartMs = 500
const longestRestartMs = 30_000
/** After this long a process counts as healthy again. */
const healthyAfterMs = 60_000
const answerWithinMs = 10_000
/** Calls to end and a database to flush; while it starts there is neither. */
const stopWithinMs = 5_000
const stopStartingWithinMs = 500

type Answer = Result<{ scenarioId?: string | undefined }>

export function startPracticeProcess(setup: PracticeProcessOptions): PracticeProcess {
  const { fork, options, clock, log, onStatus } = setup
  const waiting = new Map<string, (answer: Answer) => void>()
  let status: PracticeStatus = { name: 'starting', step: 'database' }
  let child: PracticeChild | undefined
  let restartMs = firstRestartMs
  let cancelRestart: Cancel | undefined
  let requestCount = 0
  let stopping = false
  let gone: () => void = () => {}

  function setStatus(next: PracticeStatus): void {
    status = next
    onStatus(next)
  }

  function start(): void {
    const startedAt = clock.now()
    setStatus({ name: 'starting', step: 'database' })
    const started = fork()
    child = started
    started.onMessage((message) => hear(message))
    started.onExit((code) => ended(code, clock.now() - startedAt))
    started.post({ type: 'start', options })
  }

  function hear(message: unknown): void {
    const parsed = practiceMessage.safeParse(message)
    if (!parsed.success) {
      log.error('practice/strange-message', { at: parsed.error.issues[0]?.path.join('.') })
      return
    }
    const heard = parsed.data
    if (heard.type === 'log') log[heard.level](heard.code, heard.facts)
    else if (heard.type === 'status') setStatus(heard.status)
    else {
      waiting.get(heard.requestId)?.(heard.ok ? ok({ scenarioId: heard.scenarioId }) : err(heard.error))
      waiting.delete(heard.requestId)
    }
  }

  function ended(code: number | null, ranForMs: number): void {
    child = undefined
    for (const answer of waiting.values()) answer(err(notRunning))
    waiting.clear()
    if (stopping) {
      gone()
      return
    }
    if (ranForMs >= healthyAfterMs) restartMs = firstRestartMs
    const delayMs = restartMs
    restartMs = Math.min(restartMs * 2, longestRestartMs)
    log.error('practice/ended', { code: code ?? 'signal', restartMs: delayMs })
    // What the process said of itself last, when it found out why it cannot go on.
    const own = status.name === 'failed' ? `${status.detail} ` : ''
    setStatus({
      name: 'failed',
      detail: `${own}Practice stopped; it starts again in ${Math.ceil(delayMs / 1000)} s.`,
    })
    cancelRestart = clock.after(delayMs, start)
  }

  function ask(command: (requestId: string) => PracticeCommand): Promise<Answer> {
    const to = child
    if (!to || status.name !== 'running') return Promise.resolve(err(notRunning))
    requestCount += 1
    const requestId = String(requestCount)
    return new Promise((resolve) => {
      const cancel = clock.after(answerWithinMs, () => {
        waiting.delete(requestId)
        resolve(err(appError('practice/no-answer', 'now')))
      })
      waiting.set(requestId, (answer) => {
        cancel()
        resolve(answer)
      })
      to.post(command(requestId))
    })
  }

  start()
  return {
    status: () => status,
    call: async (scenarioId) => {
      const answer = await ask((requestId) => ({
        type: 'call',
        requestId,
        ...(scenarioId === undefined ? {} : { scenarioId }),
      }))
      if (!answer.ok) return answer
      const called = answer.value.scenarioId ?? scenarioId
      return called === undefined ? err(appError('practice/no-answer', 'now')) : ok({ scenarioId: called })
    },
    network: async (cut) => {
      const answer = await ask((requestId) => ({ type: 'network', requestId, cut }))
      return answer.ok ? ok(null) : answer
    },
    supervise: async (supervisor) => {
      const answer = await ask((requestId) => ({ type: 'supervise', requestId, supervisor }))
      return answer.ok ? ok(null) : answer
    },
    stop: () => {
      stopping = true
      cancelRestart?.()
      const running = child
      if (!running) return Promise.resolve()
      return new Promise((resolve) => {
        const withinMs = status.name === 'running' ? stopWithinMs : stopStartingWithinMs
        const cancel = clock.after(withinMs, () => {
          log.error('practice/killed')
          running.kill()
        })
        gone = () => {
          cancel()
          resolve()
        }
        running.post({ type: 'stop' })
      })
    },
  }
}

const notRunning: AppError = appError('practice/not-running', 'now')
