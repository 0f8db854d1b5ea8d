import { type ChildProcess, execFileSync, type SpawnOptions, spawn } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'

/** Environment variable that every process started here passes on to its own children: an id for each starter. */
const MARK = 'ADVISER_DESKTOP_RUN'
const GRACE_MS = 5_000
const STRAY_GRACE_MS = 1_000
const LOOK_AGAIN_MS = 50

export interface Exit {
  readonly code: number
  /** Set when the process was ended by a signal; `code` is then 128 + its number, as a shell has it. */
  readonly signal: NodeJS.Signals | null
}

export interface Started {
  readonly child: ChildProcess
  /** Never rejects: a command that could not be started exits with 127. */
  readonly exited: Promise<Exit>
}

export interface Processes {
  start(command: string, args: readonly string[], options?: SpawnOptions): Started
  /** Asks everything started, and everything that started in turn, to end; kills what does not. */
  endAll(): Promise<void>
  killAll(): void
  /** True once `endAll` was called: nothing more should be started. */
  isEnding(): boolean
  /** What a process has to carry in its environment to be ended with the others. */
  readonly mark: Readonly<Record<string, string>>
}

const SIGNAL_NUMBERS: Partial<Record<NodeJS.Signals, number>> = {
  SIGHUP: 1,
  SIGINT: 2,
  SIGKILL: 9,
  SIGTERM: 15,
}

/** The exit code by which shells tell that a signal ended a process. */
export const exitCodeOf = (signal: NodeJS.Signals): number => 128 + (SIGNAL_NUMBERS[signal] ?? 0)

/**
 * Programs that end together. Each is the head of a process group, and on Linux also marked by an environment
 * variable, because a browser moves its own processes to other groups and loses their parents.
 */
export function createProcesses(graceMs = GRACE_MS): Processes {
  const id = randomUUID()
  const mark = { [MARK]: [process.env[MARK], id].filter(Boolean).join(' ') }
  const alive = new Set<ChildProcess>()
  let isEnding = false

  function start(command: string, args: readonly string[], options: SpawnOptions = {}): Started {
    const child = spawn(command, [...args], {
      stdio: 'inherit',
      ...options,
      env: { ...(options.env ?? process.env), ...mark },
      detached: process.platform !== 'win32',
    })
    alive.add(child)
    const exited = new Promise<Exit>((resolve) => {
      child.once('error', () => {
        alive.delete(child)
        resolve({ code: 127, signal: null })
      })
      child.once('exit', (code, signal) => {
        alive.delete(child)
        resolve({ code: signal ? exitCodeOf(signal) : (code ?? 1), signal })
      })
    })
    return { child, exited }
  }

  function signalAll(signal: NodeJS.Signals): void {
    const heads = [...alive].flatMap((child) => child.pid ?? [])
    for (const pid of heads) signalGroup(pid, signal)
    for (const pid of markedProcesses(id)) signalOne(pid, signal)
  }

  const anyHead = () => alive.size > 0
  const anyLeft = () => anyHead() || markedProcesses(id).length > 0

  async function endAll(): Promise<void> {
    isEnding = true
    // Only the heads are asked first: a runtime that hears of the end before its children closes them in order.
    for (const child of alive) if (child.pid) signalOne(child.pid, 'SIGTERM')
    await endedWithin(graceMs, anyHead)
    if (!anyLeft() && (await staysSo(anyLeft))) return
    signalAll('SIGTERM')
    if (await endedWithin(Math.min(graceMs, STRAY_GRACE_MS), anyLeft)) return
    signalAll('SIGKILL')
    await endedWithin(graceMs, anyLeft)
  }

  return { start, endAll, killAll: () => signalAll('SIGKILL'), isEnding: () => isEnding, mark }
}

/** A process has no environment to be known by for the moment in which it becomes another program. */
async function staysSo(anyLeft: () => boolean): Promise<boolean> {
  await new Promise((resolve) => setTimeout(resolve, LOOK_AGAIN_MS))
  return !anyLeft()
}

async function endedWithin(timeoutMs: number, anyLeft: () => boolean): Promise<boolean> {
  const endsAt = performance.now() + timeoutMs
  while (anyLeft()) {
    if (performance.now() > endsAt) return false
    await new Promise((resolve) => setTimeout(resolve, LOOK_AGAIN_MS))
  }
  return true
}

/** Processes that carry the mark, leaving out those that have ended and wait for their parent to notice. */
function markedProcesses(id: string): number[] {
  if (process.platform !== 'linux') return []
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid)
    .filter((name) => {
      try {
        // Reads as empty once the process has ended.
        const environment = readFileSync(`/proc/${name}/environ`, 'utf8').split('\0')
        return environment.some((variable) => variable.startsWith(`${MARK}=`) && variable.includes(id))
      } catch {
        return false
      }
    })
    .map(Number)
}

function signalGroup(pid: number, signal: NodeJS.Signals): void {
  if (process.platform === 'win32') {
    try {
      execFileSync('taskkill', ['/pid', String(pid), '/t', '/f'], { stdio: 'ignore' })
    } catch {
      // Ended already.
    }
    return
  }
  signalOne(-pid, signal)
}

function signalOne(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal)
  } catch {
    // Ended already.
  }
}

/**
 * Ends everything when this process is told to stop, then exits with the shell's code for that signal.
 * A second Ctrl-C kills at once.
 */
export function endOnSignals(processes: Processes): void {
  let endedBy: NodeJS.Signals | undefined
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => {
      if (endedBy) process.exit()
      endedBy = signal
      processes.endAll().finally(() => process.exit())
    })
  }
  process.on('exit', () => {
    processes.killAll()
    // Whoever waited for what has now ended may have exited first, with the code of that.
    if (endedBy) process.exitCode = exitCodeOf(endedBy)
  })
}
