import { encodeMuLaw, muLawEnergy } from '#shared/practice/mu-law.ts'
import type { Clips } from './clips.ts'
import { everyFrame } from './pacer.ts'
import { frameSamples } from './resident-media.ts'
import type { Called, CallListener, ResidentCall } from './resident-phone.ts'

/* Messages for advisers, in the memory of the process: taken at `voicemail+USER`, played at `voicemail`. */

export interface Voicemail {
  waiting(username: string): { readonly newMessages: number; readonly oldMessages: number }
  /** Returns the function that stops listening. */
  onChanged(listener: () => void): () => void
  /** What the telephone does with a call to the voicemail. */
  take(call: ResidentCall, who: Called, clips: Clips): CallListener
}

interface Message {
  readonly frames: readonly Buffer[]
  heard: boolean
}

const maxFrames = 60 * 50
const maxMessages = 20
/** Louder than line noise, by the frame; a message has at least half a second of it. */
const speechEnergy = 1e-4
const minSpeechFrames = 25

/** Says that one may speak now. */
const beep: readonly Buffer[] = Array.from({ length: 20 }, (_, frame) =>
  Buffer.from(
    Uint8Array.from({ length: frameSamples }, (__, i) =>
      encodeMuLaw(0.2 * Math.sin(((frame * frameSamples + i) * Math.PI) / 5)),
    ),
  ),
)

export function createVoicemail(): Voicemail {
  const boxes = new Map<string, Message[]>()
  const listeners = new Set<() => void>()

  function tell(): void {
    for (const listener of [...listeners]) listener()
  }

  function leave(username: string, frames: readonly Buffer[]): void {
    const isSpeech = (frame: Buffer): boolean => muLawEnergy(frame) > speechEnergy
    if (frames.filter(isSpeech).length < minSpeechFrames) return
    const spoken = frames.slice(frames.findIndex(isSpeech), frames.findLastIndex(isSpeech) + 1)
    const box = boxes.get(username) ?? []
    boxes.set(username, [...box, { frames: spoken, heard: false }].slice(-maxMessages))
    tell()
  }

  async function linesFor(who: Called, box: readonly Message[], clips: Clips): Promise<readonly Buffer[]> {
    if (recipientOf(who) !== null) return [...(await clips.frames('voicemail', 'greeting')), ...beep]
    const said = await clips.frames('voicemail', box.length === 0 ? 'none' : 'messages')
    return [...said, ...box.flatMap(({ frames }) => [...beep, ...frames])]
  }

  return {
    waiting(username) {
      const box = boxes.get(username) ?? []
      const newMessages = box.filter(({ heard }) => !heard).length
      return { newMessages, oldMessages: box.length - newMessages }
    },

    onChanged(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },

    take(call, who, clips) {
      const recipient = recipientOf(who)
      const box = recipient === null ? (boxes.get(who.caller) ?? []) : []
      const taken: Buffer[] = []
      let stop = (): void => {}
      let playing: Iterator<Buffer> | null = null
      let isPlayed = false

      function frame(): void {
        const next = playing?.next()
        call.send(next?.done === false ? next.value : null)
        if (next?.done !== true || isPlayed) return
        isPlayed = true
        if (recipient !== null) return
        for (const message of box) message.heard = true
        if (box.length > 0) tell()
        void call.hangUp()
      }

      return {
        onConnected() {
          stop = everyFrame(frame)
          linesFor(who, box, clips).then(
            (frames) => {
              playing = frames.values()
            },
            () => void call.hangUp(),
          )
        },
        onFrame(sound) {
          if (isPlayed && taken.length < maxFrames) taken.push(sound)
        },
        onEnded() {
          stop()
          if (recipient !== null) leave(recipient, taken)
        },
      }
    },
  }
}

/** For whom a message is left; null when the caller asks for the messages left for them. */
function recipientOf({ called }: Called): string | null {
  const plus = called.indexOf('+')
  return plus < 0 ? null : called.slice(plus + 1)
}
