/* The phone page's sound on a wire of devices, with calls to far ends that say what they hear, and when. */

import { browserClock } from '#renderer/phone/browser-ports.ts'
import { sampleRtp } from '#renderer/platform/media/rtp-sampler.ts'
import { createSound } from '#renderer/platform/media/sound.ts'
import { newQualityWatch, nextQuality } from '#shared/calls/quality.ts'
import type { Log } from '#shared/kernel/log.ts'
import { createDeviceWire } from './device-wire.ts'

declare global {
  interface Window {
    soundHarness: ReturnType<typeof createHarness>
  }
}

/** What the far end heard of each tone, every few milliseconds: at, and how loud each was. */
interface Heard {
  readonly at: number
  readonly loudness: readonly number[]
}

window.soundHarness = createHarness()

function createHarness() {
  const wire = createDeviceWire()
  const logged: { code: string; facts?: unknown }[] = []
  const contexts: { context: AudioContext; sinkId: () => unknown }[] = []
  const log: Log = {
    error: (code, facts) => logged.push({ code, facts }),
    info: (code, facts) => logged.push({ code, facts }),
    debug: () => {},
  }
  const RealContext = window.AudioContext
  window.AudioContext = class extends RealContext {
    constructor(options?: AudioContextOptions) {
      super(options)
      contexts.push({ context: this, sinkId: () => (this as { sinkId?: unknown }).sinkId })
    }
  }
  wire.plug('laptop', 'Laptop microphone', 400)
  wire.makeDefault('laptop')
  const sound = createSound({ clock: browserClock, log, storage: localStorage })
  const changes: string[] = []
  sound.subscribe((change) => changes.push(change))

  async function call(hz: readonly number[]) {
    const near = new RTCPeerConnection()
    const far = new RTCPeerConnection()
    let negotiations = 0
    const voice = sound.media.voiceTrack()
    if (voice === null) throw new Error('no microphone')
    const sender = near.addTrack(voice)
    near.onicecandidate = ({ candidate }) => void far.addIceCandidate(candidate ?? undefined)
    far.onicecandidate = ({ candidate }) => void near.addIceCandidate(candidate ?? undefined)
    const heard: Heard[] = []
    const farVoice = new RealContext()
    const tone = farVoice.createOscillator()
    const farOut = farVoice.createMediaStreamDestination()
    tone.connect(farOut)
    tone.start()
    for (const track of farOut.stream.getTracks()) far.addTrack(track, farOut.stream)
    far.ontrack = ({ track }) => listen(track, hz, heard, farVoice)
    const playbacks: { stop(): void }[] = []
    near.ontrack = ({ streams: [stream] }) => {
      if (stream) playbacks.push(sound.media.play(stream))
    }
    near.onnegotiationneeded = () => {
      negotiations += 1
    }
    await near.setLocalDescription()
    if (near.localDescription) await far.setRemoteDescription(near.localDescription)
    await far.setLocalDescription()
    if (far.localDescription) await near.setRemoteDescription(far.localDescription)
    // As a line does it.
    const stop = sound.media.onVoiceChanged(() => {
      const track = sound.media.voiceTrack()
      const old = sender.track
      if (track !== null) void sender.replaceTrack(track).then(() => old?.stop())
    })
    await until(() => heard.some(({ loudness }) => Math.max(...loudness) > 0.05))
    negotiations = 0
    // Without the candidates, which come in while the call is up already; a new description has a new version in o=.
    const sdp = () =>
      `${near.localDescription?.sdp}${near.remoteDescription?.sdp}`
        .split('\r\n')
        .filter((each) => /^(o=|a=(ice-ufrag|mid|rtpmap|ssrc|sendrecv))/.test(each))
        .join('\n')
    return { near, far, sender, heard, sdp, negotiations: () => negotiations, stop, farVoice, playbacks }
  }

  let current: Awaited<ReturnType<typeof call>> | null = null
  const up = () => {
    if (current === null) throw new Error('no call')
    return current
  }

  return {
    wire,
    sound,
    logged,
    changes,
    async call(hz: readonly number[]): Promise<string> {
      current = await call(hz)
      return current.sdp()
    },
    sdp: () => up().sdp(),
    negotiations: () => up().negotiations(),
    /** Waits until the far end hears the tone, and answers when that was. */
    async hears(index: number): Promise<number> {
      const { heard } = up()
      const from = heard.length
      await until(() => heard.slice(from).some(({ loudness }) => (loudness[index] ?? 0) > 0.05))
      return heard.slice(from).find(({ loudness }) => (loudness[index] ?? 0) > 0.05)?.at ?? 0
    },
    /** The longest time since `from` in which the far end heard none of the tones. */
    longestSilence(from: number): number {
      let last = from
      let longest = 0
      for (const { at, loudness } of up().heard) {
        if (at < from || Math.max(...loudness) < 0.05) continue
        longest = Math.max(longest, at - last)
        last = at
      }
      return longest
    },
    outputs: () => ({
      voices: [...document.querySelectorAll('audio')].map((element) => element.sinkId),
      tones: contexts.filter(({ context }) => context.state === 'running').map(({ sinkId }) => sinkId()),
    }),
    openContexts: () => contexts.filter(({ context }) => context.state !== 'closed').length,
    sample: () => sampleRtp(up().near, Date.now()),
    /** Judges the call every 100 ms for so long. */
    async quality(forMs: number) {
      let watch = newQualityWatch()
      const endsAt = Date.now() + forMs
      while (Date.now() < endsAt) {
        const sample = await sampleRtp(up().near, Date.now())
        if (sample) watch = nextQuality(watch, sample, { receiving: true, sending: true, muted: false })
        await new Promise((resolve) => setTimeout(resolve, 100))
      }
      return watch.quality
    },
    /** What the microphone gave in a second, as the statistics say. */
    async secondOfSilence() {
      const from = await sampleRtp(up().near, Date.now())
      await new Promise((resolve) => setTimeout(resolve, 1_000))
      const to = await sampleRtp(up().near, Date.now())
      return {
        energy: (to?.microphoneEnergy ?? 0) - (from?.microphoneEnergy ?? 0),
        durationS: (to?.microphoneDurationS ?? 0) - (from?.microphoneDurationS ?? 0),
      }
    },
    now: () => Date.now(),
  }
}

/** Watches how loud each of the tones is, by the Goertzel algorithm over 20 ms. */
function listen(track: MediaStreamTrack, hz: readonly number[], heard: Heard[], context: AudioContext): void {
  const stream = new MediaStream([track])
  // Without an element that plays it Chromium decodes nothing.
  const element = document.createElement('audio')
  element.muted = true
  element.srcObject = stream
  void element.play()
  const analyser = context.createAnalyser()
  analyser.fftSize = 1_024
  context.createMediaStreamSource(stream).connect(analyser)
  void context.resume()
  const samples = new Float32Array(analyser.fftSize)
  setInterval(() => {
    analyser.getFloatTimeDomainData(samples)
    heard.push({ at: Date.now(), loudness: hz.map((each) => loudnessAt(samples, each, context.sampleRate)) })
  }, 10)
}

function loudnessAt(samples: Float32Array, hz: number, sampleRate: number): number {
  const step = (2 * Math.PI * hz) / sampleRate
  let [sine, cosine] = [0, 0]
  samples.forEach((sample, i) => {
    sine += sample * Math.sin(step * i)
    cosine += sample * Math.cos(step * i)
  })
  return (2 * Math.hypot(sine, cosine)) / samples.length
}

async function until(true_: () => boolean): Promise<void> {
  const endsAt = Date.now() + 10_000
  while (!true_()) {
    if (Date.now() > endsAt) throw new Error('did not happen within 10 s')
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
}
