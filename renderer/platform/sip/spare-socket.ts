import type { Cancel, Clock } from '#shared/kernel/clock.ts'

/** A connection opened beside the one in use, while that one is in doubt. */
export interface SpareSocket {
  /** Gives up one begun before. True once this one is open; false when it cannot be opened or is not wanted any more. */
  open(address: string): Promise<boolean>
  /** The open one, for whoever goes on with it; null when there is none. */
  take(): WebSocket | null
  close(): void
}

const openWithinMs = 5_000

export function createSpareSocket(clock: Clock): SpareSocket {
  let spare: { readonly socket: WebSocket; readonly settle: (isOpen: boolean) => void } | null = null

  function close(): void {
    const { socket, settle } = spare ?? {}
    spare = null
    settle?.(false)
    socket?.close(1000)
  }

  return {
    open(address) {
      close()
      return new Promise((resolve) => {
        let tooLong: Cancel = () => {}
        const settle = (isOpen: boolean) => {
          tooLong()
          resolve(isOpen)
        }
        try {
          const socket = new WebSocket(address, 'sip')
          const mine = { socket, settle }
          spare = mine
          const gone = () => {
            if (spare === mine) close()
          }
          socket.binaryType = 'arraybuffer'
          socket.onopen = () => settle(true)
          socket.onclose = gone
          tooLong = clock.after(openWithinMs, gone)
        } catch {
          settle(false)
        }
      })
    },
    take() {
      if (spare?.socket.readyState !== WebSocket.OPEN) return null
      const { socket } = spare
      spare = null
      return socket
    },
    close,
  }
}
