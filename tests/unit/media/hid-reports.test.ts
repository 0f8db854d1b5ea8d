import { describe, expect, it } from 'vitest'
import {
  describesAsState,
  type HidReportInfo,
  readUsages,
  usage,
  writeUsages,
} from '#renderer/platform/media/hid-reports.ts'

const bit = { reportSize: 1, reportCount: 1 }
const bytes = (...values: number[]) => new DataView(Uint8Array.from(values).buffer)

/** Hook, three fields of one list with mute last, five bits of nothing, then a second byte with flash on its top. */
const packed: HidReportInfo = {
  reportId: 8,
  items: [
    { ...bit, usages: [usage.hookSwitch], isAbsolute: true },
    { reportSize: 1, reportCount: 3, usages: [0x0b_0024, 0x0b_0007, usage.mute], isAbsolute: false },
    { reportSize: 4, reportCount: 1 },
    { reportSize: 7, reportCount: 1 },
    { ...bit, usages: [usage.flash] },
  ],
}

describe('the reports of a headset', () => {
  it('are read bit by bit where the headset says that each button is', () => {
    const on = readUsages(packed, bytes(0b1001, 0x80))
    expect([usage.hookSwitch, usage.mute, usage.flash, 0x0b_0024].map((each) => on.get(each))).toEqual([
      true,
      true,
      true,
      false,
    ])
    expect(readUsages(packed, bytes(0, 0)).get(usage.hookSwitch)).toBe(false)
    expect(on.has(usage.drop)).toBe(false)
  })

  it('are read from a list of the buttons that are down', () => {
    const array: HidReportInfo = {
      items: [
        {
          isArray: true,
          reportSize: 8,
          reportCount: 2,
          logicalMinimum: 1,
          usages: [usage.hookSwitch, usage.flash, usage.mute],
        },
      ],
    }
    const on = readUsages(array, bytes(3, 1))
    expect([on.get(usage.hookSwitch), on.get(usage.flash), on.get(usage.mute)]).toEqual([true, false, true])
    expect([...readUsages(array, bytes(0, 0)).values()]).toEqual([false, false, false])
  })

  it('are read from a range of usages', () => {
    const range: HidReportInfo = {
      items: [{ reportSize: 1, reportCount: 8, isRange: true, usageMinimum: usage.hookSwitch }],
    }
    const on = readUsages(range, bytes(0b0100_0010))
    expect([on.get(usage.hookSwitch), on.get(usage.flash), on.get(usage.drop)]).toEqual([false, true, true])
  })

  it('do not reach past the end of a report that came too short', () => {
    expect(readUsages(packed, bytes(1)).get(usage.flash)).toBe(false)
  })

  it('are written with every light in its place', () => {
    const lights: HidReportInfo = {
      items: [
        { reportSize: 1, reportCount: 2, usages: [usage.offHookLight, usage.muteLight] },
        { reportSize: 6, reportCount: 1 },
        { reportSize: 8, reportCount: 1, usages: [usage.ringLight] },
      ],
    }
    const on = new Map<number, boolean>([
      [usage.muteLight, true],
      [usage.offHookLight, false],
      [usage.ringLight, true],
    ])
    expect(writeUsages(lights, on)).toEqual(Uint8Array.from([0b10, 1]))
    expect(writeUsages(packed, on)).toBeNull()
  })

  it('say whether mute is a state or a press', () => {
    expect(describesAsState([packed], usage.mute)).toBe(false)
    expect(describesAsState([packed], usage.hookSwitch)).toBe(true)
  })
})
