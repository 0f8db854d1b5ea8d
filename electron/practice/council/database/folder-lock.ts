import { createHash } from 'node:crypto'
import { mkdir, realpath, rm } from 'node:fs/promises'
import { connect, createServer, type Server } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'

export interface FolderLock {
  release(): Promise<void>
}

/**
 * Makes this process the only one that opens the folder's database: PGlite does not look, and two processes would
 * destroy each other's pages. A killed process leaves nothing behind that counts, because what is held is a
 * listening socket and not a file with a process id in it. Waits for up to `patienceMs`, since the process before
 * may still be on its way out.
 */
export async function lockFolder(folder: string, patienceMs = 10_000): Promise<FolderLock> {
  await mkdir(folder, { recursive: true })
  const path = socketPath(await realpath(folder))
  const stopAt = performance.now() + patienceMs
  for (;;) {
    const server = await tryListen(path)
    if (server) return { release: () => close(server) }
    if (performance.now() > stopAt) throw new Error('council/database-in-use')
    if (leavesFile && !(await answers(path))) await rm(path, { force: true })
    else await delay(50)
  }
}

/** Pipes of Windows and Linux's abstract sockets go with their process; elsewhere a socket is a file that stays. */
const leavesFile = process.platform !== 'win32' && process.platform !== 'linux'

function socketPath(folder: string): string {
  const name = `adviser-desktop-${createHash('sha256').update(folder).digest('hex').slice(0, 24)}`
  if (process.platform === 'win32') return `\\\\.\\pipe\\${name}`
  return leavesFile ? join(tmpdir(), `${name}.sock`) : `\0${name}`
}

function tryListen(path: string): Promise<Server | undefined> {
  return new Promise((resolve, reject) => {
    const server = createServer((socket) => socket.destroy())
    server.unref()
    server.once('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EADDRINUSE') resolve(undefined)
      else reject(error)
    })
    server.listen(path, () => resolve(server))
  })
}

function answers(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(path)
    socket.once('connect', () => {
      socket.destroy()
      resolve(true)
    })
    socket.once('error', () => resolve(false))
  })
}

const close = (server: Server) => new Promise<void>((resolve) => server.close(() => resolve()))
