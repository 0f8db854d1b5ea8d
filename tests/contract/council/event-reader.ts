import { type ServerEvent, serverEvent } from '#shared/contract/rest.ts'

/** Reads a stream of events one by one; comments come as `: TEXT`. */
export class EventReader {
  readonly #reader: ReadableStreamDefaultReader<Uint8Array>
  readonly #decoder = new TextDecoder()
  #text = ''
  /** Of the last event that had one; sent as `Last-Event-ID` when coming back. */
  lastEventId = ''

  constructor(body: ReadableStream<Uint8Array>) {
    this.#reader = body.getReader()
  }

  /** Undefined when the stream ended; rejects when the connection was cut. */
  async next(): Promise<ServerEvent | string | undefined> {
    for (;;) {
      const [block, rest] = splitOnce(this.#text, '\n\n')
      if (rest !== undefined) {
        this.#text = rest
        return this.#eventOf(block)
      }
      const { value, done } = await this.#reader.read()
      if (done) return undefined
      this.#text += this.#decoder.decode(value, { stream: true })
    }
  }

  /** The next that is not a comment. */
  async nextEvent(): Promise<ServerEvent> {
    for (;;) {
      const event = await this.next()
      if (event === undefined) throw new Error('the stream ended')
      if (typeof event !== 'string') return event
    }
  }

  close(): Promise<void> {
    return this.#reader.cancel()
  }

  #eventOf(block: string): ServerEvent | string {
    if (block.startsWith(':')) return block
    const lines = new Map(block.split('\n').map((line) => splitOnce(line, ': ') as [string, string]))
    this.lastEventId = lines.get('id') ?? this.lastEventId
    return serverEvent.parse({ kind: lines.get('event'), ...JSON.parse(lines.get('data') ?? '') })
  }
}

function splitOnce(text: string, separator: string): [string, string | undefined] {
  const at = text.indexOf(separator)
  return at < 0 ? [text, undefined] : [text.slice(0, at), text.slice(at + separator.length)]
}
