import { type ChildProcess, type StdioOptions, spawn } from 'node:child_process'
import { EventEmitter } from 'node:events'
import { constants } from 'node:os'
import type { Readable } from 'node:stream'
import { fileURLToPath } from 'node:url'
import type { ForkOptions } from 'electron'
import { notImplemented, refuseTheRest } from './named.ts'

// Kept before the main process is told that its own executable is Electron's.
const nodePath = process.execPath
const childPath = fileURLToPath(new URL('utility-process-child.ts', import.meta.url))

/** Electron's `UtilityProcess`: a Node process with `process.parentPort`. */
export class UtilityProcess extends EventEmitter {
  readonly #child: ChildProcess
  #running = true

  constructor(modulePath: string, args: readonly string[], options: ForkOptions) {
    super()
    const { env = process.env, stdio = 'inherit', execArgv = [], cwd } = options
    const [, out, err] = Array.isArray(stdio) ? stdio : [stdio, stdio, stdio]
    const quiet = ['--disable-warning=ExperimentalWarning']
    this.#child = spawn(nodePath, [...execArgv, ...quiet, childPath, modulePath, ...args], {
      env: env as NodeJS.ProcessEnv,
      stdio: ['ignore', out ?? 'inherit', err ?? 'inherit', 'ipc'] as StdioOptions,
      // Structured clone, as in Electron, instead of JSON.
      serialization: 'advanced',
      ...(cwd ? { cwd } : {}),
    })
    this.#child.once('spawn', () => this.emit('spawn'))
    this.#child.on('message', (message) => this.emit('message', message))
    this.#child.once('error', (error) => console.error(`stand-in: ${modulePath}: ${error.message}`))
    this.#child.once('exit', (code, signal) => {
      this.#running = false
      this.emit('exit', code ?? 128 + (signal ? constants.signals[signal] : 0))
    })
  }

  get pid(): number | undefined {
    return this.#running ? this.#child.pid : undefined
  }

  get stdout(): Readable | null {
    return this.#child.stdout
  }

  get stderr(): Readable | null {
    return this.#child.stderr
  }

  postMessage(message: unknown, transfer?: readonly unknown[]): void {
    if (transfer?.length) throw notImplemented('utilityProcess.postMessage with ports')
    // A process that has ended gets no more messages; its `exit` says so.
    if (this.#running) this.#child.send(message as object, () => {})
  }

  kill(): boolean {
    return this.#running && this.#child.kill()
  }
}

refuseTheRest('utilityProcess', UtilityProcess)

export function fork(
  modulePath: string,
  args: readonly string[] = [],
  options: ForkOptions = {},
): UtilityProcess {
  return new UtilityProcess(modulePath, args, options)
}
