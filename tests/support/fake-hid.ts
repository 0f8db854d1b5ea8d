/* A `navigator.hid` (https://wicg.github.io/webhid) with headsets that speak the reports of a real one's telephone. */

import type { usage as headsetUsage } from '#renderer/platform/media/hid-reports.ts'

export type FakeHid = ReturnType<typeof installFakeHid>

declare global {
  interface Window {
    fakeHid: FakeHid
  }
}

/** Self-contained, so that it can be given to a page before its own code. */
export function installFakeHid(usage: typeof headsetUsage) {
  const bit = { reportSize: 1, reportCount: 1 }

  class FakeDevice extends EventTarget {
    opened = false
    readonly vendorId: number
    readonly productName: string
    /** Lights as they arrive, one number a report. */
    readonly lights: number[] = []
    failing = false
    /** Consumer control first, as on most headsets, then the telephone. */
    readonly collections = [
      {
        usagePage: 0x0c,
        usage: 1,
        inputReports: [{ reportId: 1, items: [{ ...bit, usages: [0x0c_00e9] }] }],
      },
      {
        usagePage: 0x0b,
        usage: 5,
        inputReports: [
          {
            reportId: 8,
            items: [
              { ...bit, usages: [usage.hookSwitch], isAbsolute: true },
              { ...bit, usages: [usage.mute], isAbsolute: false },
              { ...bit, usages: [usage.flash], isAbsolute: false },
              { ...bit, usages: [usage.drop], isAbsolute: false },
              { reportSize: 4, reportCount: 1 },
            ],
          },
        ],
        outputReports: [
          {
            reportId: 9,
            items: [
              {
                reportSize: 1,
                reportCount: 4,
                usages: [usage.offHookLight, usage.muteLight, usage.ringLight, usage.holdLight],
              },
              { reportSize: 4, reportCount: 1 },
            ],
          },
        ],
      },
    ]

    constructor(vendorId: number, productName: string) {
      super()
      this.vendorId = vendorId
      this.productName = productName
    }

    async open(): Promise<void> {
      if (this.failing) throw new DOMException('', 'NotAllowedError')
      this.opened = true
    }

    async close(): Promise<void> {
      this.opened = false
    }

    async sendReport(reportId: number, data: Uint8Array): Promise<void> {
      if (this.failing) throw new DOMException('', 'NetworkError')
      if (reportId !== 9 || data.length !== 1) throw new TypeError('no such report')
      this.lights.push(data[0] ?? 0)
    }

    say(bits: number): void {
      const data = new DataView(Uint8Array.of(bits).buffer)
      this.dispatchEvent(Object.assign(new Event('inputreport'), { reportId: 8, data }))
    }
  }

  class FakeHid extends EventTarget {
    plugged: FakeDevice[] = []
    granted: FakeDevice[] = []
    asked: unknown[] = []

    async getDevices(): Promise<FakeDevice[]> {
      return this.plugged.filter((each) => this.granted.includes(each))
    }

    async requestDevice(options: unknown): Promise<FakeDevice[]> {
      this.asked.push(options)
      if (!navigator.userActivation.isActive) throw new DOMException('', 'SecurityError')
      const [first] = this.plugged
      if (first) this.granted.push(first)
      return first ? [first] : []
    }
  }

  const hid = new FakeHid()
  Object.defineProperty(navigator, 'hid', { value: hid, configurable: true })
  const installed = {
    hid,
    plug(vendorId: number, productName: string, granted = true): FakeDevice {
      const device = new FakeDevice(vendorId, productName)
      hid.plugged.push(device)
      if (granted) hid.granted.push(device)
      hid.dispatchEvent(Object.assign(new Event('connect'), { device }))
      return device
    },
    unplug(device: FakeDevice): void {
      hid.plugged = hid.plugged.filter((each) => each !== device)
      hid.dispatchEvent(Object.assign(new Event('disconnect'), { device }))
    },
    /** The lights of the headset that is plugged in first, newest last. */
    lights: () => hid.plugged[0]?.lights ?? [],
    say: (bits: number) => hid.plugged[0]?.say(bits),
  }
  window.fakeHid = installed
  return installed
}
