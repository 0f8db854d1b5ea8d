import { newQualityWatch, nextQuality, type QualityWatch } from '#shared/calls/quality.ts'
import { newSoundWatch, nextSound, type SoundWatch } from '#shared/calls/sound.ts'
import type { CallQuality } from '#shared/contract/phone.ts'
import type { Clock } from '#shared/kernel/clock.ts'
import type { Playback } from '../media/remote-audio.ts'
import { sampleRtp } from '../media/rtp-sampler.ts'
import type { MediaSession } from './media-session.ts'
import type { PhoneMedia } from './phone-media.ts'

/** A line's place in a conference: what its far end is sent, and whether the others may hear it. */
export interface JoinedVoice {
  /** The adviser and the others, mixed; stopped with the call or when the line leaves. */
  readonly track: MediaStreamTrack
  silence(on: boolean): void
}

/** What decides who hears whom. */
export interface VoiceRules {
  readonly muted: boolean
  readonly held: boolean
}

export interface LineMediaOptions {
  readonly media: PhoneMedia
  readonly clock: Clock
  rules(): VoiceRules
}

/** The sound of one line: what is sent, what is played, and what the statistics say of both. */
export interface LineMedia {
  session(): MediaSession | null
  adopt(made: MediaSession): void
  /** The resident's voice has begun to arrive, or may do so once the call is answered. */
  play(): void
  /** Lets through or silences what the rules say now. */
  apply(): void
  /** Silences both directions at once, before the far end has agreed to anything. */
  park(on: boolean): void
  /** Sends the conference's mix, or the adviser's voice alone again (null). */
  join(voice: JoinedVoice | null): Promise<void>
  /** Statistics are compared from now on. */
  watchFrom(at: number): void
  /** Reads the statistics; null when there are none. `held`: the adviser holds the call. */
  sample(held: boolean): Promise<{ sound: SoundWatch; quality: CallQuality | null } | null>
  /** When packets last arrived, as far as was sampled; or began to be expected. */
  receivedAt(): number
  stop(): void
}

export function createLineMedia({ media, clock, rules }: LineMediaOptions): LineMedia {
  let session: MediaSession | null = null
  let playback: Playback | null = null
  let joined: JoinedVoice | null = null
  let parked = false
  let sound: SoundWatch = newSoundWatch(clock.now())
  let quality: QualityWatch = newQualityWatch()

  function apply(): void {
    const { muted, held } = rules()
    const silent = held || parked
    // In a conference the mixer leaves a muted adviser out, and the others are still heard.
    if (session !== null) session.speaking = !silent && (joined !== null || !muted)
    playback?.silence(silent)
    // Music on hold would drown everyone else.
    joined?.silence(silent || (session?.heldByFarEnd ?? false))
  }

  async function send(track: MediaStreamTrack): Promise<void> {
    try {
      await session?.replaceVoice(track)
      apply()
    } catch {
      track.stop()
    }
  }

  const stopListening = media.onVoiceChanged(() => {
    if (session === null || !session.hasVoice || joined !== null) return
    const track = media.voiceTrack()
    if (track !== null) void send(track)
  })

  return {
    session: () => session,
    adopt(made) {
      session = made
    },
    play() {
      if (session !== null) playback ??= media.play(session.remoteMediaStream)
      apply()
    },
    apply,
    park(on) {
      parked = on
      apply()
    },
    async join(voice) {
      joined = voice
      const track = voice === null ? (media.voiceTrack() ?? session?.silence() ?? null) : voice.track
      if (track !== null) await send(track)
    },
    watchFrom(at) {
      sound = newSoundWatch(at)
    },
    async sample(held) {
      const connection = session?.peerConnection
      if (session === null || connection === undefined) return null
      const sampled = await sampleRtp(connection, clock.now())
      if (sampled === null) return null
      const { sending, receiving } = session.agreed
      const agreed = {
        sending: sending && !held,
        receiving: receiving && !held,
        muted: rules().muted,
      }
      sound = nextSound(sound, sampled, agreed)
      quality = nextQuality(quality, sampled, agreed)
      return { sound, quality: quality.quality }
    },
    receivedAt: () => sound.receivedAt,
    stop() {
      stopListening()
      playback?.stop()
      session?.close()
    },
  }
}
