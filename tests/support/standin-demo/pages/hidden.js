// A call between two peers in this page, with the fake microphone's beeps as the voice.
globalThis.callAndMeasure = async () => {
  const stream = await navigator.mediaDevices.getUserMedia({ audio: true })
  const caller = new RTCPeerConnection()
  const callee = new RTCPeerConnection()
  caller.onicecandidate = ({ candidate }) => candidate && callee.addIceCandidate(candidate)
  callee.onicecandidate = ({ candidate }) => candidate && caller.addIceCandidate(candidate)
  for (const track of stream.getTracks()) caller.addTrack(track, stream)
  const received = new Promise((resolve) => {
    callee.ontrack = ({ track }) => resolve(track)
  })
  await caller.setLocalDescription()
  await callee.setRemoteDescription(caller.localDescription)
  await callee.setLocalDescription()
  await caller.setRemoteDescription(callee.localDescription)
  const track = await received
  // Chromium decodes what somebody listens to.
  const ear = new Audio()
  ear.srcObject = new MediaStream([track])
  await ear.play()
  const energyNow = async () => {
    for (const report of (await callee.getStats(track)).values()) {
      if (report.type === 'inbound-rtp') return report.totalAudioEnergy
    }
    return 0
  }
  const deadline = performance.now() + 8_000
  while ((await energyNow()) < 0.001 && performance.now() < deadline) {
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
  const energy = await energyNow()
  caller.close()
  callee.close()
  for (const used of stream.getTracks()) used.stop()
  return energy
}
