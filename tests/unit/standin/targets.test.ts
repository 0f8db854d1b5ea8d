import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import type { CdpConnection } from '#build/standin/cdp.ts'
import { Targets } from '#build/standin/targets.ts'

const bounds = { x: 0, y: 0, width: 900, height: 700 }

/** Chromium as the runtime sees it: what was sent to it, and a way to tell of a page. */
function fakeChromium() {
  const listeners = new Map<string, (event: unknown) => void>()
  const closed: string[] = []
  const browser = {
    on: (name: string, listener: (event: unknown) => void) => listeners.set(name, listener),
    send: async (method: string, params?: { targetId?: string }) => {
      if (method === 'Target.closeTarget') closed.push(params?.targetId ?? '')
      return {}
    },
  }
  const session = (sessionId: string) => ({ sessionId, send: async () => ({}) })
  const attach = (targetId: string, url: string, openerId?: string) =>
    listeners.get('Target.attachedToTarget')?.({
      sessionId: targetId,
      targetInfo: { type: 'page', targetId, url, ...(openerId ? { openerId } : {}) },
    })
  return { connection: { browser, session } as unknown as CdpConnection, attach, closed }
}

beforeEach(() => vi.useFakeTimers())
afterEach(() => vi.useRealTimers())

it('asks again for a window on the screen that does not come, and refuses it when it comes late', async () => {
  const { connection, attach, closed } = fakeChromium()
  const asked: string[] = []
  const targets = new Targets(connection, (url) => asked.push(url))
  const opened = targets.open(bounds)
  await vi.advanceTimersByTimeAsync(7_000)
  expect(asked).toHaveLength(2)

  attach('second', asked[1] ?? '')
  await expect(opened).resolves.toMatchObject({ targetId: 'second' })
  attach('first', asked[0] ?? '')
  expect(closed).toEqual(['first'])
  await vi.advanceTimersByTimeAsync(60_000)
  expect(asked).toHaveLength(2)
})

it('takes a page seen before it has its address for the window asked for, and never a popup', async () => {
  const { connection, attach, closed } = fakeChromium()
  const targets = new Targets(connection, () => {})
  const opened = targets.open(bounds)
  attach('popup', '', 'desk')
  attach('window', '')
  await expect(opened).resolves.toMatchObject({ targetId: 'window' })
  expect(closed).toEqual(['popup'])
})
