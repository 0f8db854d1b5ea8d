import { createHash, randomUUID } from 'node:crypto'
import { createServer, type Server } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import { type WebSocket, WebSocketServer } from 'ws'
import { headerOf, methodOf, parseSip, replyTo, type SipMessage, statusOf, writeSip } from './sip-message.ts'

const md5 = (text: string) => createHash('md5').update(text).digest('hex')
const realm = 'example.org'
/** Shorter than any test may take, so that what was awaited is named; longer than any phone thinks. */
const messageWithinMs = 20_000

/**
 * A switchboard and the far end of every call in one, over one WebSocket, doing exactly what a test tells it to:
 * answering wrongly, late or never, going silent, dropping the line.
 */
export interface SipPeer {
  readonly url: string
  readonly account: {
    uri: string
    authorizationUsername: string
    password: string
    displayName: string
    servers: string[]
  }
  /** Everything the phone sent, oldest first. */
  readonly received: readonly SipMessage[]
  /** How REGISTER is answered: by digest, with a status, or not at all. */
  registrar: 'digest' | 'silent' | number
  /** While frozen, sockets stay open and nothing is read or answered. */
  frozen: boolean
  /** As if the network had gone from under the connections there are: they stay open and are dead, new ones work. */
  deafen(): void
  /** How many connections are open. */
  connections(): number
  /** Whether connections are taken. */
  listening: boolean
  /** How many REGISTER requests were answered with 200. */
  registrations(): number
  /** Resolves with the first message, past or to come within 20 s, that fits; `after` skips as many of `received`. */
  message(fits: (message: SipMessage) => boolean, after?: number): Promise<SipMessage>
  /** Bytes go in a binary frame. */
  send(message: string | Uint8Array): void
  /** Rings the phone. */
  invite(options: InviteOptions): PeerCall
  /** Takes the next INVITE that the phone sends outside a dialog. */
  takeCall(): Promise<PeerCall>
  /** Drops every connection without a closing handshake. */
  cut(): void
  stop(): Promise<void>
}

export interface InviteOptions {
  readonly sdp: string
  readonly from?: string
  readonly headers?: readonly (readonly [string, string])[]
}

/** One dialog, seen from the far end. */
export interface PeerCall {
  readonly callId: string
  /** Waits for a response of the phone to our latest INVITE. */
  response(fits: (status: number) => boolean): Promise<SipMessage>
  ack(body?: string): void
  cancel(headers?: readonly (readonly [string, string])[]): void
  /** Sends a request in the dialog and resolves with the phone's final response. */
  request(
    method: string,
    headers?: readonly (readonly [string, string])[],
    body?: string,
  ): Promise<SipMessage>
  /** Waits for a request of the phone in this dialog that was not handed out yet. */
  next(method: string): Promise<SipMessage>
  reply(request: SipMessage, status: number, body?: string): void
}

export async function startSipPeer(password = 'right'): Promise<SipPeer> {
  const received: SipMessage[] = []
  const waiting = new Set<() => void>()
  const raw = new Set<Socket>()
  const taken = new Set<SipMessage>()
  const deaf = new WeakSet<WebSocket>()
  let current: WebSocket | null = null
  let contact = ''
  let registrations = 0

  const server: Server = createServer()
  const sockets = new WebSocketServer({
    server,
    handleProtocols: () => 'sip',
    verifyClient: () => peer.listening,
  })
  server.on('connection', (socket) => {
    raw.add(socket)
    socket.on('close', () => raw.delete(socket))
  })
  sockets.on('connection', (socket) => {
    current ??= socket
    socket.on('error', () => {})
    socket.on('message', (data) => {
      if (peer.frozen || deaf.has(socket)) return
      // A phone may open a second connection before it leaves the first.
      current = socket
      const text = data.toString()
      if (text.trim() === '') return
      const message = parseSip(text)
      received.push(message)
      if (methodOf(message) === 'REGISTER') register(message)
      else if (methodOf(message) === 'OPTIONS') peer.send(replyTo(message, 200, { tag: 'options' }))
      for (const wake of [...waiting]) wake()
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const url = `ws://127.0.0.1:${(server.address() as AddressInfo).port}`

  function register(message: SipMessage): void {
    if (peer.registrar === 'silent') return
    if (typeof peer.registrar === 'number') {
      peer.send(replyTo(message, peer.registrar, { tag: 'registrar' }))
      return
    }
    const authorization = headerOf(message, 'Authorization')
    if (!digestFits(authorization)) {
      const challenge = `Digest realm="${realm}", nonce="${randomUUID()}", algorithm=MD5, qop="auth"`
      peer.send(replyTo(message, 401, { tag: 'registrar', headers: [['WWW-Authenticate', challenge]] }))
      return
    }
    contact = headerOf(message, 'Contact')
    if (!/expires=0/.test(contact)) registrations += 1
    peer.send(replyTo(message, 200, { tag: 'registrar', headers: [['Contact', contact]] }))
  }

  function digestFits(authorization: string): boolean {
    const field = (name: string) => new RegExp(`\\b${name}="?([^",]+)"?`).exec(authorization)?.[1] ?? ''
    if (authorization === '') return false
    const ha1 = md5(`${field('username')}:${realm}:${password}`)
    const ha2 = md5(`REGISTER:${field('uri')}`)
    const middle = [field('nonce'), field('nc'), field('cnonce'), field('qop')].join(':')
    return field('response') === md5(`${ha1}:${middle}:${ha2}`)
  }

  function message(fits: (message: SipMessage) => boolean, after = 0): Promise<SipMessage> {
    return new Promise((resolve, reject) => {
      const look = () => {
        const found = received.slice(after).find(fits)
        if (found === undefined) return
        clearTimeout(limit)
        waiting.delete(look)
        resolve(found)
      }
      const limit = setTimeout(() => {
        waiting.delete(look)
        const last = received.slice(-8).map((each) => `${each.startLine} (${headerOf(each, 'CSeq')})`)
        reject(new Error(`the phone did not send it; at last it sent: ${last.join('; ')}`))
      }, messageWithinMs)
      // Whoever stopped waiting for it keeps no process alive.
      limit.unref()
      waiting.add(look)
      look()
    })
  }

  const peer: SipPeer = {
    url,
    account: {
      uri: `sip:adviser@${realm}`,
      authorizationUsername: 'adviser',
      password: 'right',
      displayName: 'An Adviser',
      servers: [url],
    },
    received,
    registrar: 'digest',
    frozen: false,
    listening: true,
    deafen() {
      for (const socket of sockets.clients) deaf.add(socket)
    },
    connections: () => sockets.clients.size,
    registrations: () => registrations,
    message,
    send: (sent) => current?.send(sent),
    invite(options) {
      const call = createCall(peer, { callId: randomUUID(), remoteTarget: uriIn(contact) })
      call.ring(options)
      return call
    },
    async takeCall() {
      const isNew = (each: SipMessage) =>
        methodOf(each) === 'INVITE' && !headerOf(each, 'To').includes(';tag=') && !taken.has(each)
      const invite = await message(isNew)
      taken.add(invite)
      return createCall(peer, {
        callId: headerOf(invite, 'Call-ID'),
        remoteTarget: uriIn(headerOf(invite, 'Contact')),
        from: headerOf(invite, 'To'),
        to: headerOf(invite, 'From'),
      })
    },
    cut() {
      for (const socket of raw) socket.destroy()
    },
    async stop() {
      peer.cut()
      sockets.close()
      await new Promise((resolve) => server.close(resolve))
    },
  }
  return peer
}

interface CallNames {
  readonly callId: string
  readonly remoteTarget: string
  /** Our own end and the phone's, when the phone called. */
  readonly from?: string
  readonly to?: string
}

function createCall(peer: SipPeer, names: CallNames): PeerCall & { ring(options: InviteOptions): void } {
  const ownTag = randomUUID().slice(0, 8)
  const handedOut = new Set<SipMessage>()
  let from = names.from ? `${names.from};tag=${ownTag}` : ''
  let to = names.to ?? `<${peer.account.uri}>`
  let remoteTarget = names.remoteTarget
  let cseq = 0
  let inviteVia = ''
  let inviteCseq = 0
  let begun = 0

  const ours = (message: SipMessage) => headerOf(message, 'Call-ID') === names.callId
  const via = () => `SIP/2.0/WS peer.invalid;branch=z9hG4bK${randomUUID().slice(0, 12)}`

  function compose(
    method: string,
    headers: readonly (readonly [string, string])[],
    body: string,
    reuse?: { via: string; cseq: number },
  ): string {
    if (reuse === undefined) cseq += 1
    const own = reuse ?? { via: via(), cseq }
    if (method === 'INVITE') {
      inviteVia = own.via
      inviteCseq = own.cseq
      begun = peer.received.length
    }
    return writeSip(
      `${method} ${remoteTarget} SIP/2.0`,
      [
        ['Via', own.via],
        ['Max-Forwards', '70'],
        ['From', from],
        ['To', to],
        ['Call-ID', names.callId],
        ['CSeq', `${own.cseq} ${method}`],
        ['Contact', '<sip:resident@peer.invalid;transport=ws>'],
        ...headers,
      ],
      body,
    )
  }

  async function responseTo(
    method: string,
    fits: (status: number) => boolean,
    after: number,
  ): Promise<SipMessage> {
    const found = await peer.message(
      (each) => ours(each) && headerOf(each, 'CSeq') === `${cseq} ${method}` && fits(statusOf(each)),
      after,
    )
    return found
  }

  return {
    callId: names.callId,
    ring({ sdp, from: caller = '"A. Okafor" <sip:+441632960142@example.org>', headers = [] }) {
      from = `${caller};tag=${ownTag}`
      peer.send(compose('INVITE', headers, sdp))
    },
    async response(fits) {
      const found = await responseTo('INVITE', fits, begun)
      if (headerOf(found, 'To').includes(';tag=')) to = headerOf(found, 'To')
      if (headerOf(found, 'Contact') !== '') remoteTarget = uriIn(headerOf(found, 'Contact'))
      return found
    },
    ack(body = '') {
      peer.send(compose('ACK', [], body, { via: via(), cseq: inviteCseq }))
    },
    cancel(headers = []) {
      peer.send(compose('CANCEL', headers, '', { via: inviteVia, cseq: inviteCseq }))
    },
    async request(method, headers = [], body = '') {
      const after = peer.received.length
      peer.send(compose(method, headers, body))
      return responseTo(method, (status) => status >= 200, after)
    },
    async next(method) {
      const found = await peer.message(
        (each) => ours(each) && methodOf(each) === method && !handedOut.has(each),
      )
      handedOut.add(found)
      if (headerOf(found, 'Contact') !== '') remoteTarget = uriIn(headerOf(found, 'Contact'))
      return found
    },
    reply(request, status, body = '') {
      peer.send(
        replyTo(request, status, {
          tag: ownTag,
          headers: [['Contact', '<sip:resident@peer.invalid;transport=ws>']],
          body,
        }),
      )
    },
  }
}

function uriIn(header: string): string {
  return /<([^>]+)>/.exec(header)?.[1] ?? header.split(';')[0] ?? ''
}
