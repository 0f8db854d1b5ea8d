import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { z } from 'zod'

/*
 * The ports of the last start, so that a desk that was left running, or comes back with its cache, finds council and
 * switchboard where they were.
 */

const port = z.number().int().min(1).max(65535)
const ports = z.object({ council: port, sip: port })

export type Ports = z.infer<typeof ports>

const fileOf = (dataFolder: string): string => join(dataFolder, 'ports.json')

/** Null on the first start, and when the file cannot be understood. */
export async function recallPorts(dataFolder: string): Promise<Ports | null> {
  try {
    return ports.parse(JSON.parse(await readFile(fileOf(dataFolder), 'utf8')))
  } catch {
    return null
  }
}

export async function rememberPorts(dataFolder: string, known: Ports): Promise<void> {
  await mkdir(dataFolder, { recursive: true })
  await writeFile(fileOf(dataFolder), `${JSON.stringify(known)}\n`)
}

/** The fixed port if one was asked for, else the remembered one unless another program took it; 0 for any. */
export async function choosePort(fixed: number | undefined, remembered: number | undefined): Promise<number> {
  if (fixed !== undefined) return fixed
  return remembered !== undefined && (await isFree(remembered)) ? remembered : 0
}

function isFree(wanted: number): Promise<boolean> {
  const probe = createServer()
  return new Promise((resolve) => {
    probe.once('error', () => resolve(false))
    probe.listen(wanted, '127.0.0.1', () => probe.close(() => resolve(true)))
  })
}
