import { WebSocket } from 'ws'
import { parseMessage, type SipMessage } from '#electron/practice/switchboard/sip-message.ts'

/** One WebSocket of a client that sends whatever a test wants. */
export interface Wire {
  /** Everything received and understood, oldest first. */
  readonly received: readonly SipMessage[]
  readonly texts: readonly string[]
  send(text: string): void
  /** The first message, past or to come, that fits and was not taken before. */
  take(fits: (message: SipMessage) => boolean, what: string): Promise<SipMessage>
  text(fits: (text: string) => boolean): Promise<string>
  /** Resolves with the close code. */
  readonly closed: Promise<number>
  /** Goes away without a closing handshake. */
  cut(): void
}

const waitMs = 10_000

export function connect(url: string, headers: Record<string, string> = {}, protocol = 'sip'): Promise<Wire> {
  const socket = new WebSocket(url, protocol, { headers })
  const received: SipMessage[] = []
  const texts: string[] = []
  const taken = new Set<SipMessage>()
  const watchers = new Set<() => void>()
  const closed = new Promise<number>((resolve) => socket.once('close', resolve))

  socket.on('message', (data) => {
    const text = data.toString()
    texts.push(text)
    const outcome = parseMessage(text)
    if (outcome.ok) received.push(outcome.message)
    for (const watch of [...watchers]) watch()
  })

  function until<T>(find: () => T | undefined, what: string): Promise<T> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        watchers.delete(watch)
        const lines = texts.map((text) => text.split('\r\n')[0])
        reject(new Error(`no ${what} within ${waitMs} ms, but: ${lines.join(' | ')}`))
      }, waitMs)
      function watch(): void {
        const found = find()
        if (found === undefined) return
        clearTimeout(timer)
        watchers.delete(watch)
        resolve(found)
      }
      watchers.add(watch)
      watch()
    })
  }

  const wire: Wire = {
    received,
    texts,
    closed,
    send: (text) => socket.send(text),
    async take(fits, what) {
      const message = await until(() => received.find((each) => !taken.has(each) && fits(each)), what)
      taken.add(message)
      return message
    },
    text: (fits) => until(() => texts.find(fits), 'such text'),
    cut: () => socket.terminate(),
  }
  return new Promise((resolve, reject) => {
    socket.once('open', () => resolve(wire))
    socket.once('unexpected-response', (_request, response) => {
      reject(new Error(`HTTP ${response.statusCode}`))
      socket.terminate()
    })
    socket.once('error', reject)
  })
}
