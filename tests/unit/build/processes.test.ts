import { readFileSync } from 'node:fs'
import { createInterface } from 'node:readline'
import { afterEach, describe, expect, it } from 'vitest'
import { createProcesses, exitCodeOf, type Processes } from '#build/start/processes.ts'

let processes: Processes
afterEach(() => processes.killAll())

/** Runs a script and waits until it, and what it starts, have told as many process ids as expected. */
async function startScript(
  script: string,
  count = 1,
): Promise<{ pids: number[]; exited: Promise<{ code: number }> }> {
  const { child, exited } = processes.start(process.execPath, ['-e', script], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  if (!child.stdout) throw new Error('no output')
  const pids: number[] = []
  for await (const line of createInterface({ input: child.stdout })) {
    pids.push(Number(line))
    if (pids.length === count) break
  }
  return { pids, exited }
}

const isAlive = (pid: number): boolean => {
  try {
    process.kill(pid, 0)
    // One that has ended keeps its number until its parent asks for its exit code.
    return process.platform !== 'linux' || !/\) Z /.test(readFileSync(`/proc/${pid}/stat`, 'utf8'))
  } catch {
    return false
  }
}

/** A process told to end is counted as ended when its memory is gone, a moment before its number is. */
const gone = (pids: readonly number[]) =>
  expect.poll(() => pids.filter(isAlive), { timeout: 1_000, interval: 5 }).toEqual([])

const WAIT = 'console.log(process.pid); setInterval(() => {}, 1000);'
const startChild = (options: string) =>
  `const c = require('child_process').spawn(process.execPath, ['-e', '${WAIT}'], {
     stdio: ['ignore', 'inherit', 'ignore'], ${options} });`

describe.skipIf(process.platform === 'win32')('processes started together', () => {
  it('end together with the children of a child', async () => {
    processes = createProcesses()
    const { pids } = await startScript(`${startChild('detached: false')} ${WAIT}`, 2)
    expect(pids.map(isAlive)).toEqual([true, true])
    await processes.endAll()
    await gone(pids)
  })

  it.runIf(process.platform === 'linux')('end one that left their group and lost its parent', async () => {
    processes = createProcesses()
    const { pids, exited } = await startScript(
      `${startChild('detached: true')} c.unref(); process.exitCode = 3`,
    )
    expect((await exited).code).toBe(3)
    expect(isAlive(pids[0] ?? 0)).toBe(true)
    await processes.endAll()
    await gone(pids)
  })

  it('are asked before they are killed, so that they can close in order', async () => {
    processes = createProcesses()
    const { exited } = await startScript(`process.on('SIGTERM', () => process.exit(42)); ${WAIT}`)
    await processes.endAll()
    expect((await exited).code).toBe(42)
  })

  it('are killed when they do not listen', async () => {
    processes = createProcesses(200)
    const { pids, exited } = await startScript(`process.on('SIGTERM', () => {}); ${WAIT}`)
    await processes.endAll()
    expect((await exited).code).toBe(exitCodeOf('SIGKILL'))
    await gone(pids)
  })

  it('leave others alone', async () => {
    const others = createProcesses()
    processes = others
    const { pids } = await startScript(WAIT)
    await createProcesses().endAll()
    expect(pids.map(isAlive)).toEqual([true])
  })

  it('answer with 127 when there is no such program', async () => {
    processes = createProcesses()
    expect(await processes.start('no-such-program', []).exited).toEqual({ code: 127, signal: null })
  })
})
