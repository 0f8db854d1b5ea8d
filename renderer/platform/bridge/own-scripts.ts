/** The part of the Trusted Types API used here (https://w3c.github.io/trusted-types/). */
interface TrustedTypes {
  createPolicy(
    name: 'default',
    rules: {
      createScriptURL(url: string): string | null
      createHTML(text: string, type: string, sink: string): string | null
    },
  ): unknown
}

/**
 * The pages' policy lets no text become script or mark-up. Chromium asks this one rule for every address a script is
 * loaded from, and ours are all among the app's own assets: the records worker is one of them. Reading XML makes a
 * document of its own, which runs nothing and is shown nowhere: who is on a call arrives as such (RFC 4235).
 */
export function allowOwnScripts(page: { trustedTypes?: TrustedTypes; location?: { origin: string } }): void {
  page.trustedTypes?.createPolicy('default', {
    createScriptURL: (url) => (url.startsWith(`${page.location?.origin}/assets/`) ? url : null),
    createHTML: (text, _type, sink) => (sink === 'DOMParser parseFromString' ? text : null),
  })
}
