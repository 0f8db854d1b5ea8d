import { readFileSync } from 'node:fs'
import { z } from 'zod'
import type { Log } from '#shared/kernel/log.ts'
import { errorCode, writeDurably } from '../durable-file.ts'

const remembered = z.object({
  bounds: z
    .object({ x: z.number(), y: z.number(), width: z.number().positive(), height: z.number().positive() })
    .optional(),
  isMaximized: z.boolean().optional(),
  theme: z.enum(['system', 'light', 'dark']).optional(),
})

/** How the desk window was left. Losing it costs nothing but a drag of the mouse. */
export type Remembered = z.infer<typeof remembered>

export interface DeskMemory {
  get(): Remembered
  /** Changes the named things, now for this run and soon on the disk. */
  set(change: Partial<Remembered>): void
  flush(): Promise<void>
}

export function createDeskMemory(file: string, log: Log): DeskMemory {
  let value = load(file)
  let lastWrite: Promise<void> = Promise.resolve()
  let isWriteWaiting = false

  async function write(): Promise<void> {
    isWriteWaiting = false
    try {
      await writeDurably(file, JSON.stringify(value))
    } catch (error) {
      log.error('desk/not-remembered', { error: errorCode(error) })
    }
  }

  return {
    get: () => value,
    set: (change) => {
      value = { ...value, ...change }
      if (isWriteWaiting) return
      isWriteWaiting = true
      lastWrite = lastWrite.then(write)
    },
    flush: () => lastWrite,
  }
}

function load(file: string): Remembered {
  try {
    return remembered.parse(JSON.parse(readFileSync(file, 'utf8')))
  } catch {
    return {}
  }
}
