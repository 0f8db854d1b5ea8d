import {
  type HeadsetAction,
  type HeadsetCall,
  headsetApplied,
  headsetReported,
  headsetWaited,
  newHeadsetButtons,
  strayHookMs,
} from '#shared/calls/headset-buttons.ts'
import type { Headset, HeadsetEvent } from '#shared/contract/devices.ts'
import type { Cancel, Clock } from '#shared/kernel/clock.ts'
import type { Log } from '#shared/kernel/log.ts'
import {
  describesAsState,
  type Hid,
  type HidDevice,
  type HidInputReport,
  readUsages,
  telephoneReports,
  telephonyPage,
  usage,
  writeUsages,
} from './hid-reports.ts'

/**
 * The buttons and lights of a headset: call control alone, never its volume or its settings.
 *
 * A page nobody sees is never clicked, and WebHID wants a click before it asks for a device: the main process gives the
 * page that activation, grants it telephony headsets and chooses among several (`electron/main/os/headsets.ts`).
 */
export interface HeadsetButtons {
  state(): Headset
  /** Newest last, at most 50. */
  events(): readonly HeadsetEvent[]
  /** Called whenever `state` or `events` changed. */
  subscribe(listener: () => void): () => void
  /** The adviser pressed a button. A second headset app's doings and mere echoes of lights do not come through. */
  onAction(listener: (action: HeadsetAction) => void): () => void
  /** Sets the lights to what the calls are doing. To be told of every change; saying the same again is harmless. */
  apply(call: HeadsetCall): void
  /** Asks for a headset, within five seconds of the page's activation. False when none was granted. */
  choose(): Promise<boolean>
}

export interface HeadsetOptions {
  readonly clock: Clock
  readonly log: Log
  /** Label of the microphone in use: of several headsets, the one that is worn. */
  microphoneLabel(): string | null
}

const keptEvents = 50

export function createHeadset(options: HeadsetOptions): HeadsetButtons {
  const { clock, log } = options
  // Where there is no WebHID there is never a headset.
  const { hid } = navigator as Navigator & { hid?: Hid }
  const listeners = new Set<() => void>()
  const actionListeners = new Set<(action: HeadsetAction) => void>()
  let headset: Headset = { name: 'absent' }
  let events: readonly HeadsetEvent[] = []
  let buttons = newHeadsetButtons
  let device: HidDevice | null = null
  /** As last sent, by report. */
  let sent = new Map<number, string>()
  let sending: Promise<void> = Promise.resolve()
  let stray: Cancel = () => {}

  function changed(): void {
    for (const listener of listeners) listener()
  }

  function enter(next: Headset): void {
    if (JSON.stringify(next) === JSON.stringify(headset)) return
    log.info('phone.headset', { from: headset.name, to: next.name })
    headset = next
    changed()
  }

  function note(direction: HeadsetEvent['direction'], what: HeadsetEvent['what']): void {
    events = [...events, { at: clock.now(), direction, what }].slice(-keptEvents)
    changed()
  }

  /* ── Which headset ────────────────────────────────────────────────────────────────────────────────────────── */

  async function find(): Promise<void> {
    if (hid === undefined || device !== null) return
    try {
      const found = best((await hid.getDevices()).filter(isTelephone), options.microphoneLabel())
      if (found !== undefined && device === null) await connect(found)
    } catch (error) {
      log.info('phone.headsets-not-listed', { kind: error instanceof DOMException ? error.name : 'unknown' })
    }
  }

  async function connect(found: HidDevice): Promise<void> {
    device = found
    sent = new Map()
    buttons = headsetApplied(newHeadsetButtons, buttons.call, clock.now())
    enter({ name: 'connecting', model: modelOf(found) })
    try {
      if (!found.opened) await found.open()
    } catch (error) {
      failed(found, error)
      return
    }
    if (device !== found) return
    found.addEventListener('inputreport', reported)
    note('from-headset', 'connected')
    enterHeld()
    showLights()
  }

  function disconnect(): void {
    stray()
    device?.removeEventListener('inputreport', reported)
    device = null
    enter({ name: 'absent' })
  }

  function failed(which: HidDevice, error: unknown): void {
    if (device !== which) return
    const kind = error instanceof DOMException ? error.name : 'unknown'
    log.info('phone.headset-failed', { kind })
    note('from-headset', 'failed')
    enter({ name: 'failed', model: modelOf(which), detail: kind })
  }

  function enterHeld(): void {
    if (device === null) return
    const { heldElsewhere } = buttons
    const facts = { model: modelOf(device), vendor: vendorOf(device) }
    enter({ name: heldElsewhere ? 'held-elsewhere' : 'connected', ...facts })
  }

  /* ── Buttons ──────────────────────────────────────────────────────────────────────────────────────────────── */

  function reported(event: Event): void {
    const { reportId, data } = event as HidInputReport
    if (device === null) return
    const { inputs } = telephoneReports(device)
    const report = inputs.find((each) => (each.reportId ?? 0) === reportId)
    if (report === undefined) return
    const on = readUsages(report, data)
    const button = (name: 'hookSwitch' | 'mute' | 'flash' | 'drop') => {
      const value = on.get(usage[name])
      return value === undefined ? {} : { [name]: value }
    }
    const said = { ...button('hookSwitch'), ...button('mute'), ...button('flash'), ...button('drop') }
    const step = headsetReported(buttons, said, clock.now(), describesAsState(inputs, usage.mute))
    buttons = step.state
    awaitStray()
    enterHeld()
    if (step.lightsLost) {
      sent = new Map()
      showLights()
    }
    if (step.action === null) return
    note('from-headset', step.action)
    for (const listener of actionListeners) listener(step.action)
  }

  function awaitStray(): void {
    stray()
    if (buttons.strayHookSince === null) return
    stray = clock.after(strayHookMs, () => {
      buttons = headsetWaited(buttons, clock.now())
      enterHeld()
    })
  }

  /* ── Lights ───────────────────────────────────────────────────────────────────────────────────────────────── */

  function showLights(): void {
    // Another program's call: its lights are not ours to change.
    if (device === null || headset.name !== 'connected') return
    const on = lightsOf(buttons.call)
    for (const report of telephoneReports(device).outputs) {
      const data = writeUsages(report, on)
      if (data !== null) send(device, report.reportId ?? 0, data)
    }
  }

  function send(to: HidDevice, reportId: number, data: Uint8Array<ArrayBuffer>): void {
    const word = data.join()
    if (sent.get(reportId) === word) return
    sent.set(reportId, word)
    // One after the other: a headset that is asked twice at once may keep the older word.
    sending = sending.then(async () => {
      try {
        if (device === to) await to.sendReport(reportId, data)
      } catch (error) {
        failed(to, error)
      }
    })
  }

  function apply(call: HeadsetCall): void {
    const before = buttons.call
    buttons = headsetApplied(buttons, call, clock.now())
    if (device === null) return
    awaitStray()
    if (headset.name === 'failed' && call.ringing && !before.ringing) void connect(device)
    if (headset.name !== 'connected') return
    for (const what of lightChanges(before, call)) note('to-headset', what)
    showLights()
  }

  hid?.addEventListener('connect', () => void find())
  hid?.addEventListener('disconnect', (event) => {
    if ((event as Event & { device?: HidDevice }).device !== device) return
    disconnect()
    void find()
  })
  void find()

  return {
    state: () => headset,
    events: () => events,
    subscribe: (listener) => add(listeners, listener),
    onAction: (listener) => add(actionListeners, listener),
    apply,
    async choose() {
      const granted = await hid?.requestDevice({ filters: [{ usagePage: telephonyPage }] }).catch(() => [])
      const chosen = granted?.find(isTelephone)
      if (chosen === undefined) return false
      if (device !== null && device !== chosen) disconnect()
      await connect(chosen)
      return true
    },
  }
}

function isTelephone({ collections }: HidDevice): boolean {
  return collections.some(({ usagePage }) => usagePage === telephonyPage)
}

function best(devices: readonly HidDevice[], label: string | null): HidDevice | undefined {
  const worn = devices.find(({ productName }) => productName !== '' && label?.includes(productName))
  return worn ?? devices[0]
}

function lightsOf(call: HeadsetCall): ReadonlyMap<number, boolean> {
  return new Map<number, boolean>([
    [usage.ringLight, call.ringing],
    [usage.ringer, call.ringing],
    [usage.offHookLight, call.offHook],
    [usage.muteLight, call.muted],
    [usage.holdLight, call.held],
  ])
}

function lightChanges(before: HeadsetCall, after: HeadsetCall): HeadsetEvent['what'][] {
  const changes: HeadsetEvent['what'][] = []
  if (after.ringing && !before.ringing) changes.push('ring')
  if (after.offHook !== before.offHook) changes.push(after.offHook ? 'answer' : 'end')
  if (after.held !== before.held) changes.push(after.held ? 'hold' : 'resume')
  if (after.muted !== before.muted) changes.push(after.muted ? 'mute' : 'unmute')
  return changes
}

function modelOf({ productName }: HidDevice): string {
  return productName === '' ? 'Headset' : productName
}

/** USB vendor ids of the makers of most telephone headsets. */
const vendors: Readonly<Record<number, string>> = {
  1118: 'Microsoft',
  1133: 'Logitech',
  1151: 'Poly',
  2830: 'Jabra',
  5013: 'EPOS',
  27027: 'Yealink',
}

function vendorOf({ vendorId }: HidDevice): string {
  return vendors[vendorId] ?? `0x${vendorId.toString(16).padStart(4, '0')}`
}

function add<T>(listeners: Set<T>, listener: T): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}
