/* Runs in the desk page: how long its main thread was busy at a stretch. */

export interface Blocked {
  readonly forMs: number
  /** Every task of more than 50 ms, as Chromium names them. */
  readonly longTasksMs: readonly number[]
  /** Between two looks at the time that were as near to each other as could be, when that was 4 ms or more. */
  readonly stretchesMs: readonly number[]
}

declare global {
  interface Window {
    mainThread?: { stop(): Blocked }
  }
}

export function watchMainThread(): void {
  const begunAt = performance.now()
  const longTasksMs: number[] = []
  const stretchesMs: number[] = []
  const take = (entries: readonly PerformanceEntry[]) => {
    for (const { duration } of entries) longTasksMs.push(duration)
  }
  const observer = new PerformanceObserver((list) => take(list.getEntries()))
  observer.observe({ type: 'longtask' })
  const { port1, port2 } = new MessageChannel()
  let before = begunAt
  let timer: ReturnType<typeof setTimeout> | undefined
  // A message of its own at once, and the next look a moment later, so that looking is not what keeps it busy.
  port1.onmessage = () => {
    const tookMs = performance.now() - before
    if (tookMs >= 4) stretchesMs.push(tookMs)
    timer = setTimeout(look, 1)
  }
  const look = () => {
    before = performance.now()
    port2.postMessage(null)
  }
  look()
  window.mainThread = {
    stop() {
      take(observer.takeRecords())
      observer.disconnect()
      clearTimeout(timer)
      port1.close()
      return { forMs: performance.now() - begunAt, longTasksMs, stretchesMs }
    },
  }
}

export function stopWatching(): Blocked {
  const blocked = window.mainThread?.stop()
  if (blocked === undefined) throw new Error('nobody watches the main thread')
  return blocked
}
