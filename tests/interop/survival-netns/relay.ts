import { type AddressInfo, connect, createServer, type Socket } from 'node:net'

/** Carries WebSockets from another address to a switchboard on loopback. */
export interface Relay {
  readonly port: number
  /** Ends every connection without a closing handshake. */
  cut(): void
  close(): Promise<void>
}

/** The pages come from elsewhere than the product's own, so the Origin they say is put right on the way. */
export async function openRelay(host: string, target: () => number, origin: string): Promise<Relay> {
  const sockets = new Set<Socket>()
  const server = createServer((near) => {
    const far = connect(target(), '127.0.0.1')
    sockets.add(near)
    let isFirst = true
    near.on('data', (data) => {
      far.write(
        isFirst ? data.toString('latin1').replace(/^Origin: .*$/im, `Origin: ${origin}`) : data,
        'latin1',
      )
      isFirst = false
    })
    far.on('data', (data) => near.write(data))
    for (const [one, other] of [
      [near, far],
      [far, near],
    ] as const) {
      one.on('error', () => {})
      one.on('close', () => {
        sockets.delete(one)
        other.destroy()
      })
    }
  })
  await new Promise<void>((resolve) => server.listen(0, host, resolve))
  return {
    port: (server.address() as AddressInfo).port,
    cut() {
      for (const socket of sockets) socket.destroy()
    },
    async close() {
      for (const socket of sockets) socket.destroy()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
