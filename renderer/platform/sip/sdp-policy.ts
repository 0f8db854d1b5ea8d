/** Why a session description is of no use to a telephone. */
export type SdpProblem = 'no-audio' | 'no-codec'

// What every Chromium can speak (RFC 7874 §3 and G.722).
const codecs = new Set(['opus', 'g722', 'pcmu', 'pcma'])
const staticCodecs: Readonly<Record<string, string>> = { '0': 'pcmu', '8': 'pcma', '9': 'g722' }

/**
 * The library would answer an offer without a usable codec with 200 and a dead stream; the caller would hear nothing
 * at all. Found here, it is 488 instead (RFC 3261 §21.4.26).
 */
export function audioProblem(sdp: string): SdpProblem | null {
  const audio = mediaSections(sdp).find((section) => section.kind === 'audio' && section.port !== 0)
  if (audio === undefined) return 'no-audio'
  const named = new Map(
    [...audio.text.matchAll(/^a=rtpmap:(\d+) ([^/\s]+)/gim)].map(([, type = '', name = '']) => [
      type,
      name.toLowerCase(),
    ]),
  )
  const usable = audio.types.some((type) => codecs.has(named.get(type) ?? staticCodecs[type] ?? ''))
  return usable ? null : 'no-codec'
}

// In order of preference. PCMU is last, yet there: some peers speak nothing else (build/decisions/codecs.md).
const preferred = ['opus', 'g722', 'pcma', 'pcmu', 'telephone-event']

/** What we offer and choose from an offer: our codecs in our order, without comfort noise and redundancy. */
export function preferredCodecs(codecs: readonly RTCRtpCodec[]): RTCRtpCodec[] {
  const rank = ({ mimeType }: RTCRtpCodec) => preferred.indexOf(mimeType.replace('audio/', '').toLowerCase())
  return codecs.filter((codec) => rank(codec) >= 0).toSorted((a, b) => rank(a) - rank(b))
}

/** The far end does not want to hear us: it holds the call (RFC 3264 §8.4), or in the manner of RFC 2543. */
export function isHolding(sdp: string): boolean {
  const audio = mediaSections(sdp).find((section) => section.kind === 'audio')
  const session = sdp.split(/^m=/m, 1)[0] ?? ''
  const direction = /^a=(sendrecv|sendonly|recvonly|inactive)\s*$/m
  const found = direction.exec(audio?.text ?? '')?.[1] ?? direction.exec(session)?.[1] ?? 'sendrecv'
  const address = /^c=IN IP4 (\S+)/m.exec(audio?.text ?? '')?.[1] ?? /^c=IN IP4 (\S+)/m.exec(session)?.[1]
  return found === 'sendonly' || found === 'inactive' || (address === '0.0.0.0' && !hasIce(sdp))
}

// With ICE the default address is often 0.0.0.0 and means nothing (RFC 8839 §4.2.1.3).
const hasIce = (sdp: string) => /^a=ice-ufrag:/m.test(sdp)

interface MediaSection {
  readonly kind: string
  readonly port: number
  readonly types: readonly string[]
  readonly text: string
}

function mediaSections(sdp: string): MediaSection[] {
  return sdp
    .split(/^(?=m=)/m)
    .filter((section) => section.startsWith('m='))
    .map((text) => {
      const [kind = '', port = '', , ...types] = (/^m=([^\r\n]*)/.exec(text)?.[1] ?? '').trim().split(/\s+/)
      return { kind, port: Number.parseInt(port, 10), types, text }
    })
}
