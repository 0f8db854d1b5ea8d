/*
 * The part of WebHID (https://wicg.github.io/webhid) that a headset needs, and the packing of its reports. TypeScript's
 * library has no WebHID.
 */

export interface HidReportItem {
  readonly isAbsolute?: boolean
  readonly isArray?: boolean
  readonly isRange?: boolean
  /** Usage page in the upper 16 bits. */
  readonly usages?: readonly number[]
  readonly usageMinimum?: number
  readonly logicalMinimum?: number
  readonly reportSize?: number
  readonly reportCount?: number
}

export interface HidReportInfo {
  readonly reportId?: number
  readonly items?: readonly HidReportItem[]
}

export interface HidCollection {
  readonly usagePage?: number
  readonly usage?: number
  readonly inputReports?: readonly HidReportInfo[]
  readonly outputReports?: readonly HidReportInfo[]
}

export interface HidInputReport extends Event {
  readonly reportId: number
  readonly data: DataView
}

export interface HidDevice extends EventTarget {
  readonly opened: boolean
  readonly vendorId: number
  readonly productName: string
  readonly collections: readonly HidCollection[]
  open(): Promise<void>
  close(): Promise<void>
  sendReport(reportId: number, data: Uint8Array<ArrayBuffer>): Promise<void>
}

export interface Hid extends EventTarget {
  getDevices(): Promise<readonly HidDevice[]>
  requestDevice(options: {
    filters: readonly { usagePage?: number; usage?: number }[]
  }): Promise<readonly HidDevice[]>
}

export const telephonyPage = 0x0b

/** Buttons of the telephony page and lights of the LED page (USB HID Usage Tables §14 and §11), page included. */
export const usage = {
  hookSwitch: 0x0b_0020,
  flash: 0x0b_0021,
  drop: 0x0b_0026,
  mute: 0x0b_002f,
  ringer: 0x0b_009e,
  muteLight: 0x08_0009,
  offHookLight: 0x08_0017,
  ringLight: 0x08_0018,
  holdLight: 0x08_0020,
} as const

/** The reports of a device's telephone: top-level collections hold those of all that they contain. */
export function telephoneReports(device: HidDevice): {
  inputs: readonly HidReportInfo[]
  outputs: readonly HidReportInfo[]
} {
  const telephones = device.collections.filter(({ usagePage }) => usagePage === telephonyPage)
  return {
    inputs: telephones.flatMap(({ inputReports }) => inputReports ?? []),
    outputs: telephones.flatMap(({ outputReports }) => outputReports ?? []),
  }
}

/** A place of so many bits in a report. */
interface Field {
  readonly item: HidReportItem
  /** Null in an array, whose fields hold the numbers of the usages that are on. */
  readonly usage: number | null
  readonly bit: number
  readonly bits: number
}

function fieldsOf(report: HidReportInfo): { fields: Field[]; bytes: number } {
  const fields: Field[] = []
  let bit = 0
  for (const item of report.items ?? []) {
    const bits = item.reportSize ?? 1
    for (let index = 0; index < (item.reportCount ?? 1); index += 1) {
      fields.push({ item, usage: item.isArray === true ? null : usageAt(item, index), bit, bits })
      bit += bits
    }
  }
  return { fields, bytes: Math.ceil(bit / 8) }
}

/** The last usage named goes for every field that is left (HID 1.11 §6.2.2.8). */
function usageAt(item: HidReportItem, index: number): number | null {
  if (item.isRange === true) return (item.usageMinimum ?? 0) + index
  return item.usages?.[Math.min(index, item.usages.length - 1)] ?? null
}

/** Whether each usage that this report speaks of is on. */
export function readUsages(report: HidReportInfo, data: DataView): ReadonlyMap<number, boolean> {
  const on = new Map<number, boolean>()
  for (const { item, usage: named, bit, bits } of fieldsOf(report).fields) {
    const value = bitsAt(data, bit, bits)
    if (named !== null) on.set(named, value !== 0)
    else readArrayField(item, value, on)
  }
  return on
}

/** A field of an array names one usage that is on; those that no field names are off. */
function readArrayField(item: HidReportItem, value: number, on: Map<number, boolean>): void {
  for (const each of item.usages ?? []) if (!on.has(each)) on.set(each, false)
  const index = value - (item.logicalMinimum ?? 0)
  const named = item.isRange === true ? (item.usageMinimum ?? 0) + index : item.usages?.[index]
  if (named !== undefined && value !== 0) on.set(named, true)
}

function bitsAt(data: DataView, bit: number, bits: number): number {
  let value = 0
  for (let i = 0; i < bits && (bit + i) >> 3 < data.byteLength; i += 1) {
    if ((data.getUint8((bit + i) >> 3) >> ((bit + i) & 7)) & 1) value += 2 ** i
  }
  return value
}

/** The report with the bits of the given usages set; null when it holds none of the usages asked about. */
export function writeUsages(
  report: HidReportInfo,
  on: ReadonlyMap<number, boolean>,
): Uint8Array<ArrayBuffer> | null {
  const { fields, bytes } = fieldsOf(report)
  const data = new Uint8Array(bytes)
  let holdsAny = false
  for (const { usage: named, bit } of fields) {
    const value = named === null ? undefined : on.get(named)
    holdsAny ||= value !== undefined
    if (value) data[bit >> 3] = (data[bit >> 3] ?? 0) | (1 << (bit & 7))
  }
  return holdsAny ? data : null
}

export function describesAsState(reports: readonly HidReportInfo[], wanted: number): boolean {
  return reports.some((report) =>
    fieldsOf(report).fields.some((field) => field.usage === wanted && field.item.isAbsolute === true),
  )
}
