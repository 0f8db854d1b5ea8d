/** An output that leads nowhere (W3C Web Audio API, AudioSinkOptions). Not yet in TypeScript's library. */
const nowhere: AudioContextOptions & { sinkId: { type: 'none' } } = { sinkId: { type: 'none' } }

/** For measuring and mixing: opens no loudspeaker, and so does not stop when one is pulled out. */
export function createSilentContext(): AudioContext {
  const context = new AudioContext(nowhere)
  void context.resume().catch(() => {})
  return context
}
