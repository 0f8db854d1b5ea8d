// Chromium's, but decided by this runtime; or such that Chromium would do something else than run.
const KEPT_BACK = new Set([
  'app',
  'headless',
  'help',
  'inspect',
  'inspect-brk',
  'no-sandbox',
  'no-startup-window',
  'remote-debugging-pipe',
  'remote-debugging-port',
  'user-data-dir',
  'version',
])

/** Electron's `app.commandLine`: the switches Chromium will be started with. */
export class CommandLine {
  readonly #switches: Map<string, string>
  readonly #arguments: string[] = []

  constructor(switches: ReadonlyMap<string, string>) {
    this.#switches = new Map(switches)
  }

  appendSwitch(name: string, value = ''): void {
    const before = this.#switches.get(name)
    // Features add up, where Chromium would let the last list win; Electron's users write them one by one.
    const addsUp = name.endsWith('-features') && before
    this.#switches.set(name, addsUp ? `${before},${value}` : value)
  }

  appendArgument(argument: string): void {
    this.#arguments.push(argument)
  }

  hasSwitch(name: string): boolean {
    return this.#switches.has(name)
  }

  getSwitchValue(name: string): string {
    return this.#switches.get(name) ?? ''
  }

  removeSwitch(name: string): void {
    this.#switches.delete(name)
  }

  /** What is handed on to Chromium. Switches that are the app's own it ignores. */
  forChromium(): string[] {
    const switches = [...this.#switches].filter(([name]) => !KEPT_BACK.has(name))
    return [
      ...switches.map(([name, value]) => (value ? `--${name}=${value}` : `--${name}`)),
      ...this.#arguments,
    ]
  }
}
