import { createServer, type IncomingMessage, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Duplex } from 'node:stream'
import { type WebSocket, WebSocketServer } from 'ws'
import type { Log } from '#shared/kernel/log.ts'

/* SIP over WebSocket (RFC 7118): who may connect, how much they may send, and a network that can be cut. */

export interface Connection {
  readonly id: number
  /** Residents come over the trunk, as calls from the public network would; desks come from the office network. */
  readonly side: 'desk' | 'trunk'
  /** The account that registered over this connection. */
  account: string | null
  readonly isOpen: boolean
  send(text: string): void
}

export interface Connections {
  readonly port: number
  /** Stops listening and destroys every desk connection without a closing handshake, as a pulled cable would. */
  cut(): void
  /** Listens again on the same port. */
  restore(): Promise<void>
  stop(): Promise<void>
}

export interface ConnectionsOptions {
  readonly host: string
  /** 0 takes a free one. */
  readonly port: number
  /** Secret path of the trunk. */
  readonly trunkPath: string
  readonly log: Log
  onMessage(connection: Connection, text: string): void
  onClosed(connection: Connection): void
}

/** Far above any call's messages; the parser never sees more (one line of 1 MB can cost seconds). */
export const maxMessageBytes = 64 * 1024

const allowedOrigins = new Set(['app://bundle', 'https://bundle.app.internal'])

export async function openConnections(options: ConnectionsOptions): Promise<Connections> {
  const { host, trunkPath, log, onMessage, onClosed } = options
  const sockets = new Map<Connection, WebSocket>()
  const raw = new Map<Connection, Duplex>()
  const webSockets = new WebSocketServer({
    noServer: true,
    maxPayload: maxMessageBytes,
    perMessageDeflate: false,
    handleProtocols: (offered) => (offered.has('sip') ? 'sip' : false),
  })
  let nextId = 1
  let server = await listen(options.port)
  const { port } = server.address() as AddressInfo

  async function listen(onPort: number): Promise<Server> {
    const made = createServer((_request, response) => {
      response.writeHead(426, { 'Content-Type': 'text/plain', Upgrade: 'websocket' })
      response.end('SIP over WebSocket (RFC 7118)\n')
    })
    made.on('upgrade', upgrade)
    await new Promise<void>((resolve, reject) => {
      made.once('error', reject)
      made.listen(onPort, host, () => {
        made.off('error', reject)
        resolve()
      })
    })
    return made
  }

  function upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    const path = (request.url ?? '/').split('?')[0] ?? '/'
    const refusal = refusalOf(request, [trunkPath, '/'].includes(path))
    if (refusal !== null) {
      log.info('switchboard/connection-refused', { refusal })
      socket.end(`HTTP/1.1 ${refusal}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`)
      return
    }
    webSockets.handleUpgrade(request, socket, head, (webSocket) =>
      accept(webSocket, socket, path === trunkPath ? 'trunk' : 'desk'),
    )
  }

  function accept(webSocket: WebSocket, socket: Duplex, side: Connection['side']): void {
    const connection: Connection = {
      id: nextId++,
      side,
      account: null,
      get isOpen() {
        return webSocket.readyState === webSocket.OPEN
      },
      send(text) {
        if (webSocket.readyState === webSocket.OPEN) webSocket.send(text)
      },
    }
    sockets.set(connection, webSocket)
    raw.set(connection, socket)
    log.info('switchboard/connected', { connection: connection.id, side })
    webSocket.on('message', (data) => {
      const text = data.toString()
      if (/^[\r\n]*$/.test(text)) {
        // RFC 5626 §4.4.1: a double CRLF is a ping, a single one the answer to it.
        if (text === '\r\n\r\n') connection.send('\r\n')
        return
      }
      onMessage(connection, text)
    })
    webSocket.on('error', (error) => {
      const code = 'code' in error ? String(error.code) : error.name
      log.info('switchboard/connection-error', { connection: connection.id, code })
    })
    webSocket.on('close', (code) => {
      sockets.delete(connection)
      raw.delete(connection)
      log.info('switchboard/disconnected', { connection: connection.id, side, code })
      onClosed(connection)
    })
  }

  const closed = (which: Server): Promise<void> =>
    new Promise((resolve) => {
      which.close(() => resolve())
      which.closeAllConnections()
    })

  const destroy = (matches: (connection: Connection) => boolean): void => {
    for (const [connection, socket] of raw) if (matches(connection)) socket.destroy()
  }

  return {
    port,
    cut() {
      // Listening ends at once; the call-back would wait for the trunk's connections, which stay.
      server.close()
      destroy(({ side }) => side === 'desk')
    },
    async restore() {
      if (!server.listening) server = await listen(port)
    },
    async stop() {
      destroy(() => true)
      await closed(server)
      webSockets.close()
    },
  }
}

function refusalOf({ headers }: IncomingMessage, isKnownPath: boolean): string | null {
  if (headers.origin !== undefined && !allowedOrigins.has(headers.origin)) return '403 Forbidden'
  const offered = (headers['sec-websocket-protocol'] ?? '').split(',').map((each) => each.trim())
  if (!offered.includes('sip')) return '400 Bad Request'
  return isKnownPath ? null : '404 Not Found'
}
