import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { SimRandom } from './sim-clock.ts'

/** What the proxy does to requests, by how often it did. */
export type ProxyFault =
  | 'cut before'
  | 'cut in the request'
  | 'cut in the answer'
  | 'answer lost'
  | 'twice'
  | 'late'
  | 'unavailable'
  | 'web page'

const faults: readonly ProxyFault[] = [
  'cut before',
  'cut in the request',
  'cut in the answer',
  'answer lost',
  'twice',
  'late',
  'unavailable',
  'web page',
]

export interface FaultyProxy {
  readonly url: string
  /** Share of requests that meet a fault, from 0 to 1. */
  share: number
  /** Where requests go from now on. */
  target: string
  readonly counts: ReadonlyMap<ProxyFault, number>
  close(): Promise<void>
}

/** A proxy between a desk and its council that behaves as badly as a network can. */
export async function startFaultyProxy(random: SimRandom): Promise<FaultyProxy> {
  const counts = new Map<ProxyFault, number>()
  const state = { share: 0, target: '' }
  const server = createServer(async (incoming, response) => {
    const fault = random.chance(state.share) ? random.pick(faults) : null
    if (fault) counts.set(fault, (counts.get(fault) ?? 0) + 1)
    try {
      await exchange(incoming, response, state.target, fault, random)
    } catch {
      response.destroy()
    }
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return Object.assign(state, {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    counts,
    close: async () => {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  })
}

async function exchange(
  incoming: IncomingMessage,
  response: ServerResponse,
  target: string,
  fault: ProxyFault | null,
  random: SimRandom,
): Promise<void> {
  if (fault === 'cut before') return void response.destroy()
  if (fault === 'unavailable') {
    response.writeHead(503, { 'content-type': 'application/problem+json', 'retry-after': '1' })
    return void response.end('{"title":"Busy","status":503}')
  }
  if (fault === 'web page') {
    response.writeHead(200, { 'content-type': 'text/html' })
    return void response.end('<!doctype html><title>Welcome to our guest network</title>')
  }
  const chunks: Buffer[] = []
  for await (const chunk of incoming) chunks.push(chunk as Buffer)
  const body = Buffer.concat(chunks)
  const { host: _host, connection: _connection, ...headers } = incoming.headers
  const path = incoming.url ?? '/'
  const send = (bytes: Buffer) => {
    const outgoing = request(new URL(path, target), { method: incoming.method, headers, agent: false })
    response.on('close', () => outgoing.destroy())
    outgoing.write(bytes)
    return outgoing
  }
  if (fault === 'cut in the request') {
    // As long as it says it is, and never that long: the council waits for the rest and gets an end.
    const outgoing = send(body.subarray(0, Math.floor(body.length * random.next())))
    outgoing.on('error', () => {})
    outgoing.destroy()
    return void response.destroy()
  }
  if (fault === 'twice') {
    const first = send(body)
    first.on('error', () => {})
    first.on('response', (answer) => answer.resume())
    first.end()
  }
  if (fault === 'late') await new Promise((resolve) => setTimeout(resolve, random.below(2_000)))
  const outgoing = send(body)
  outgoing.on('error', () => response.destroy())
  outgoing.on('response', (answer) => {
    answer.on('error', () => response.destroy())
    if (fault === 'answer lost') {
      answer.resume()
      return void response.destroy()
    }
    response.writeHead(answer.statusCode ?? 502, answer.headers)
    if (fault !== 'cut in the answer') return void answer.pipe(response)
    answer.once('data', (chunk: Buffer) => {
      response.write(chunk.subarray(0, Math.floor(chunk.length * random.next())), () => response.destroy())
      outgoing.destroy()
    })
  })
  outgoing.end()
}
