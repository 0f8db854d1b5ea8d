import { execFileSync, spawn } from 'node:child_process'
import { chmod, mkdtemp, readlink, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'

/** A computer's network of its own. It ends with this process; nothing is named, so that nothing is left behind. */
export interface Namespace {
  readonly pid: number
  /** Runs a command of the shell there and answers with its output. */
  run(command: string): string
  /** A program that starts this one there. */
  readonly program: string
  close(): Promise<void>
}

/** `program` is the file that `Namespace.program` starts. Throws where no network namespaces can be made. */
export async function openNamespace(program: string): Promise<Namespace> {
  const folder = await mkdtemp(join(tmpdir(), 'namespace-'))
  const holder = spawn('unshare', ['--net', 'sleep', 'infinity'], { stdio: 'ignore' })
  const { pid } = holder
  if (pid === undefined) throw new Error('no network namespace can be made')
  await hasOwnNetwork(pid)
  const enter = ['-t', String(pid), '-n']
  const run = (command: string) =>
    execFileSync('nsenter', [...enter, 'sh', '-c', command], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'inherit'],
    })
  run('ip link set lo up')
  const starter = join(folder, 'program')
  await writeFile(starter, `#!/bin/sh\nexec nsenter ${enter.join(' ')} ${program} "$@"\n`)
  await chmod(starter, 0o755)
  return {
    pid,
    run,
    program: starter,
    async close() {
      holder.kill()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

/** Runs a command of the shell in this process's own network. */
export function here(command: string): void {
  execFileSync('sh', ['-c', command], { stdio: ['ignore', 'ignore', 'inherit'] })
}

async function hasOwnNetwork(pid: number): Promise<void> {
  const ours = await readlink('/proc/self/ns/net')
  for (let tries = 0; tries < 100; tries += 1) {
    const theirs = await readlink(`/proc/${pid}/ns/net`).catch(() => ours)
    if (theirs !== ours) return
    await delay(20)
  }
  throw new Error('no network namespace can be made')
}
