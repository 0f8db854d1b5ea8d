import AxeBuilder from '@axe-core/playwright'
import { expect, type Page } from '@playwright/test'

const wcag22aa = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']

/** What of it the colours decide; everything else is the same in the dark. */
const rulesOfColour = ['color-contrast', 'link-in-text-block']

/** No violation of WCAG 2.2 AA that axe can find, in light and in dark; `what` names the screen when there is one. */
export async function isAccessible(desk: Page, what: string): Promise<void> {
  for (const colorScheme of ['light', 'dark'] as const) {
    await desk.emulateMedia({ colorScheme })
    // Playwright's windows of Electron cannot open the blank page in which axe would put its findings together.
    const axe = new AxeBuilder({ page: desk }).setLegacyMode()
    const asked = colorScheme === 'light' ? axe.withTags(wcag22aa) : axe.withRules(rulesOfColour)
    const { violations } = await asked.analyze()
    const found = violations.map(({ id, nodes }) => ({ id, at: nodes.map((node) => node.target.join(' ')) }))
    expect(found, `${what}, ${colorScheme}`).toEqual([])
  }
}
