import type { CustomScheme } from 'electron'
import { notImplemented } from './named.ts'

/**
 * Chromium alone knows no custom schemes, so `app://host/path` is shown to it as `https://host.app.internal/path`:
 * a secure origin of its own, which no name server resolves. The main process only ever sees the app:// form.
 */
export class Schemes {
  readonly #registered = new Map<string, CustomScheme>()

  register(schemes: readonly CustomScheme[]): void {
    for (const scheme of schemes) {
      const { standard, secure } = scheme.privileges ?? {}
      if (!standard || !secure) {
        throw notImplemented(`a scheme that is not both standard and secure (${scheme.scheme})`)
      }
      this.#registered.set(scheme.scheme, scheme)
    }
  }

  get names(): string[] {
    return [...this.#registered.keys()]
  }

  isRegistered(scheme: string): boolean {
    return this.#registered.has(scheme)
  }

  allowsFetch(scheme: string): boolean {
    return this.#registered.get(scheme)?.privileges?.supportFetchAPI === true
  }

  toChromium(url: string): string {
    const parts = /^([a-z][a-z0-9+.-]*):\/\/([^/?#]*)(.*)$/i.exec(url)
    const [, scheme = '', host = '', rest = ''] = parts ?? []
    return this.isRegistered(scheme) ? `https://${host}.${scheme}.internal${rest || '/'}` : url
  }

  toApp(url: string): string {
    const parts = /^https:\/\/([^/?#]*)\.([a-z0-9+-]+)\.internal(.*)$/i.exec(url)
    const [, host = '', scheme = '', rest = ''] = parts ?? []
    return this.isRegistered(scheme) ? `${scheme}://${host}${rest}` : url
  }

  /** The scheme behind a Chromium URL, when it stands for one of ours. */
  schemeOf(chromiumUrl: string): string | undefined {
    const app = this.toApp(chromiumUrl)
    return app === chromiumUrl ? undefined : app.slice(0, app.indexOf(':'))
  }

  /** A Content-Security-Policy may name the scheme or its hosts as sources. */
  policyToChromium(policy: string): string {
    return this.names.reduce(
      (text, scheme) =>
        text
          .replaceAll(new RegExp(`\\b${scheme}://([a-z0-9.*-]+)`, 'gi'), `https://$1.${scheme}.internal`)
          .replaceAll(new RegExp(`(^|\\s)${scheme}:(?=[\\s;]|$)`, 'gi'), `$1https://*.${scheme}.internal`),
      policy,
    )
  }
}
