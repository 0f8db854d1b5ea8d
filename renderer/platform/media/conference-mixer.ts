import { createSilentContext } from './silent-context.ts'

/** Mixes the voices of a conference: everyone is sent the adviser and the others, never themselves. */
export interface ConferenceMixer {
  /** Takes a far end in; resolves nothing: the answer is the track it is to be sent, to be stopped when it leaves. */
  add(id: string, remote: MediaStreamTrack): MediaStreamTrack
  remove(id: string): void
  /** Keeps the voice of one far end from the others. */
  silence(id: string, on: boolean): void
  muteAdviser(on: boolean): void
  /** Exchanges the adviser's voice; the old track is stopped. */
  setVoice(track: MediaStreamTrack | null): void
  close(): void
}

interface Member {
  readonly source: MediaStreamAudioSourceNode
  readonly voice: GainNode
  readonly destination: MediaStreamAudioDestinationNode
}

/** Long enough not to click, short enough not to be heard. */
const fadeS = 0.01

/**
 * Each member has its own sum of the others' voices, so that nobody hears an echo of himself. The remote tracks must be
 * played by an element as well: Chromium feeds WebAudio silence otherwise.
 */
export function createConferenceMixer(): ConferenceMixer {
  const context = createSilentContext()
  const members = new Map<string, Member>()
  const adviser = context.createGain()
  let voice: { source: MediaStreamAudioSourceNode; track: MediaStreamTrack } | null = null

  const fade = (gain: GainNode, to: number) => gain.gain.setTargetAtTime(to, context.currentTime, fadeS / 3)

  function setVoice(track: MediaStreamTrack | null): void {
    voice?.source.disconnect()
    voice?.track.stop()
    voice = null
    if (track === null) return
    voice = { track, source: context.createMediaStreamSource(new MediaStream([track])) }
    voice.source.connect(adviser)
  }

  return {
    add(id, remote) {
      const source = context.createMediaStreamSource(new MediaStream([remote]))
      const member: Member = {
        source,
        voice: context.createGain(),
        destination: context.createMediaStreamDestination(),
      }
      source.connect(member.voice)
      adviser.connect(member.destination)
      for (const other of members.values()) {
        member.voice.connect(other.destination)
        other.voice.connect(member.destination)
      }
      members.set(id, member)
      const [track] = member.destination.stream.getAudioTracks()
      if (track === undefined) throw new Error('a destination without a track')
      return track
    },
    remove(id) {
      const member = members.get(id)
      if (member === undefined) return
      members.delete(id)
      member.source.disconnect()
      member.voice.disconnect()
      adviser.disconnect(member.destination)
      for (const other of members.values()) other.voice.disconnect(member.destination)
    },
    silence(id, on) {
      const member = members.get(id)
      if (member !== undefined) fade(member.voice, on ? 0 : 1)
    },
    muteAdviser: (on) => fade(adviser, on ? 0 : 1),
    setVoice,
    close() {
      setVoice(null)
      members.clear()
      void context.close()
    },
  }
}
