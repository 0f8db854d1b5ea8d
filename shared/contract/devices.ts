import { z } from 'zod'

/* Sound devices and the headset's buttons, as the phone page reports them and the adviser chooses them. */

const level = z.number().min(0).max(1)

/** A sound device. `id` is the browser's, stable for this machine and origin; labels are shown, never logged. */
export const soundDevice = z.object({ id: z.string(), label: z.string() })

/** A device the adviser prefers. The label is kept because the same headset may come back with another id. */
const preferred = z.array(soundDevice).max(8)

/**
 * What the adviser chose. Each list is in order of preference and the first that is plugged in is used; an empty list,
 * or one of which nothing is plugged in, follows the system's default. A preferred device that is absent is no error.
 */
export const deviceChoices = z.object({
  microphone: preferred,
  speaker: preferred,
  /** Where calls ring; beside the headset, so that an adviser without it on still hears the ring. */
  ringer: preferred,
  ringVolume: level,
  echoCancellation: z.boolean(),
  noiseSuppression: z.boolean(),
  autoGainControl: z.boolean(),
})

export const deviceReport = z.object({
  microphones: z.array(soundDevice),
  speakers: z.array(soundDevice),
  choices: deviceChoices,
  /** Labels of what is in use; null when there is none. `follows`: whether it is the system's default. */
  using: z.object({
    microphone: soundDevice.nullable(),
    speaker: soundDevice.nullable(),
    ringer: soundDevice.nullable(),
    followsDefault: z.object({ microphone: z.boolean(), speaker: z.boolean(), ringer: z.boolean() }),
  }),
  /** The first choice is not plugged in, so another device stands in for it. */
  standingIn: z.object({ microphone: z.boolean(), speaker: z.boolean(), ringer: z.boolean() }),
  /** Loudness of the microphone, 0 to 1; null while nobody watches (`watchLevels`). */
  microphoneLevel: level.nullable(),
})

/**
 *   absent ──permitted device plugged in──▶ connecting ──▶ connected ◀──▶ held-elsewhere (another program has it)
 *      ▲                                        └─────────▶ failed
 *      └───────────────────── unplugged ──────────┘
 */
export const headset = z.discriminatedUnion('name', [
  z.object({ name: z.literal('absent') }),
  z.object({ name: z.literal('connecting'), model: z.string() }),
  z.object({ name: z.literal('connected'), model: z.string(), vendor: z.string() }),
  /** Its buttons answer to another program, which would end or mute the wrong call. */
  z.object({ name: z.literal('held-elsewhere'), model: z.string(), vendor: z.string() }),
  z.object({ name: z.literal('failed'), model: z.string(), detail: z.string() }),
])

/** A button pressed on the headset or a light set on it, for the page that finds out why a headset does not work. */
export const headsetEvent = z.object({
  at: z.number(),
  direction: z.enum(['from-headset', 'to-headset']),
  what: z.enum([
    'answer',
    'end',
    'hold',
    'resume',
    'mute',
    'unmute',
    'reject',
    'ring',
    'connected',
    'failed',
  ]),
})

export type SoundDevice = z.infer<typeof soundDevice>
export type DeviceChoices = z.infer<typeof deviceChoices>
export type DeviceReport = z.infer<typeof deviceReport>
export type Headset = z.infer<typeof headset>
export type HeadsetEvent = z.infer<typeof headsetEvent>
