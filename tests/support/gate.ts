import { createServer, connect as dial, type Socket } from 'node:net'

/** A door on the way to a service: shut, it drops what is open and lets nobody in. */
export interface Gate {
  readonly url: string
  set(open: boolean): void
  stop(): Promise<void>
}

export async function startGate(serviceUrl: string): Promise<Gate> {
  const { hostname, port } = new URL(serviceUrl)
  const sockets = new Set<Socket>()
  let isOpen = true
  const keep = (socket: Socket) => {
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket))
    // Whoever was cut off says so; that is what a shut gate is for.
    socket.on('error', () => socket.destroy())
  }
  const server = createServer((socket) => {
    keep(socket)
    if (!isOpen) {
      socket.destroy()
      return
    }
    const through = dial(Number(port), hostname)
    keep(through)
    socket.pipe(through).pipe(socket)
    socket.on('close', () => through.destroy())
    through.on('close', () => socket.destroy())
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('the gate has no port')
  const cut = () => {
    for (const socket of sockets) socket.destroy()
  }
  return {
    url: `http://127.0.0.1:${address.port}`,
    set(open) {
      isOpen = open
      if (!open) cut()
    },
    stop() {
      cut()
      return new Promise((resolve) => server.close(() => resolve()))
    },
  }
}
