import type { AddressInfo } from 'node:net'
import { connect, createServer, type Socket } from 'node:net'

/** The network between the desk and the switchboard, to be cut. */
export interface Cable {
  readonly url: string
  /** Breaks every connection, and lets none through until `mend`. */
  cut(): void
  mend(): void
  close(): Promise<void>
}

export async function layCable(to: string): Promise<Cable> {
  const { port, protocol } = new URL(to)
  const ends = new Set<Socket>()
  let whole = true
  const server = createServer((near) => {
    if (!whole) {
      near.destroy()
      return
    }
    const far = connect(Number(port), '127.0.0.1')
    for (const [one, other] of [
      [near, far],
      [far, near],
    ] as const) {
      ends.add(one)
      one.on('error', () => {})
      one.on('close', () => {
        ends.delete(one)
        other.destroy()
      })
      one.pipe(other)
    }
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `${protocol}//127.0.0.1:${(server.address() as AddressInfo).port}`,
    cut() {
      whole = false
      for (const end of ends) end.destroy()
    },
    mend() {
      whole = true
    },
    async close() {
      for (const end of ends) end.destroy()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
