import type { Page } from '@playwright/test'

/** Typed letter by letter; from the second on every letter asks. */
const texts = ['okafor', 'elm road', 'potholes', 'nia penrose', 'blocked drain', 'WST-2026-0001', '07000']
/** Not counted: code is compiled in the first. */
const warmUpTexts = ['pryce', 'council tax']

/** Milliseconds from each key to the frame after the last that changed in the dialog. */
export async function keysToLists(page: Page): Promise<readonly number[]> {
  const samples: number[] = []
  for (const text of [...warmUpTexts, ...texts]) {
    await inSearchBox(page, async () => {
      for (const [index, letter] of [...text].entries()) {
        await page.keyboard.press(letter === ' ' ? 'Space' : letter)
        const tookMs = await page.evaluate(settled)
        if (index > 0 && !warmUpTexts.includes(text)) samples.push(tookMs)
      }
    })
  }
  return samples
}

/** The same of a text that comes all at once, as one that is pasted does, so that nothing can be known of it before. */
export async function textsToLists(page: Page): Promise<readonly number[]> {
  const samples: number[] = []
  for (const text of [texts, texts, texts].flat()) {
    await inSearchBox(page, async () => {
      await page.keyboard.insertText(text)
      samples.push(await page.evaluate(settled))
    })
  }
  return samples
}

async function inSearchBox(page: Page, type: () => Promise<void>): Promise<void> {
  await page.keyboard.press('Control+k')
  const box = page.getByRole('combobox', { name: /^Name, number, postcode/ })
  await box.waitFor()
  await page.evaluate(watchDialog)
  await type()
  await page.keyboard.press('Escape')
  await box.waitFor({ state: 'detached' })
}

declare global {
  interface Window {
    typing?: { begunAt: number; shownAt: number }
  }
}

function watchDialog(): void {
  const dialog = document.querySelector('[role=dialog]')
  if (dialog === null) throw new Error('the search box is not open')
  const typing = { begunAt: 0, shownAt: 0 }
  window.typing = typing
  const changed = () =>
    requestAnimationFrame(() =>
      setTimeout(() => {
        typing.shownAt = performance.now()
      }),
    )
  const begun = ({ timeStamp }: Event) => {
    // Of the events of one key the first: a text that is pasted has no key.
    if (timeStamp - typing.begunAt > 100) typing.begunAt = timeStamp
  }
  for (const type of ['keydown', 'beforeinput', 'input'])
    dialog.addEventListener(type, begun, { capture: true })
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
  if (typing === undefined || typing.shownAt < typing.begunAt) throw new Error('nothing was shown for a key')
  return typing.shownAt - typing.begunAt
}
