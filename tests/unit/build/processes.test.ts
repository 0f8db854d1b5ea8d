import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { afterEach, describe, expect, it } from 'vitest'
import { createProcesses, exitCodeOf, type Processes } from '#build/start/processes.ts'

let processes: Processes
afterEach(() => processes.killAll())

/** Runs a script that ends its first line of output with the process ids it wants us to know. */
async function startScript(script: string): Promise<{ pids: number[]; exited: Promise<{ code: number }> }> {
  const { child, exited } = processes.start(process.execPath, ['-e', script], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  if (!child.stdout) throw new Error('no output')
  const [line] = await once(child.stdout, 'data')
  return { pids: String(line).trim().split(' ').map(Number), exited }
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

const WAIT = 'setInterval(() => {}, 1000)'
const startChild = (options: string) =>
  `const c = require('child_process').spawn(process.execPath, ['-e', '${WAIT}'], { stdio: 'ignore', ${options} });
   console.log(process.pid, c.pid);`

describe.skipIf(process.platform === 'win32')('processes started together', () => {
  it('end together with the children of a child', async () => {
    processes = createProcesses()
    const { pids } = await startScript(`${startChild('detached: false')} ${WAIT}`)
    expect(pids.map(isAlive)).toEqual([true, true])
    await processes.endAll()
    expect(pids.map(isAlive)).toEqual([false, false])
  })

  it.runIf(process.platform === 'linux')('end one that left their group and lost its parent', async () => {
    processes = createProcesses()
    const { pids, exited } = await startScript(`${startChild('detached: true')} c.unref(); process.exit(3)`)
    expect((await exited).code).toBe(3)
    expect(isAlive(pids[1] ?? 0)).toBe(true)
    await processes.endAll()
    expect(isAlive(pids[1] ?? 0)).toBe(false)
  })

  it('are asked before they are killed, so that they can close in order', async () => {
    processes = createProcesses()
    const { exited } = await startScript(
      `process.on('SIGTERM', () => process.exit(42)); console.log(process.pid); ${WAIT}`,
    )
    await processes.endAll()
    expect((await exited).code).toBe(42)
  })

  it('are killed when they do not listen', async () => {
    processes = createProcesses(200)
    const { pids, exited } = await startScript(
      `process.on('SIGTERM', () => {}); console.log(process.pid); ${WAIT}`,
    )
    await processes.endAll()
    expect((await exited).code).toBe(exitCodeOf('SIGKILL'))
    expect(pids.map(isAlive)).toEqual([false])
  })

  it('leave others alone', async () => {
    const others = createProcesses()
    processes = others
    const { pids } = await startScript(`console.log(process.pid); ${WAIT}`)
    await createProcesses().endAll()
    expect(pids.map(isAlive)).toEqual([true])
  })

  it('answer with 127 when there is no such program', async () => {
    processes = createProcesses()
    expect(await processes.start('no-such-program', []).exited).toEqual({ code: 127, signal: null })
  })
})
