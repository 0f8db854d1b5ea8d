import inspector from 'node:inspector'
import type { App } from './app.ts'
import type { Arguments } from './arguments.ts'

/** `--inspect` and `--inspect-brk` with Node's own words on stderr, from which Playwright learns the address. */
export function openInspector({ switches }: Arguments): void {
  const address = switches.get('inspect-brk') ?? switches.get('inspect')
  if (address === undefined) return
  const [port, host] = address.split(':').reverse()
  inspector.open(port ? Number(port) : undefined, host)
  if (switches.has('inspect-brk')) inspector.waitForDebugger()
}

/**
 * Playwright's `_electron.launch` calls `__playwright_run()` in the main process once it is connected. Its loader
 * (`-r`) defines that when Playwright looked Electron up itself; given an executablePath it only calls it. Then it is
 * defined here and the app is not ready before: a test sees every window from its first request on.
 */
export function untilPlaywrightRuns({ switches, requires }: Arguments): Promise<void> {
  const isPlaywright = switches.get('inspect') === '0' && switches.get('remote-debugging-port') === '0'
  if (!isPlaywright || requires.length > 0) return Promise.resolve()
  return new Promise((resolve) => {
    Object.defineProperty(globalThis, '__playwright_run', { value: () => resolve() })
  })
}

// npm and start scripts pass a Ctrl-C on that the terminal has already sent to everyone.
const ECHO_WITHIN_MS = 2_000

/**
 * A terminal's Ctrl-C, a service manager's stop and a test runner's end all mean: quit, in order. Asked again by
 * somebody who has waited, the app ends at once.
 */
export function quitOnSignals(app: App): void {
  let firstAtMs: number | undefined
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => {
      firstAtMs ??= performance.now()
      if (performance.now() - firstAtMs > ECHO_WITHIN_MS) app.exit(1)
      else app.quit()
    })
  }
}
