/** Our pages. Each has one window, and what a page may ask of the main process is written in the contract. */
export type Page = 'desk' | 'phone'

export const pages: readonly Page[] = ['desk', 'phone']

export const appScheme = 'app'
export const appHost = 'bundle'

export function pageUrl(page: Page): string {
  return `${appScheme}://${appHost}/${page}.html`
}

/** The page an address shows, whatever its query and fragment; undefined for every other address. */
export function pageAt(url: string): Page | undefined {
  const bare = url.replace(/[?#].*$/s, '')
  return pages.find((page) => pageUrl(page) === bare)
}

/** Whether an address or an origin is ours. */
export function isOurOrigin(url: string): boolean {
  return url === `${appScheme}://${appHost}` || url.startsWith(`${appScheme}://${appHost}/`)
}
