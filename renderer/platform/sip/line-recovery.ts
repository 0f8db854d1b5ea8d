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
  /** The same of this very moment. */
  hearsNow(): Promise<boolean>
}

/** Brings one call over an outage: its dialog learns the new connection and its media the new path. */
export interface LineRecovery {
  connectionLost(): void
  connectionRestored(): void
  /** RTCPeerConnection.connectionState changed. */
  mediaPath(state: RTCPeerConnectionState): void
  /** An address was found that the description sent last does not have. */
  candidateFound(): void
  stop(): void
}

/** Most broken paths mend themselves within this. */
const mediaPatienceMs = 3_000
/** A path that was agreed on is found within this, if at all. */
const newPathWithinMs = 2_000
/** Chromium knows of a new network only after a second or more, which may be after the re-INVITE. */
const candidatesComeForMs = 10_000
/** Those of one network come together. */
const candidatesTogetherMs = 30

export function createLineRecovery(options: LineRecoveryOptions): LineRecovery {
  const { clock } = options
  let waiting: Cancel = () => {}
  let givingUp: Cancel = () => {}
  let mediaWaiting: Cancel = () => {}
  /** Grows with each loss, so that an attempt begun before it goes no further. */
  let round = 0
  let connected = true
  let running = false
  let path: RTCPeerConnectionState = 'new'
  let restartedAt = Number.NEGATIVE_INFINITY
  let isCandidateUntold = false
  let tellingCandidate: Cancel = () => {}

  async function attempt(mine: number, count: number, iceRestart: boolean): Promise<void> {
    if (mine !== round) return
    running = true
    options.started()
    isCandidateUntold = false
    if (iceRestart) restartedAt = clock.now()
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
    if (step.name === 'gone') return options.gone(step.status)
    options.recovered()
    if (isCandidateUntold) tellCandidateSoon()
    // The offer may have been made on the network as it was, and no further change of the path's state need come.
    if (path === 'disconnected' || path === 'failed') beginAfter(newPathWithinMs)
  }

  function beginAfter(delayMs: number): void {
    mediaWaiting = clock.after(delayMs, () => {
      if (connected && !running) begin()
    })
  }

  /** Where sound passes already, no address is missing. */
  function tellCandidateSoon(): void {
    const mine = round
    tellingCandidate()
    tellingCandidate = clock.after(candidatesTogetherMs, () => {
      void options.hearsNow().then((hears) => {
        if (!hears && mine === round && connected && !running) begin(false)
      })
    })
  }

  function begin(iceRestart = true): void {
    round += 1
    waiting()
    void attempt(round, 1, iceRestart)
  }

  function halt(): void {
    round += 1
    running = false
    waiting()
    givingUp()
    mediaWaiting()
    tellingCandidate()
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
      path = state
      // While the connection is away, its return starts the recovery.
      if (!connected || running || (state !== 'disconnected' && state !== 'failed')) return
      beginAfter(state === 'failed' ? 0 : mediaPatienceMs)
    },
    candidateFound() {
      if (!connected || clock.now() - restartedAt > candidatesComeForMs) return
      isCandidateUntold = true
      if (!running) tellCandidateSoon()
    },
    stop: halt,
  }
}
