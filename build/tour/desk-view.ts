import { setTimeout as delay } from 'node:timers/promises'
import type { Page } from '@playwright/test'
import { type PhoneSnapshot, phoneChannelName } from '#shared/contract/phone.ts'

const lookEveryMs = 50

/** The phone page's snapshot, asked for over the same channel that the desk uses. */
export async function phoneSnapshot(desk: Page): Promise<PhoneSnapshot> {
  return desk.evaluate(
    (name) =>
      new Promise<PhoneSnapshot>((resolve, reject) => {
        const channel = new BroadcastChannel(name)
        const timer = setTimeout(() => reject(new Error('the phone page does not answer')), 5_000)
        channel.onmessage = ({ data }) => {
          if (data.type !== 'snapshot') return
          clearTimeout(timer)
          channel.close()
          resolve(data.snapshot)
        }
        channel.postMessage({ type: 'snapshot-wanted' })
      }),
    phoneChannelName,
  )
}

/** Waits until the phone's snapshot is as wanted, and answers with it. Throws with the last one's states. */
export async function phoneUntil(
  desk: Page,
  wanted: (snapshot: PhoneSnapshot) => boolean,
  what: string,
  withinMs: number,
): Promise<PhoneSnapshot> {
  const endsAt = performance.now() + withinMs
  for (;;) {
    const snapshot = await phoneSnapshot(desk)
    if (wanted(snapshot)) return snapshot
    if (performance.now() > endsAt) {
      const states = snapshot.lines.map(
        (line) => `${line.state.name} ${line.signalling} ${JSON.stringify(line.sound)}`,
      )
      throw new Error(
        `${what}: not within ${withinMs} ms; registration ${snapshot.registration.name}, lines ${states}`,
      )
    }
    await delay(lookEveryMs)
  }
}

/**
 * Notes when something is first on the screen, by the clock of the page, which the phone page shares.
 * Answers with a function that waits for that time. Texts are matched in what the element shows.
 */
export async function whenShown(desk: Page, selector: string, text = ''): Promise<() => Promise<number>> {
  const seen = await desk.evaluateHandle(
    ([wantedSelector, wantedText]) => {
      const isShown = () =>
        [...document.querySelectorAll<HTMLElement>(wantedSelector)].some(
          (element) => element.offsetParent !== null && element.textContent.includes(wantedText),
        )
      const shown = new Promise<number>((resolve) => {
        const look = () => {
          if (isShown()) resolve(Date.now())
          else requestAnimationFrame(look)
        }
        look()
      })
      return { shown }
    },
    [selector, text] as const,
  )
  return () => seen.evaluate(({ shown }) => shown)
}
