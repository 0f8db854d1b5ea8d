import { expect, it } from 'vitest'
import { nextVoice, silentVoice, type VoiceChange } from '#shared/practice/voice-activity.ts'

const frameMs = 20

/** What is noticed, and when, of stretches that are loud and quiet in turn, in milliseconds. */
function noticed(stretchesMs: readonly number[]): [VoiceChange, number][] {
  let voice = silentVoice
  let at = 0
  const changes: [VoiceChange, number][] = []
  for (const [index, stretchMs] of stretchesMs.entries()) {
    for (let heardMs = 0; heardMs < stretchMs; heardMs += frameMs) {
      const next = nextVoice(voice, index % 2 === 0 ? 0.01 : 0, frameMs)
      voice = next.voice
      at += frameMs
      if (next.change !== null) changes.push([next.change, at])
    }
  }
  return changes
}

it('hears that somebody spoke, and that they stopped, not at a breath between words', () => {
  expect(noticed([400, 300, 600, 300, 160, 1000])).toEqual([
    ['adviser-spoke', 240],
    ['adviser-fell-silent', 2_320],
  ])
})

it('takes the beeps of a test microphone for no speech, nor for the going on of a speech that is over', () => {
  const beeps = Array.from({ length: 20 }, (_, index) => (index % 2 === 0 ? 100 : 400))
  expect(noticed(beeps)).toEqual([])
  expect(noticed([2000, 400, ...beeps]).map(([change]) => change)).toEqual([
    'adviser-spoke',
    'adviser-fell-silent',
  ])
})
