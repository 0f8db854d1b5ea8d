import type { WebContents } from './web-contents.ts'

/** Electron's `WebFrameMain`, for main frames. One object per page, so that comparing by identity works. */
export class WebFrameMain {
  readonly #contents: WebContents
  readonly frames: readonly WebFrameMain[] = []
  readonly parent = null
  readonly name = ''
  readonly processId: number
  readonly routingId = 1
  readonly frameTreeNodeId: number

  constructor(contents: WebContents) {
    this.#contents = contents
    this.processId = contents.id
    this.frameTreeNodeId = contents.id
  }

  get url(): string {
    return this.#contents.committedUrl
  }

  get origin(): string {
    const { protocol, host } = new URL(this.url || 'about:blank')
    return host ? `${protocol}//${host}` : 'null'
  }

  get top(): WebFrameMain {
    return this
  }

  isDestroyed(): boolean {
    return this.#contents.isDestroyed()
  }

  send(channel: string, ...args: unknown[]): void {
    this.#contents.send(channel, ...args)
  }

  executeJavaScript(code: string): Promise<unknown> {
    return this.#contents.executeJavaScript(code)
  }
}
