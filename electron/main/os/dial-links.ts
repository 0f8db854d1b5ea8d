import type { App } from 'electron'
import type { DialTarget } from '#shared/contract/phone.ts'
import type { Log } from '#shared/kernel/log.ts'
import { err, type Result } from '#shared/kernel/result.ts'

export const dialSchemes = ['tel', 'sip', 'sips'] as const

const longestLink = 300
const isDialLink = (text: string) =>
  text.length <= longestLink && dialSchemes.some((scheme) => text.toLowerCase().startsWith(`${scheme}:`))

export interface DialLinks {
  /** Words of a command line: the last link among them, where there is one. */
  openedWith(argv: readonly string[]): void
  opened(link: string): void
  /** The link nobody was there to be asked about, once. Whoever asks is told of later links as they come. */
  take(): DialTarget | null
  /** No desk is there to ask: it is being loaded, or nobody is signed in. */
  deskGone(): void
  /** Who tells the desk, which asks before it dials. */
  onAsk(ask: (target: DialTarget) => void): void
}

export interface DialLinksOptions {
  readonly log: Log
  read(link: string): Result<DialTarget, string>
}

/** `tel:` and `sip:` links that the operating system gives us. Nothing is ever dialled here. */
export function createDialLinks({ log, read }: DialLinksOptions): DialLinks {
  let ask: (target: DialTarget) => void = () => {}
  let waiting: DialTarget | null = null
  let deskListens = false

  function opened(link: string): void {
    const target = isDialLink(link) ? read(link) : err('unknown-link')
    if (!target.ok) {
      log.info('dial/link-not-understood', { because: target.error })
      return
    }
    if (deskListens) ask(target.value)
    else waiting = target.value
  }

  return {
    opened,
    openedWith(argv) {
      const link = argv.findLast(isDialLink)
      if (link !== undefined) opened(link)
    },
    take() {
      const target = waiting
      waiting = null
      deskListens = true
      return target
    },
    deskGone() {
      deskListens = false
    },
    onAsk(listener) {
      ask = listener
    },
  }
}

type ProtocolApp = Pick<App, 'isPackaged' | 'setAsDefaultProtocolClient'>

/**
 * Offers the installed app for links. Where installers do that themselves (Linux), the user's own choice is left alone,
 * and an app run from its sources would leave a link to a folder of its makers behind.
 */
export function offerForDialLinks(app: ProtocolApp, platform: NodeJS.Platform): void {
  if (!app.isPackaged || platform === 'linux') return
  for (const scheme of dialSchemes) app.setAsDefaultProtocolClient(scheme)
}
