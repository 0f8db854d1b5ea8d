import type { PhonePage } from './phone-page.ts'

/** Tells the phone page what the browser hears of the machine's network. */
export function followNetwork(page: Pick<PhonePage, 'networkChanged'>): void {
  window.addEventListener('online', () => page.networkChanged('online'))
  window.addEventListener('offline', () => page.networkChanged('offline'))
  connectionOf(navigator)?.addEventListener('change', () => page.networkChanged('changed'))
}

/** Not in TypeScript's library (WICG Network Information). */
function connectionOf(navigator: Navigator & { readonly connection?: EventTarget }): EventTarget | undefined {
  return navigator.connection
}
