/* The sound of the far ends, with one tone for all: nothing of it grows with the number of calls. */
import type {} from '../instrumentation.ts'

declare global {
  interface Window {
    farEnd: ReturnType<typeof createFarEnd>
  }
}

window.farEnd = createFarEnd()

function createFarEnd() {
  const context = new AudioContext()
  const destination = context.createMediaStreamDestination()
  const oscillator = context.createOscillator()
  oscillator.connect(destination)
  oscillator.start()
  let current: RTCPeerConnection | null = null

  function made(): RTCPeerConnection {
    current?.close()
    current = new RTCPeerConnection({ iceServers: [] })
    for (const track of destination.stream.getTracks()) current.addTrack(track, destination.stream)
    return current
  }

  async function described(connection: RTCPeerConnection): Promise<string> {
    while (connection.iceGatheringState !== 'complete') {
      await new Promise((resolve) => {
        connection.addEventListener('icegatheringstatechange', resolve, { once: true })
      })
    }
    return connection.localDescription?.sdp ?? ''
  }

  return {
    async offer(): Promise<string> {
      await context.resume()
      const connection = made()
      await connection.setLocalDescription(await connection.createOffer())
      return described(connection)
    },
    async accept(sdp: string): Promise<void> {
      await current?.setRemoteDescription({ type: 'answer', sdp })
    },
    /** Answers a first offer on a new connection, a later one of the same call on the one there is. */
    async answer(sdp: string, isFirst: boolean): Promise<string> {
      await context.resume()
      const connection = isFirst || current === null ? made() : current
      await connection.setRemoteDescription({ type: 'offer', sdp })
      await connection.setLocalDescription(await connection.createAnswer())
      return described(connection)
    },
    close(): void {
      current?.close()
      current = null
    },
  }
}
