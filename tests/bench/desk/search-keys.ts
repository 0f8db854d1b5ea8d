import type { Page } from '@playwright/test'

/** Typed letter by letter; from the second on every letter asks. */
const texts = ['okafor', 'elm road', 'potholes', 'nia penrose', 'blocked drain', 'WST-2026-0001', '07000']
/** Not counted: code is compiled in the first. */
const warmUpTexts = ['pryce', 'council tax']

/** Milliseconds from each key to the frame after the last that changed in the dialog. */
export async function keysToLists(page: Page): Promise<readonly number[]> {
  const samples: number[] = []
  for (const text of [...warmUpTexts, ...texts]) {
    await page.keyboard.press('Control+k')
    const box = page.getByRole('combobox', { name: /^Name, number, postcode/ })
    await box.waitFor()
    await page.evaluate(watchDialog)
    for (const [index, letter] of [...text].entries()) {
      await page.keyboard.press(letter === ' ' ? 'Space' : letter)
      const tookMs = await page.evaluate(settled)
      if (index > 0 && !warmUpTexts.includes(text)) samples.push(tookMs)
    }
    await page.keyboard.press('Escape')
    await box.waitFor({ state: 'detached' })
  }
  return samples
}

declare global {
  interface Window {
    typing?: { keyAt: number; shownAt: number }
  }
}

function watchDialog(): void {
  const dialog = document.querySelector('[role=dialog]')
  if (dialog === null) throw new Error('the search box is not open')
  const typing = { keyAt: 0, shownAt: 0 }
  window.typing = typing
  const changed = () =>
    requestAnimationFrame(() =>
      setTimeout(() => {
        typing.shownAt = performance.now()
      }),
    )
  dialog.addEventListener(
    'keydown',
    (event) => {
      typing.keyAt = event.timeStamp
    },
    { capture: true },
  )
  new MutationObserver(changed).observe(dialog, {
    subtree: true,
    childList: true,
    characterData: true,
    attributes: true,
  })
}

/** Long after any answer of this desk, and before the council is asked, which shows in the dialog too. */
async function settled(): Promise<number> {
  await new Promise((resolve) => setTimeout(resolve, 200))
  const { typing } = window
  if (typing === undefined || typing.shownAt < typing.keyAt) throw new Error('nothing was shown for a key')
  return typing.shownAt - typing.keyAt
}
