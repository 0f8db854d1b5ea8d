import { callsError } from '#shared/calls/errors.ts'
import type { PhoneSnapshot, ReadinessProblem } from '#shared/contract/phone.ts'
import type { RecordsApi } from '#shared/contract/records.ts'
import type { AgentStateAnswer, AgentStateRequest } from '#shared/contract/rest.ts'
import type { Cancel, Clock } from '#shared/kernel/clock.ts'
import type { Log } from '#shared/kernel/log.ts'
import { err, ok, type Result } from '#shared/kernel/result.ts'

export interface AgentLinkOptions {
  readonly records: Pick<RecordsApi, 'requestAgentState' | 'readAgentState'>
  readonly clock: Clock
  readonly log: Log
  problems(): readonly ReadinessProblem[]
  onChange(): void
}

/** The adviser's state as the backend last said it, and the keeper of "Ready is true". */
export interface AgentLink {
  last(): PhoneSnapshot['agent']
  request(request: AgentStateRequest): Promise<Result<null>>
  /** The backend said something, by whichever way. */
  heard(answer: AgentStateAnswer, asAt: number): void
  /** Asks the backend once, as at sign-in. */
  read(): Promise<void>
  /** Problems or the council's reach changed: takes Ready back when it is not true any more. */
  check(): void
  forget(): void
}

const tryAgainMs = 2_000
const notReady: AgentStateRequest = { name: 'not-ready', reason: 'phone-not-ready' }

export function createAgentLink(options: AgentLinkOptions): AgentLink {
  const { records, clock, log } = options
  let last: PhoneSnapshot['agent'] = null
  let takingBack = false
  let waiting: Cancel | null = null

  function heard(answer: AgentStateAnswer, asAt: number): void {
    // Two ways lead here; the slower one must not bring an old word back.
    if (last !== null && asAt < last.asAt) return
    last = { ...answer, asAt }
    options.onChange()
    check()
  }

  async function ask(request: AgentStateRequest): Promise<Result<AgentStateAnswer>> {
    const answer = await records.requestAgentState(request)
    if (answer.ok) heard(answer.value, clock.now())
    return answer
  }

  /** The queue must stop offering calls that could not be taken, as soon as the backend can be told. */
  function check(): void {
    if (takingBack || last?.state.name !== 'ready' || options.problems().length === 0) return
    waiting?.()
    waiting = null
    takingBack = true
    log.info('phone.ready-taken-back', { because: options.problems().join(',') })
    ask(notReady)
      .catch(() => err(callsError('calls/phone-failed', 'later')))
      .then((answer) => {
        takingBack = false
        if (!answer.ok) waiting = clock.after(tryAgainMs, check)
      })
  }

  return {
    last: () => last,
    heard,
    check,
    async request(request) {
      if (request.name === 'ready' && options.problems().length > 0) {
        return err(callsError('calls/not-ready-to-take-calls', 'now', options.problems().join(',')))
      }
      const answer = await ask(request)
      return answer.ok ? ok(null) : answer
    },
    async read() {
      const answer = await records.readAgentState()
      if (answer.ok) heard(answer.value, clock.now())
    },
    forget() {
      waiting?.()
      waiting = null
      last = null
      options.onChange()
    },
  }
}
