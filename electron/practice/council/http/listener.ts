import { createServer, type IncomingMessage, type Server } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import { getRequestListener } from '@hono/node-server'

/** An HTTP address that can be cut off and restored, as a network does. */
export interface Listener {
  readonly port: number
  /** Stops listening and destroys every connection; what is being worked on goes on, its answer is lost. */
  cut(): Promise<void>
  /** Listens again on the same port. */
  restore(): Promise<void>
  /** Cuts and waits for what is being worked on. */
  stop(): Promise<void>
}

/**
 * Longer than a desk's usual pause between two saves: with Node's five seconds every save opens a connection, or meets the
 * end of one that is just being closed.
 */
const idleConnectionMs = 120_000

type Fetch = (request: Request, env: { incoming: IncomingMessage }) => Response | Promise<Response>

export async function listen(fetch: Fetch, host: string, wantedPort: number): Promise<Listener> {
  const working = new Set<Promise<unknown>>()
  const handler = getRequestListener((request, { incoming }) => {
    const response = Promise.resolve(fetch(request, { incoming: incoming as IncomingMessage }))
    working.add(response)
    const done = () => working.delete(response)
    response.then(done, done)
    return response
  })

  let line: Line | undefined = await open(handler, host, wantedPort)
  const port = line.port
  const cut = async () => {
    const closing = line
    line = undefined
    await closing?.close()
  }
  return {
    port,
    cut,
    restore: async () => {
      line ??= await open(handler, host, port)
    },
    stop: async () => {
      await cut()
      await Promise.allSettled(working)
    },
  }
}

interface Line {
  readonly port: number
  close(): Promise<void>
}

function open(handler: ReturnType<typeof getRequestListener>, host: string, port: number): Promise<Line> {
  const sockets = new Set<Socket>()
  const server: Server = createServer({ keepAliveTimeout: idleConnectionMs }, handler)
  server.on('connection', (socket: Socket) => {
    sockets.add(socket)
    socket.once('close', () => sockets.delete(socket))
  })
  const close = () =>
    new Promise<void>((resolve) => {
      server.close(() => resolve())
      for (const socket of sockets) socket.destroy()
    })
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, host, () => {
      server.off('error', reject)
      resolve({ port: (server.address() as AddressInfo).port, close })
    })
  })
}
