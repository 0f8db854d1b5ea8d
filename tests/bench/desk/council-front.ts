import { once } from 'node:events'
import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Change, ChangesPage } from '#shared/contract/rest.ts'
import { caseOf, residentOf, residentsFor } from '../cache/cache-records.ts'

/** A council with so many residents and cases more at the head of its feed; all else is passed on to it. */
export interface CouncilFront {
  readonly url: string
  /** Whoever asked for changes has waited until now. */
  letFeedGo(): void
  close(): Promise<void>
}

/** The cursor of a place among those that come first; what follows is the council's own feed from its beginning. */
const cursorBefore = 'front-'

export async function startCouncilFront(councilUrl: string, cases: number): Promise<CouncilFront> {
  const feed = feedOf(cases)
  let letFeedGo = () => {}
  const gone = new Promise<void>((resolve) => {
    letFeedGo = resolve
  })

  async function changes(incoming: IncomingMessage, answer: ServerResponse, asked: URL): Promise<void> {
    await gone
    const cursor = asked.searchParams.get('cursor')
    const from =
      cursor === null ? 0 : cursor.startsWith(cursorBefore) ? Number(cursor.slice(cursorBefore.length)) : null
    if (from === null) return passOn(incoming, answer, asked)
    if (from >= feed.length) {
      asked.searchParams.delete('cursor')
      return passOn(incoming, answer, asked)
    }
    const to = from + Number(asked.searchParams.get('limit') ?? 500)
    const page: ChangesPage = { changes: feed.slice(from, to), cursor: `${cursorBefore}${to}`, more: true }
    answer.writeHead(200, {
      'content-type': 'application/json',
      'access-control-allow-origin': incoming.headers.origin ?? '*',
    })
    answer.end(JSON.stringify(page))
  }

  function passOn(incoming: IncomingMessage, answer: ServerResponse, asked: URL): void {
    const { method, headers } = incoming
    const onward = request(
      new URL(asked.pathname + asked.search, councilUrl),
      { method, headers },
      (from) => {
        answer.writeHead(from.statusCode ?? 502, from.headers)
        from.pipe(answer)
      },
    )
    onward.on('error', () => answer.destroy())
    answer.on('close', () => onward.destroy())
    incoming.pipe(onward)
  }

  const server = createServer((incoming, answer) => {
    const asked = new URL(incoming.url ?? '/', councilUrl)
    if (incoming.method === 'GET' && asked.pathname === '/v1/changes') void changes(incoming, answer, asked)
    else passOn(incoming, answer, asked)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    letFeedGo,
    async close() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}

function feedOf(cases: number): readonly Change[] {
  const residents = Array.from({ length: residentsFor(cases) }, (_, number): Change => {
    const record = residentOf(number)
    return { kind: 'resident', id: record.id, record }
  })
  const all = Array.from({ length: cases }, (_, number): Change => {
    const record = caseOf(number, cases)
    return { kind: 'case', id: record.id, record }
  })
  return [...residents, ...all]
}
