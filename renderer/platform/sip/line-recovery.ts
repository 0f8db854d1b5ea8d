import { afterReinvite, giveUpAfterMs, type ReinviteOutcome } from '#shared/calls/recovery.ts'
import type { Cancel, Clock } from '#shared/kernel/clock.ts'
import type { Random } from '#shared/kernel/random.ts'

export interface LineRecoveryOptions {
  readonly clock: Clock
  readonly random: Random
  readonly ownsCallId: boolean
  reinvite(iceRestart: boolean): Promise<ReinviteOutcome>
  started(): void
  recovered(): void
  /** The far end no longer knows the call (`status`), or nobody could be reached for too long. */
  gone(status?: number): void
  /** Whether the resident's voice still arrives. */
  heard(): boolean
}

/** Brings one call over an outage: its dialog learns the new connection and its media the new path. */
export interface LineRecovery {
  connectionLost(): void
  connectionRestored(): void
  /** RTCPeerConnection.connectionState changed. */
  mediaPath(state: RTCPeerConnectionState): void
  stop(): void
}

/** Most broken paths mend themselves within this. */
const mediaPatienceMs = 3_000

export function createLineRecovery(options: LineRecoveryOptions): LineRecovery {
  const { clock } = options
  let waiting: Cancel = () => {}
  let givingUp: Cancel = () => {}
  let mediaWaiting: Cancel = () => {}
  /** Grows with each loss, so that an attempt begun before it goes no further. */
  let round = 0
  let connected = true
  let running = false

  async function attempt(mine: number, count: number, iceRestart: boolean): Promise<void> {
    if (mine !== round) return
    running = true
    options.started()
    const outcome = await options.reinvite(iceRestart)
    if (mine !== round) return
    const step = afterReinvite(outcome, {
      attempt: count,
      withIceRestart: iceRestart,
      ownsCallId: options.ownsCallId,
      jitter: options.random.next(),
    })
    if (step.name === 'retry') {
      waiting = clock.after(step.afterMs, () => void attempt(mine, count + 1, step.withIceRestart))
      return
    }
    halt()
    if (step.name === 'gone') options.gone(step.status)
    else options.recovered()
  }

  function begin(): void {
    round += 1
    waiting()
    void attempt(round, 1, true)
  }

  function halt(): void {
    round += 1
    running = false
    waiting()
    givingUp()
    mediaWaiting()
  }

  function giveUpLater(): void {
    givingUp()
    givingUp = clock.after(giveUpAfterMs, () => {
      // Two people who hear each other are not cut off because a server is away.
      if (options.heard()) giveUpLater()
      else options.gone()
    })
  }

  return {
    connectionLost() {
      halt()
      connected = false
      giveUpLater()
    },
    connectionRestored() {
      connected = true
      begin()
    },
    mediaPath(state) {
      mediaWaiting()
      // While the connection is away, its return starts the recovery.
      if (!connected || running || (state !== 'disconnected' && state !== 'failed')) return
      mediaWaiting = clock.after(state === 'failed' ? 0 : mediaPatienceMs, () => {
        if (connected && !running) begin()
      })
    },
    stop: halt,
  }
}
