import type { Page } from 'playwright-core'

/** What a telephone's page noted of its network, its connection to the switchboard and its media. */
export interface Noted {
  /** Milliseconds since 1970. */
  readonly at: number
  readonly what: string
}

declare global {
  interface Window {
    noted: Noted[]
  }
}

/** To run in a page before its own code. */
export const noting = `(${install.toString()})()`

/** What was noted since the time given, which is 0 ms. */
export async function timeline(page: Page, since: number): Promise<string[]> {
  const noted = await page.evaluate(() => window.noted)
  return noted
    .filter(({ at }) => at >= since)
    .map(({ at, what }) => `${String(Math.round(at - since)).padStart(6)}  ${what}`)
}

function install(): void {
  const noted: Noted[] = []
  window.noted = noted
  const note = (what: string) => {
    noted.push({ at: performance.timeOrigin + performance.now(), what })
    if (noted.length > 5_000) noted.splice(0, 1_000)
  }
  for (const name of ['online', 'offline']) window.addEventListener(name, () => note(`page ${name}`))
  const { connection } = navigator as Navigator & { connection?: EventTarget }
  connection?.addEventListener('change', () => note('network information changed'))

  const headOf = (data: unknown) => {
    const text = data instanceof ArrayBuffer ? new TextDecoder().decode(data) : String(data)
    const [line = ''] = text.split('\r\n')
    const cseq = /^CSeq: *(.*)$/im.exec(text)?.[1] ?? ''
    const candidates = text.match(/^a=candidate:.*$/gm)?.length
    return `${line.slice(0, 40)} [${cseq}]${candidates === undefined ? '' : ` ${candidates} candidates`}`
  }
  const NativeSocket = window.WebSocket
  let sockets = 0
  window.WebSocket = class extends NativeSocket {
    readonly #number: number
    constructor(url: string | URL, protocols?: string | string[]) {
      super(url, protocols)
      sockets += 1
      this.#number = sockets
      note(`socket ${this.#number} begun`)
      this.addEventListener('open', () => note(`socket ${this.#number} open`))
      this.addEventListener('close', ({ code }) => note(`socket ${this.#number} closed ${code}`))
      this.addEventListener('message', ({ data }) => note(`◀ ${headOf(data)}`))
    }
    override send(data: string): void {
      note(`▶ ${headOf(data)}`)
      super.send(data)
    }
  }
  const NativeConnection = window.RTCPeerConnection
  window.RTCPeerConnection = class extends NativeConnection {
    constructor(configuration?: RTCConfiguration) {
      super(configuration)
      this.addEventListener('icegatheringstatechange', () => note(`gathering ${this.iceGatheringState}`))
      this.addEventListener('iceconnectionstatechange', () => note(`ice ${this.iceConnectionState}`))
      this.addEventListener('connectionstatechange', () => note(`media path ${this.connectionState}`))
      this.addEventListener('icecandidate', ({ candidate }) =>
        note(
          `candidate ${candidate?.address ?? 'end'} ${candidate?.protocol ?? ''} ${candidate?.type ?? ''}`,
        ),
      )
    }
  }
}
