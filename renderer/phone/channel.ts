import type { PhoneChange } from '#shared/calls/phone.ts'
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
}

export interface PhoneChannel {
  /** Broadcasts the snapshot: at the end of the present task, or for mere figures at most once a second. */
  changed(change: PhoneChange): void
}

const figuresEveryMs = 1_000

/** The phone's side of the channel named `phone`. What does not fit the contract neither comes in nor goes out. */
export function servePhoneChannel(options: PhoneChannelOptions): PhoneChannel {
  const { channel, clock, log } = options
  let scheduled = false
  let sentAt = Number.NEGATIVE_INFINITY
  let figuresLater: Cancel | null = null

  function send(message: PhoneMessage): void {
    const fits = phoneMessage.safeParse(message)
    if (fits.success) channel.postMessage(fits.data)
    else log.error('phone.message-not-sent', { type: message.type, where: whereWrong(fits.error) })
  }

  function broadcast(): void {
    scheduled = false
    figuresLater?.()
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
    if (message.type === 'snapshot-wanted') broadcast()
    else if (message.type === 'command') void carryOut(message.commandId, message.command)
  }

  return {
    changed(change) {
      if (change === 'state') return soon()
      const waitMs = sentAt + figuresEveryMs - clock.now()
      if (waitMs <= 0) soon()
      else figuresLater ??= clock.after(waitMs, broadcast)
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
