/** Everything that has no effect here beyond being remembered, for tests to read and poke. */
export interface Recorded {
  readonly calls: { api: string; args: unknown[] }[]
  readonly notifications: unknown[]
  readonly shortcuts: Map<string, () => void>
  /** What dialogs answer: the index of the button pressed. */
  dialogResponse: number
  isOnline: boolean
  systemIsDark: boolean
  [poke: string]: unknown
}

/** Reachable in the main process as `globalThis.__standin`, as in `app.evaluate(() => __standin.calls)`. */
export const recorded: Recorded = {
  calls: [],
  notifications: [],
  shortcuts: new Map(),
  dialogResponse: 0,
  isOnline: true,
  systemIsDark: false,
}

export function record(api: string, ...args: unknown[]): void {
  recorded.calls.push({ api, args })
}

export function exposeRecorded(): void {
  Object.defineProperty(globalThis, '__standin', { value: recorded })
}
