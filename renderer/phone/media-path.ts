import type { Measurement } from '#shared/calls/readiness-check.ts'
import type { IceServer } from '#shared/contract/rest.ts'

type MediaPath = Extract<Measurement, { item: 'media-path' }>

/**
 * Whether sound could leave this machine: two connections to each other through the ICE servers that calls use. Stops
 * as soon as they are connected and, where one is wanted, a relay has given an address, or when the time is up.
 */
export async function measureMediaPath(servers: readonly IceServer[], withinMs: number): Promise<MediaPath> {
  const configuration: RTCConfiguration = { iceServers: servers.map(asRtcIceServer) }
  const here = new RTCPeerConnection(configuration)
  const there = new RTCPeerConnection(configuration)
  const relayWanted = servers.some(({ urls }) => urls.some((url) => /^turns?:/i.test(url)))
  // By itself: a connection that has found a way between here and there asks no relay for another.
  const relayed = relayWanted
    ? new RTCPeerConnection({ ...configuration, iceTransportPolicy: 'relay' })
    : null
  const found = { candidates: 0, relayFound: false, connected: false }
  try {
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, withinMs)
      const look = () => {
        if (!found.connected || (relayWanted && !found.relayFound)) return
        clearTimeout(timer)
        resolve()
      }
      const introduce = (from: RTCPeerConnection, to: RTCPeerConnection) => {
        from.onicecandidate = ({ candidate }) => {
          if (candidate === null || candidate.candidate === '') return
          if (from === here) found.candidates += 1
          to.addIceCandidate(candidate).catch(() => {})
          look()
        }
      }
      introduce(here, there)
      introduce(there, here)
      // Both: Chromium never lets go of a connection that is closed while a change of its state is still to be told.
      here.onconnectionstatechange = there.onconnectionstatechange = () => {
        found.connected ||= [here, there].every(({ connectionState }) => connectionState === 'connected')
        look()
      }
      connect(here, there).catch(() => {})
      if (relayed === null) return
      relayed.onicecandidate = ({ candidate }) => {
        found.relayFound ||= candidate?.type === 'relay'
        look()
      }
      relayed.createDataChannel('check')
      relayed.setLocalDescription().catch(() => {})
    })
  } finally {
    for (const each of [here, there, relayed]) each?.close()
  }
  return { item: 'media-path', relayWanted, ...found }
}

async function connect(here: RTCPeerConnection, there: RTCPeerConnection): Promise<void> {
  here.createDataChannel('check')
  await here.setLocalDescription()
  await there.setRemoteDescription(here.localDescription ?? { type: 'offer', sdp: '' })
  await there.setLocalDescription()
  await here.setRemoteDescription(there.localDescription ?? { type: 'answer', sdp: '' })
}

function asRtcIceServer({ urls, username, credential }: IceServer): RTCIceServer {
  return {
    urls,
    ...(username === undefined ? {} : { username }),
    ...(credential === undefined ? {} : { credential }),
  }
}
