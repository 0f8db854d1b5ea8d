/*
 * What every measured page gets before its own code, ours and the contenders' alike: the time at which INVITEs come out
 * of the socket, and the connections and tracks that were made, to ask them later whether they were given back.
 */

declare global {
  interface Window {
    edge: Edge
  }
}

export interface Edge {
  /** When the last INVITE without a To tag came out of a socket, milliseconds since 1970. */
  invitedAt: number
  /** Of every connection made and not yet collected. */
  connections(): RTCPeerConnection[]
  made: { connections: number; tracks: number }
  /** The tracks not yet collected that still run, by who made them. */
  liveTracks(): number
  /** Lets go of what is known of connections and tracks that were collected. */
  forget(): void
  /** When the first RTP packet arrives at the newest connection made after this call. */
  firstRtp(): Promise<number>
}

export const instrumentation = `(${install.toString()})()`

function install(): void {
  const connections: WeakRef<RTCPeerConnection>[] = []
  const tracks: WeakRef<MediaStreamTrack>[] = []
  const now = () => performance.timeOrigin + performance.now()

  const NativeConnection = window.RTCPeerConnection
  window.RTCPeerConnection = class extends NativeConnection {
    constructor(configuration?: RTCConfiguration) {
      super(configuration)
      window.edge.made.connections += 1
      connections.push(new WeakRef(this))
    }
  }

  const NativeSocket = window.WebSocket
  window.WebSocket = class extends NativeSocket {
    constructor(url: string | URL, protocols?: string | string[]) {
      super(url, protocols)
      this.addEventListener('message', (event: MessageEvent<unknown>) => {
        const text =
          event.data instanceof ArrayBuffer ? new TextDecoder().decode(event.data) : String(event.data)
        if (text.startsWith('INVITE ') && !/^To:[^\r\n]*;tag=/im.test(text)) window.edge.invitedAt = now()
      })
    }
  }

  const note = (track: MediaStreamTrack) => {
    window.edge.made.tracks += 1
    tracks.push(new WeakRef(track))
    return track
  }
  const clone = MediaStreamTrack.prototype.clone
  MediaStreamTrack.prototype.clone = function (this: MediaStreamTrack) {
    return note(clone.call(this))
  }
  const devices = navigator.mediaDevices
  const open = devices?.getUserMedia.bind(devices)
  if (open !== undefined) {
    devices.getUserMedia = async (constraints) => {
      const stream = await open(constraints)
      for (const track of stream.getTracks()) note(track)
      return stream
    }
  }

  window.edge = {
    invitedAt: 0,
    made: { connections: 0, tracks: 0 },
    connections: () => connections.flatMap((each) => each.deref() ?? []),
    liveTracks: () => tracks.filter((each) => each.deref()?.readyState === 'live').length,
    forget() {
      for (const known of [connections, tracks]) {
        const left = known.filter((each: WeakRef<object>) => each.deref() !== undefined)
        known.splice(0, known.length, ...(left as never[]))
      }
    },
    firstRtp() {
      const before = window.edge.made.connections
      // Statistics are made anew only every 50 ms, by a clock of their own: what they say of the past is more exact.
      let theirClockIsBehind = Number.POSITIVE_INFINITY
      const packetEveryMs = 20
      return new Promise((resolve) => {
        const look = async () => {
          const newest = window.edge.made.connections > before ? connections.at(-1)?.deref() : undefined
          if (newest !== undefined && newest.signalingState !== 'closed') {
            for (const figures of (await newest.getStats()).values()) {
              theirClockIsBehind = Math.min(theirClockIsBehind, now() - figures.timestamp)
              if (figures.type !== 'inbound-rtp' || !(figures.packetsReceived > 0)) continue
              const since = (figures.packetsReceived - 1) * packetEveryMs
              return resolve(figures.lastPacketReceivedTimestamp + theirClockIsBehind - since)
            }
          }
          setTimeout(look, 4)
        }
        void look()
      })
    },
  }
}
