import type { PhoneChange } from '#shared/calls/phone.ts'
import type { CallReport } from '#shared/contract/call-report.ts'
import {
  type PhoneCommand,
  type PhoneMessage,
  type PhoneSnapshot,
  phoneMessage,
} from '#shared/contract/phone.ts'
import type { Cancel, Clock } from '#shared/kernel/clock.ts'
import type { Log } from '#shared/kernel/log.ts'
import type { Result } from '#shared/kernel/result.ts'

export interface PhoneChannelOptions {
  readonly channel: BroadcastChannel
  readonly clock: Clock
  readonly log: Log
  snapshot(): PhoneSnapshot
  execute(command: PhoneCommand): Promise<Result<null>>
  reports(): CallReport[]
  /** A desk has just been loaded. */
  deskBegan(): void
}

/** `level`: only the microphone's meter moved. */
export type SnapshotChange = PhoneChange | 'level'

export interface PhoneChannel {
  /** Broadcasts the snapshot: at the end of the present task, or for mere figures when it is their turn. */
  changed(change: SnapshotChange): void
}

/** Figures are read, a meter is watched: it moves ten times a second while somebody looks. */
const everyMs = { sound: 1_000, level: 100 } as const

/** The phone's side of the channel named `phone`. What does not fit the contract neither comes in nor goes out. */
export function servePhoneChannel(options: PhoneChannelOptions): PhoneChannel {
  const { channel, clock, log } = options
  let scheduled = false
  let sentAt = Number.NEGATIVE_INFINITY
  let figuresLater: { readonly at: number; readonly cancel: Cancel } | null = null

  function send(message: PhoneMessage): void {
    const fits = phoneMessage.safeParse(message)
    if (fits.success) channel.postMessage(fits.data)
    else log.error('phone.message-not-sent', { type: message.type, where: whereWrong(fits.error) })
  }

  function broadcast(): void {
    scheduled = false
    figuresLater?.cancel()
    figuresLater = null
    sentAt = clock.now()
    send({ type: 'snapshot', snapshot: options.snapshot() })
  }

  function soon(): void {
    if (scheduled) return
    scheduled = true
    // Not a timer: those of a page that is never shown may be late.
    queueMicrotask(broadcast)
  }

  async function carryOut(commandId: string, command: PhoneCommand): Promise<void> {
    const result = await options.execute(command)
    // The desk must see the state that a command has led to when it hears that it is done.
    if (scheduled) broadcast()
    send({ type: 'answer', commandId, error: result.ok ? null : wireError(result.error) })
  }

  channel.onmessage = (event: MessageEvent<unknown>) => {
    const parsed = phoneMessage.safeParse(event.data)
    if (!parsed.success) {
      log.info('phone.message-ignored', { where: whereWrong(parsed.error) })
      return
    }
    const message = parsed.data
    if (message.type === 'snapshot-wanted') {
      if (message.begun) options.deskBegan()
      broadcast()
    } else if (message.type === 'reports-wanted') send({ type: 'reports', reports: options.reports() })
    else if (message.type === 'command') void carryOut(message.commandId, message.command)
  }

  return {
    changed(change) {
      if (change === 'state') return soon()
      const at = sentAt + everyMs[change]
      if (at <= clock.now()) return soon()
      if (figuresLater !== null && figuresLater.at <= at) return
      figuresLater?.cancel()
      figuresLater = { at, cancel: clock.after(at - clock.now(), broadcast) }
    },
  }
}

type WireError = NonNullable<Extract<PhoneMessage, { type: 'answer' }>['error']>

function wireError(error: Extract<Result<null>, { ok: false }>['error']): WireError {
  return {
    code: error.code,
    retry: error.retry,
    ...(error.detail === undefined ? {} : { detail: error.detail }),
  }
}

/** Path of the first misfit, without its value. */
function whereWrong(error: {
  readonly issues: readonly { readonly path: readonly PropertyKey[] }[]
}): string {
  return error.issues[0]?.path.map(String).join('.') ?? ''
}
