import { type ServerEvent, serverEvent } from '#shared/contract/rest.ts'

/** Reads a stream of events one by one; comments come as `: TEXT`. */
export class EventReader {
  readonly #reader: ReadableStreamDefaultReader<Uint8Array>
  readonly #decoder = new TextDecoder()
  #text = ''

  constructor(body: ReadableStream<Uint8Array>) {
    this.#reader = body.getReader()
  }

  /** Undefined when the stream ended; rejects when the connection was cut. */
  async next(): Promise<ServerEvent | string | undefined> {
    for (;;) {
      const [block, rest] = splitOnce(this.#text, '\n\n')
      if (rest !== undefined) {
        this.#text = rest
        return eventOf(block)
      }
      const { value, done } = await this.#reader.read()
      if (done) return undefined
      this.#text += this.#decoder.decode(value, { stream: true })
    }
  }

  close(): Promise<void> {
    return this.#reader.cancel()
  }
}

function splitOnce(text: string, separator: string): [string, string | undefined] {
  const at = text.indexOf(separator)
  return at < 0 ? [text, undefined] : [text.slice(0, at), text.slice(at + separator.length)]
}

function eventOf(block: string): ServerEvent | string {
  if (block.startsWith(':')) return block
  const lines = new Map(block.split('\n').map((line) => splitOnce(line, ': ') as [string, string]))
  return serverEvent.parse({ kind: lines.get('event'), ...JSON.parse(lines.get('data') ?? '') })
}
