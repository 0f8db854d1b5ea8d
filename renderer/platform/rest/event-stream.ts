/** One event as the HTML standard's "server-sent events" section delivers it. */
export interface ServerSentEvent {
  readonly event: string
  readonly data: string
}

/**
 * Parses an event stream in chunks cut anywhere. `id` and `retry` are ignored: the desk reads the change feed again
 * after every reconnection, by its own cursor and its own back-off.
 */
export function createEventStreamParser(onEvent: (event: ServerSentEvent) => void): (chunk: string) => void {
  let rest = ''
  let data: string[] = []
  let event = ''
  let first = true

  const line = (text: string): void => {
    if (text === '') {
      if (data.length > 0) onEvent({ event: event === '' ? 'message' : event, data: data.join('\n') })
      data = []
      event = ''
      return
    }
    const colon = text.indexOf(':')
    if (colon === 0) return
    const field = colon === -1 ? text : text.slice(0, colon)
    const value = colon === -1 ? '' : text.slice(colon + 1).replace(/^ /, '')
    if (field === 'data') data.push(value)
    else if (field === 'event') event = value
  }

  return (chunk) => {
    rest += first ? chunk.replace(/^\uFEFF/, '') : chunk
    if (rest !== '') first = false
    // A carriage return at the very end may be the first half of CR LF: it waits for the next chunk.
    const lines = rest.split(/\r\n|\n|\r(?!$)/)
    rest = lines.pop() ?? ''
    for (const each of lines) line(each)
  }
}
