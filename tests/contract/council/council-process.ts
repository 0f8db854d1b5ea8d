import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import type { DatabasePlace } from '#electron/practice/council/database/open-database.ts'
import { tokenResponse } from '#shared/contract/rest.ts'
import { type Desk, deskOf, passwordForm, postForm } from './running-council.ts'

/** A council in a process of its own, to be killed. */
export interface CouncilProcess {
  /** Fulfilled with the first line that begins so; `http` is its address. */
  line(beginning: string): Promise<string>
  kill(): Promise<void>
}

export function startCouncilProcess(database: DatabasePlace): CouncilProcess {
  const child = spawn(
    process.execPath,
    [join(import.meta.dirname, 'council-child.ts'), JSON.stringify(database)],
    { stdio: ['pipe', 'pipe', 'inherit'] },
  )
  const exited = once(child, 'exit')
  const lines: string[] = []
  const reader = createInterface({ input: child.stdout })
  reader.on('line', (line) => lines.push(line))
  return {
    kill: async () => {
      child.kill('SIGKILL')
      await exited
    },
    line: async (beginning) => {
      for (;;) {
        const found = lines.find((line) => line.startsWith(beginning))
        if (found !== undefined) return found
        const ended = await Promise.race([once(reader, 'line'), exited.then(() => 'ended')])
        if (ended === 'ended') throw new Error('the council ended')
      }
    },
  }
}

export async function signInAt(url: string, username = 'sam.practice'): Promise<Desk> {
  const answer = await postForm(`${url}/oauth/token`, passwordForm(username))
  return deskOf(url, tokenResponse.parse(await answer.json()))
}
