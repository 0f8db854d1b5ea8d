/** Milliseconds of sound in a frame. */
export const frameMs = 20
/** A process that was held up catches up this far and lets the rest go, as a telephone would. */
const catchUpFrames = 5

/** Calls `run` fifty times a second on average, however late timers fire. Returns the function that stops it. */
export function everyFrame(run: () => void): () => void {
  let next = performance.now() + frameMs
  let stopped = false
  let timer = setTimeout(tick, frameMs)

  function tick(): void {
    const now = performance.now()
    next = Math.max(next, now - catchUpFrames * frameMs)
    for (; next <= now && !stopped; next += frameMs) run()
    if (!stopped) timer = setTimeout(tick, Math.max(1, next - performance.now()))
  }

  return () => {
    stopped = true
    clearTimeout(timer)
  }
}
