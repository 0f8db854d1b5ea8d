/* The sound of the far ends: a tone out, and the figures of what comes in. Its signalling is the test's. */

export interface Heard {
  readonly packets: number
  /** Squared samples × seconds since the call began. */
  readonly energy: number
}

declare global {
  interface Window {
    far: ReturnType<typeof createFar>
  }
}

window.far = createFar()

function createFar() {
  const connections = new Map<string, RTCPeerConnection>()
  const tonesHz = new Map<string, number>()
  const ears = new Map<string, AnalyserNode>()
  const context = new AudioContext()

  function connectionOf(id: string): RTCPeerConnection {
    const known = connections.get(id)
    if (known) return known
    const connection = new RTCPeerConnection({ iceServers: [] })
    const oscillator = context.createOscillator()
    oscillator.frequency.value = tonesHz.get(id) ?? 440
    const destination = context.createMediaStreamDestination()
    oscillator.connect(destination)
    oscillator.start()
    for (const track of destination.stream.getTracks()) connection.addTrack(track, destination.stream)
    connection.ontrack = ({ streams, track }) => {
      const element = document.createElement('audio')
      element.autoplay = true
      element.srcObject = streams[0] ?? new MediaStream([track])
      document.body.append(element)
      const ear = context.createAnalyser()
      ear.fftSize = 16_384
      ear.smoothingTimeConstant = 0
      context.createMediaStreamSource(new MediaStream([track])).connect(ear)
      ears.set(id, ear)
    }
    connections.set(id, connection)
    return connection
  }

  async function gathered(connection: RTCPeerConnection): Promise<string> {
    if (connection.iceGatheringState !== 'complete') {
      await new Promise<void>((resolve) => {
        connection.addEventListener('icegatheringstatechange', () => {
          if (connection.iceGatheringState === 'complete') resolve()
        })
      })
    }
    return connection.localDescription?.sdp ?? ''
  }

  return {
    async offer(id: string, direction: RTCRtpTransceiverDirection = 'sendrecv'): Promise<string> {
      await context.resume()
      const connection = connectionOf(id)
      for (const transceiver of connection.getTransceivers()) transceiver.direction = direction
      await connection.setLocalDescription(await connection.createOffer())
      return gathered(connection)
    },
    async accept(id: string, sdp: string): Promise<void> {
      await connectionOf(id).setRemoteDescription({ type: 'answer', sdp })
    },
    async answer(id: string, sdp: string): Promise<string> {
      await context.resume()
      const connection = connectionOf(id)
      await connection.setRemoteDescription({ type: 'offer', sdp })
      await connection.setLocalDescription(await connection.createAnswer())
      return gathered(connection)
    },
    /** Chooses the tone that a far end sends; to be called before its connection begins. */
    tone(id: string, hz: number): void {
      tonesHz.set(id, hz)
    },
    /** How loud a tone is in what a far end hears just now, in decibels of full scale. */
    loudness(id: string, hz: number): number {
      const ear = ears.get(id)
      if (ear === undefined) return Number.NEGATIVE_INFINITY
      const bins = new Float32Array(ear.frequencyBinCount)
      ear.getFloatFrequencyData(bins)
      const middle = Math.round((hz * ear.fftSize) / context.sampleRate)
      return Math.max(...bins.subarray(middle - 2, middle + 3))
    },
    async heard(id: string): Promise<Heard> {
      let packets = 0
      let energy = 0
      const report = await connectionOf(id).getStats()
      report.forEach((figures: { type: string; packetsReceived?: number; totalAudioEnergy?: number }) => {
        if (figures.type !== 'inbound-rtp') return
        packets += figures.packetsReceived ?? 0
        energy += figures.totalAudioEnergy ?? 0
      })
      return { packets, energy }
    },
    reset(): void {
      for (const connection of connections.values()) connection.close()
      connections.clear()
      ears.clear()
      document.body.replaceChildren()
    },
  }
}
