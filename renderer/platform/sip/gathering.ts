import type { IceServer } from '#shared/contract/rest.ts'
import type { Cancel, Clock } from '#shared/kernel/clock.ts'

/** The furthest candidate that a description should not leave without (RFC 8445 §5.1.1). */
export type WantedCandidate = 'host' | 'srflx' | 'relay'

// Candidates that come later than this are not worth a silent caller's wait.
const gatherWithinMs = 1_000
/** Those of one kind come within a few milliseconds of each other, one from each network. */
const quietForMs = 20

/** What the configured servers are there for. */
export function wantedCandidate(servers: readonly IceServer[]): WantedCandidate {
  const urls = servers.flatMap((each) => each.urls)
  if (urls.some((url) => /^turns?:/i.test(url))) return 'relay'
  return urls.some((url) => /^stuns?:/i.test(url)) ? 'srflx' : 'host'
}

/** TCP candidates come last and are never the ones that a call uses: nobody waits for them. */
export function hasEnough(sdp: string, wanted: WantedCandidate): boolean {
  const types = Array.from(sdp.matchAll(/^a=candidate:\S+ \d+ udp .* typ (\w+)/gim), ([, type]) => type)
  return types.includes('host') && types.includes(wanted)
}

/** Changes when ICE begins anew (RFC 8839 §5.4). */
export function ufragOf(sdp: string): string {
  return /^a=ice-ufrag:(\S+)/m.exec(sdp)?.[1] ?? ''
}

export interface GatheringOptions {
  readonly clock: Clock
  readonly wanted: WantedCandidate
  /** The connection may still say that gathering is complete, of the candidates before these. */
  readonly isRestart: boolean
}

/**
 * Resolves when the local description is worth sending: gathering is complete, or there is a candidate of each kind
 * wanted and no other has come for a moment, or the time is up. The far end learns any other from the checks that come
 * from it (RFC 8445 §7.3.1.3).
 */
export function gathered(connection: RTCPeerConnection, options: GatheringOptions): Promise<void> {
  const { clock, wanted, isRestart } = options
  const isWorthSending = () => hasEnough(connection.localDescription?.sdp ?? '', wanted)
  const isComplete = () => connection.iceGatheringState === 'complete'
  if (isComplete() && !isRestart) return Promise.resolve()
  return new Promise((resolve) => {
    let quiet: Cancel = () => {}
    const cap = clock.after(gatherWithinMs, finish)

    function finish(): void {
      quiet()
      cap()
      connection.removeEventListener('icecandidate', look)
      connection.removeEventListener('icegatheringstatechange', lookAtState)
      resolve()
    }

    function look(): void {
      quiet()
      if (isWorthSending()) quiet = clock.after(quietForMs, finish)
    }

    function lookAtState(): void {
      if (isComplete()) finish()
    }

    connection.addEventListener('icecandidate', look)
    connection.addEventListener('icegatheringstatechange', lookAtState)
    look()
  })
}

/** The description without the far end's candidates, and they: ICE cannot begin before they are given to it. */
export function withoutCandidates(sdp: string): { sdp: string; candidates: RTCIceCandidateInit[] } {
  const [session = '', ...media] = sdp.split(/^(?=m=)/m)
  const line = /^a=(candidate:[^\r\n]*|end-of-candidates)\r?\n?/gm
  const candidates = media.flatMap((section, sdpMLineIndex) =>
    Array.from(section.matchAll(line), ([, candidate = '']) => ({ candidate, sdpMLineIndex })),
  )
  return {
    sdp: session + media.map((section) => section.replace(line, '')).join(''),
    candidates: candidates.filter(({ candidate }) => candidate.startsWith('candidate:')),
  }
}
