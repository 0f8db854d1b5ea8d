import type { CDPSession, Page } from 'playwright-core'

/** Megabytes of heap and of buffers that a page's only worker holds, after its garbage was collected. */
export async function workerMegabytes(page: Page): Promise<number> {
  const devTools = await page.context().newCDPSession(page)
  try {
    const attached = new Promise<string>((resolve) => {
      devTools.once('Target.attachedToTarget', ({ sessionId }) => resolve(sessionId))
    })
    // Without flattened sessions Playwright does not take the worker's messages for its own.
    await devTools.send('Target.setAutoAttach', {
      autoAttach: true,
      waitForDebuggerOnStart: false,
      flatten: false,
    })
    const worker = await attached
    await ask(devTools, worker, 1, 'HeapProfiler.collectGarbage')
    const { usedSize = 0, backingStorageSize = 0 } = await ask(devTools, worker, 2, 'Runtime.getHeapUsage')
    return (usedSize + backingStorageSize) / 1e6
  } finally {
    await devTools.detach()
  }
}

async function ask(
  devTools: CDPSession,
  sessionId: string,
  id: number,
  method: string,
): Promise<Readonly<Record<string, number>>> {
  const answered = new Promise<Readonly<Record<string, number>>>((resolve, reject) => {
    devTools.on('Target.receivedMessageFromTarget', (received) => {
      const answer = JSON.parse(received.message)
      if (received.sessionId !== sessionId || answer.id !== id) return
      if (answer.error) reject(new Error(answer.error.message))
      else resolve(answer.result)
    })
  })
  await devTools.send('Target.sendMessageToTarget', { sessionId, message: JSON.stringify({ id, method }) })
  return answered
}
