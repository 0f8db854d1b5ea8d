import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { soundOf } from '#electron/practice/residents/clips.ts'
import { colleagues, dutyTeamNumbers, partOf } from '#shared/practice/colleagues.ts'
import { decodeMuLaw, encodeMuLaw, muLawEnergy } from '#shared/practice/mu-law.ts'
import { messageOf, numberShown, scenario, scenarios, toldOnBy } from '#shared/practice/scenarios.ts'
import { clipFile, speech } from '#shared/practice/speech.ts'
import { nextVoice, silentVoice } from '#shared/practice/voice-activity.ts'

const folder = join(import.meta.dirname, '../../../electron/practice/residents/clips')

describe('µ-law', () => {
  it('comes back as it went in, for every byte', () => {
    for (let byte = 0; byte < 256; byte++) {
      // Both zeros are silence.
      if (byte !== 0x7f) expect(encodeMuLaw(decodeMuLaw(byte)), String(byte)).toBe(byte)
    }
  })

  it('keeps every sample within a twentieth, or the smallest step', () => {
    fc.assert(
      fc.property(fc.double({ min: -0.99, max: 0.99, noNaN: true }), (sample) => {
        const error = Math.abs(decodeMuLaw(encodeMuLaw(sample)) - sample)
        expect(error).toBeLessThan(Math.max(0.0003, Math.abs(sample) / 20))
      }),
    )
  })

  it('knows the energy of silence and of a full tone', () => {
    expect(muLawEnergy(new Uint8Array(160).fill(0xff))).toBe(0)
    const tone = Uint8Array.from({ length: 160 }, (_, i) => encodeMuLaw(0.5 * Math.sin((i * Math.PI) / 10)))
    expect(muLawEnergy(tone)).toBeCloseTo(0.125, 2)
    expect(muLawEnergy([])).toBe(0)
  })
})

describe('hearing the adviser', () => {
  const frames = (...parts: [loud: boolean, ms: number][]): string[] => {
    const heard: string[] = []
    let voice = silentVoice
    let at = 0
    for (const [loud, ms] of parts) {
      for (let i = 0; i < ms / 20; i++, at += 20) {
        const next = nextVoice(voice, loud ? 0.01 : 0, 20)
        voice = next.voice
        if (next.change !== null) heard.push(`${next.change} ${at}`)
      }
    }
    return heard
  }

  it('notices speech and its end', () => {
    expect(frames([false, 1000], [true, 1000], [false, 1000])).toEqual([
      'adviser-spoke 1220',
      'adviser-fell-silent 2680',
    ])
  })

  it('lets short noises and breaths pass', () => {
    expect(frames([true, 200], [false, 800], [true, 200], [false, 800])).toEqual([])
    expect(frames([true, 400], [false, 500], [true, 400])).toEqual(['adviser-spoke 220'])
  })
})

describe('the clips', () => {
  const all = Object.entries(speech).flatMap(([who, voice]) =>
    Object.keys(voice.lines).map((line) => clipFile(who, line)),
  )

  it('are there for every line, and no others', () => {
    const found = readdirSync(folder).filter((file) => file.endsWith('.wav'))
    expect(found.sort()).toEqual(all.sort())
  })

  it('are telephone sound, loud enough and never clipped, and together under 3 MB', () => {
    let bytes = 0
    for (const file of all) {
      const wav = readFileSync(join(folder, file))
      bytes += wav.length
      const sound = soundOf(wav, file)
      const rms = 10 * Math.log10(muLawEnergy(sound))
      const peak = sound.reduce((highest, byte) => Math.max(highest, Math.abs(decodeMuLaw(byte))), 0)
      expect(sound.length / 8000, file).toBeGreaterThan(0.8)
      expect(rms, file).toBeGreaterThan(-24)
      expect(rms, file).toBeLessThan(-16)
      expect(peak, file).toBeLessThan(0.8)
    }
    expect(bytes).toBeLessThan(3_000_000)
  })

  it('are refused when they are something else', () => {
    const wav = readFileSync(join(folder, all[0] ?? ''))
    expect(() => soundOf(Buffer.from('not a wav file at all'), 'x')).toThrow('not a WAV')
    expect(() => soundOf(wav.subarray(0, 40), 'x')).toThrow()
    const linear = Buffer.from(wav)
    linear.writeUInt16LE(1, linear.indexOf('fmt ') + 8)
    expect(() => soundOf(linear, 'x')).toThrow('µ-law')
  })
})

describe('the colleagues', () => {
  it('have lines that were recorded, and numbers and users of their own', () => {
    for (const colleague of colleagues) {
      const { story, replies, prompts } = partOf(colleague)
      const said = [...story, ...prompts].map(({ say }) => say).concat(replies, colleague.talk.onHash ?? [])
      const voice = (speech as Record<string, { lines: object }>)[colleague.user]
      expect(Object.keys(voice?.lines ?? {}), colleague.user).toEqual(expect.arrayContaining(said))
    }
    for (const names of [colleagues.map(({ user }) => user), colleagues.flatMap(({ numbers }) => numbers)])
      expect(new Set(names).size).toBe(names.length)
  })

  it('say first that it is practice where a real number would reach a service', () => {
    const isOfDrama = (number: string) => dutyTeamNumbers.includes(number)
    const services = colleagues.filter(({ numbers }) => numbers.some((number) => !isOfDrama(number)))
    expect(services.flatMap(({ numbers }) => numbers).sort()).toEqual([
      '101',
      '105',
      '111',
      '112',
      '18000',
      '999',
    ])
    expect(services.map((each) => partOf(each).story[0]?.say)).toEqual(['practice', 'practice'])
  })
})

describe('the scenarios', () => {
  it('have ids of their own and hold the ones that practice is known by', () => {
    const ids = scenarios.map(({ id }) => id)
    expect(new Set(ids).size).toBe(ids.length)
    expect(ids.slice(0, 7)).toEqual([
      'missed-bin',
      'missed-bin-shared-number',
      'missed-bin-withheld',
      'unknown-number',
      'impatient',
      'welsh-speaker',
      'hangs-up-midway',
    ])
  })

  it('show the number they say', () => {
    const shown = (id: string) => scenarios.filter((each) => each.id === id).map(numberShown)
    expect(shown('missed-bin')).toEqual(['+447700900467'])
    expect(shown('missed-bin-withheld')).toEqual([null])
    expect(shown('missed-bin-shared-number')).toEqual(['+441632960142'])
  })

  it('end with a goodbye when told to a colleague, and leave a message that was recorded', () => {
    for (const each of scenarios) {
      const lines = Object.keys((speech as Record<string, { lines: object }>)[each.speaker]?.lines ?? {})
      const told = [...toldOnBy(each).story, ...(messageOf(each)?.story ?? [])].map(({ say }) => say)
      expect(told.at(each.leavesMessage === null ? -1 : -2)).toBe('goodbye')
      expect(lines).toEqual(expect.arrayContaining(told))
    }
  })

  it('are refused with a line or a speaker that nobody recorded', () => {
    const [first] = scenarios
    expect(scenario.safeParse({ ...first, story: [{ say: 'never-said' }] }).success).toBe(false)
    expect(scenario.safeParse({ ...first, speaker: 'nobody' }).success).toBe(false)
  })
})
