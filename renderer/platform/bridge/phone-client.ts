import { callsError } from '#shared/calls/errors.ts'
import type { CallReport } from '#shared/contract/call-report.ts'
import {
  type PhoneCommand,
  type PhoneMessage,
  type PhoneSnapshot,
  phoneChannelName,
  phoneMessage,
} from '#shared/contract/phone.ts'
import type { AppError } from '#shared/kernel/app-error.ts'
import { err, ok, type Result } from '#shared/kernel/result.ts'

/** The phone page as the desk sees it. `subscribe` and `snapshot` fit React's useSyncExternalStore. */
export interface PhoneClient {
  /** Calls `listener` whenever `snapshot()` answers something new; returns the function that stops it. */
  subscribe(listener: () => void): () => void
  /** The phone's last news; null until the phone answers, and again once it stops answering. */
  snapshot(): PhoneSnapshot | null
  /** Never rejects; `calls/phone-not-answering` after 5 s of silence. */
  execute(command: PhoneCommand): Promise<Result<null>>
  /** Flight records of the calls of this shift, newest first; null when the phone does not answer within 5 s. */
  reports(): Promise<readonly CallReport[] | null>
  /** Leaves the channel. */
  close(): void
}

const answerTimeoutMs = 5_000
const askAgainEveryMs = 500
const quietForMs = 2_000
const unansweredUntilLost = 4

/** Speaks the channel of `shared/contract/phone.ts` from the desk's side. */
export function connectPhone(
  channel: BroadcastChannel = new BroadcastChannel(phoneChannelName),
): PhoneClient {
  let current: PhoneSnapshot | null = null
  let heardAt = Number.NEGATIVE_INFINITY
  let unanswered = 0
  const listeners = new Set<() => void>()
  const waiting = new Map<string, (result: Result<null>) => void>()
  const reportsWaiting = new Set<(reports: readonly CallReport[]) => void>()

  const send = (message: PhoneMessage) => channel.postMessage(message)

  const show = (snapshot: PhoneSnapshot | null) => {
    const kept = snapshot === null || current === null ? snapshot : withKeptParts(snapshot, current)
    if (kept === current) return
    current = kept
    for (const listener of listeners) listener()
  }

  channel.onmessage = (event: MessageEvent<unknown>) => {
    const parsed = phoneMessage.safeParse(event.data)
    if (!parsed.success) return
    const message = parsed.data
    if (message.type === 'snapshot') {
      heardAt = performance.now()
      unanswered = 0
      show(message.snapshot)
    } else if (message.type === 'answer') {
      waiting.get(message.commandId)?.(message.error === null ? ok(null) : err(asAppError(message.error)))
    } else if (message.type === 'reports') {
      for (const tell of reportsWaiting) tell(message.reports)
    }
  }

  // A phone page that is quiet but well answers at once; one that died leaves several questions unanswered.
  const ask = () => {
    if (performance.now() - heardAt < quietForMs) return
    if (unanswered >= unansweredUntilLost) show(null)
    unanswered += 1
    send({ type: 'snapshot-wanted' })
  }
  const asking = setInterval(ask, askAgainEveryMs)
  unanswered += 1
  send({ type: 'snapshot-wanted', begun: true })

  return {
    subscribe(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    snapshot: () => current,
    execute(command) {
      const commandId = crypto.randomUUID()
      return new Promise((resolve) => {
        const settle = (result: Result<null>) => {
          clearTimeout(timer)
          waiting.delete(commandId)
          resolve(result)
        }
        const timer = setTimeout(
          () => settle(err(callsError('calls/phone-not-answering', 'now'))),
          answerTimeoutMs,
        )
        waiting.set(commandId, settle)
        send({ type: 'command', commandId, command })
      })
    },
    reports() {
      return new Promise((resolve) => {
        const settle = (reports: readonly CallReport[] | null) => {
          clearTimeout(timer)
          reportsWaiting.delete(settle)
          resolve(reports)
        }
        const timer = setTimeout(() => settle(null), answerTimeoutMs)
        reportsWaiting.add(settle)
        send({ type: 'reports-wanted' })
      })
    },
    close() {
      clearInterval(asking)
      channel.close()
    },
  }
}

/**
 * What says the same as before stays the very object it was, each line for itself: only what shows a part that changed
 * is drawn anew, and nothing at all for a quiet phone that says the same again and again.
 */
function withKeptParts(snapshot: PhoneSnapshot, before: PhoneSnapshot): PhoneSnapshot {
  const lines = snapshot.lines.map((line) => {
    const known = before.lines.find(({ id }) => id === line.id)
    return known !== undefined && saysTheSame(line, known) ? known : line
  })
  const names = Object.keys(snapshot) as (keyof PhoneSnapshot)[]
  const same = names.filter((name) => saysTheSame(snapshot[name], before[name]))
  if (names.every((name) => name === 'takenAt' || same.includes(name))) return before
  const kept = Object.fromEntries(same.map((name) => [name, before[name]]))
  return { ...snapshot, lines, ...kept }
}

const saysTheSame = (a: unknown, b: unknown): boolean => a === b || JSON.stringify(a) === JSON.stringify(b)

type WireError = NonNullable<Extract<PhoneMessage, { type: 'answer' }>['error']>

function asAppError(error: WireError): AppError {
  return error.detail === undefined
    ? { code: error.code, retry: error.retry }
    : { code: error.code, retry: error.retry, detail: error.detail }
}
