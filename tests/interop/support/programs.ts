import { readFileSync } from 'node:fs'
import { createProcesses } from '#build/start/processes.ts'

/** A program of another maker that runs for the length of the tests. */
export interface Program {
  readonly exited: Promise<number>
  /** What it said last, for the failure that follows. */
  output(): string
  /** Resolves once it listens on this port. */
  listening(protocol: 'tcp' | 'udp', port: number): Promise<void>
  stop(): Promise<void>
}

export interface Programs {
  start(name: string, args: readonly string[], options?: { cwd?: string }): Program
  /** Ends everything that was started, whatever state it is in. */
  stop(): Promise<void>
}

const upWithinMs = 15_000

export function createPrograms(): Programs {
  const processes = createProcesses(2_000)
  process.once('exit', processes.killAll)
  return {
    start(name, args, options) {
      const { child, exited } = processes.start(name, args, { ...options, stdio: ['ignore', 'pipe', 'pipe'] })
      let text = ''
      const collect = (chunk: Buffer) => {
        text = `${text}${chunk}`.slice(-8_000)
      }
      child.stdout?.on('data', collect)
      child.stderr?.on('data', collect)
      let code: number | undefined
      const ended = exited.then((exit) => {
        code = exit.code
        return exit.code
      })
      const output = () => text
      return {
        exited: ended,
        output,
        async listening(protocol, port) {
          const endsAt = performance.now() + upWithinMs
          while (!listens(protocol, port)) {
            if (code !== undefined || performance.now() > endsAt)
              throw new Error(`${name} does not listen on ${protocol} ${port}: ${text}`)
            await new Promise((resolve) => setTimeout(resolve, 20))
          }
        },
        async stop() {
          if (code === undefined) child.kill('SIGTERM')
          const late = setTimeout(() => child.kill('SIGKILL'), 2_000)
          await ended
          clearTimeout(late)
        },
      }
    },
    async stop() {
      await processes.endAll()
      process.removeListener('exit', processes.killAll)
    },
  }
}

/** Asks the kernel rather than the port: a connection would be a message to some of these programs. */
function listens(protocol: 'tcp' | 'udp', port: number): boolean {
  const wanted = `:${port.toString(16).toUpperCase().padStart(4, '0')}`
  return readFileSync(`/proc/net/${protocol}`, 'utf8')
    .split('\n')
    .some((line) => {
      const [, local = '', , state] = line.trim().split(/\s+/)
      return local.endsWith(wanted) && (protocol === 'udp' || state === '0A')
    })
}
