import { once } from 'node:events'
import { createInterface } from 'node:readline'
import type { Readable } from 'node:stream'
import { err, ok, type Result } from '#shared/kernel/result.ts'
import { ensureDebianPackages, type Say } from './ensure.ts'
import type { Processes } from './processes.ts'

const STARTS_WITHIN_MS = 15_000

/** Whether a window could be shown to a person here. */
export const hasDisplay = (
  environment: Readonly<Record<string, string | undefined>> = process.env,
  platform: NodeJS.Platform = process.platform,
): boolean => platform !== 'linux' || Boolean(environment.DISPLAY || environment.WAYLAND_DISPLAY)

/** Starts a screen nobody sees, for programs that refuse to run without one. Answers with its DISPLAY. */
export async function startVirtualDisplay(processes: Processes, say: Say): Promise<Result<string, string>> {
  const installed = await ensureDebianPackages(['xvfb'], say)
  if (!installed.ok)
    return err(`A virtual display is needed. Run this, then start again:\n  ${installed.error.command}`)
  // The server picks a free number itself and writes it to the file descriptor named.
  const { child, exited } = processes.start(
    'Xvfb',
    ['-displayfd', '3', '-screen', '0', '1920x1200x24', '-nolisten', 'tcp'],
    { stdio: ['ignore', 'ignore', 'ignore', 'pipe'] },
  )
  const lines = createInterface({ input: child.stdio[3] as Readable })
  const number = once(lines, 'line', { signal: AbortSignal.timeout(STARTS_WITHIN_MS) }).then(
    ([line]) => String(line),
    () => undefined,
  )
  const answer = await Promise.race([number, exited.then(() => undefined)])
  return answer ? ok(`:${answer}`) : err('Xvfb did not start.')
}
