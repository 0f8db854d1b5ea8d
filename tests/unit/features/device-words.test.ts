import { describe, expect, it } from 'vitest'
import {
  headsetEventWords,
  headsetWords,
  isPluggedIn,
  levelWords,
  meterShare,
  moved,
  notChosen,
  usedWords,
} from '#renderer/features/settings/device-words.ts'
import { defaultChoices, noDevices } from '#shared/calls/snapshot.ts'
import type { DeviceReport } from '#shared/contract/devices.ts'

const headset = { id: 'h', label: 'Jabra Evolve2 40' }
const builtIn = { id: 'b', label: 'Built-in microphone' }
const report: DeviceReport = {
  ...noDevices,
  microphones: [{ id: 'default', label: 'Default' }, headset, builtIn],
  choices: { ...defaultChoices, microphone: [{ id: 'old', label: 'Jabra Evolve2 40' }] },
  using: { ...noDevices.using, microphone: headset },
}

describe('sound devices in words', () => {
  it('says what is used and why', () => {
    const using = (follows: boolean, standingIn: boolean) =>
      usedWords(
        {
          ...report,
          using: { ...report.using, followsDefault: { ...report.using.followsDefault, microphone: follows } },
          standingIn: { ...report.standingIn, microphone: standingIn },
        },
        'microphone',
      )
    expect(using(true, false)).toBe('In use: Jabra Evolve2 40, as the computer is set.')
    expect(using(false, false)).toBe('In use: Jabra Evolve2 40, as you chose.')
    expect(using(true, true)).toMatch('because your first choice is not plugged in')
    expect(usedWords(noDevices, 'microphone')).toBe('No microphone is in use.')
  })

  it('knows a headset that came back under another id, and offers it no second time', () => {
    expect(isPluggedIn(report, 'microphone', { id: 'old', label: 'Jabra Evolve2 40' })).toBe(true)
    expect(notChosen(report, 'microphone')).toEqual([builtIn])
  })

  it('moves a device up and down, and no further than the ends', () => {
    expect(moved(['a', 'b', 'c'], 2, -1)).toEqual(['a', 'c', 'b'])
    expect(moved(['a', 'b'], 0, 1)).toEqual(['b', 'a'])
    expect(moved(['a', 'b'], 0, -1)).toEqual(['a', 'b'])
  })

  it('shows loudness as people hear it', () => {
    expect(meterShare(0)).toBe(0)
    expect(meterShare(1)).toBe(1)
    expect(levelWords(null)).toBe('Not measured')
    expect(levelWords(0.001)).toBe('Quiet: say something')
    expect(levelWords(0.1)).toBe('It hears you')
  })

  it('says that another program has the headset, and what each button did', () => {
    expect(headsetWords({ name: 'held-elsewhere', model: 'Jabra', vendor: 'Jabra' })).toMatchObject({
      trouble: true,
      text: expect.stringContaining('Another program'),
    })
    expect(headsetEventWords({ direction: 'from-headset', what: 'mute' })).toBe('You muted at the headset')
    expect(headsetEventWords({ direction: 'to-headset', what: 'ring' })).toBe('The headset rings')
  })
})
