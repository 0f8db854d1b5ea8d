import { digestResponse, parseCredentials } from '#electron/practice/switchboard/digest.ts'
import { cancelOf } from '#electron/practice/switchboard/hop.ts'
import { parseAddress } from '#electron/practice/switchboard/sip-address.ts'
import {
  cseqOf,
  header,
  headersOf,
  type SipMessage,
  type SipRequest,
  type SipResponse,
  serialiseMessage,
} from '#electron/practice/switchboard/sip-message.ts'
import { connect, type Wire } from './wire.ts'

/** A telephone that does nothing by itself. Its name stays when it connects again. */
export class ScriptedPhone {
  wire: Wire
  readonly #url: string
  readonly #domain: string
  readonly user: string
  readonly name: string
  #count = 0

  private constructor(wire: Wire, url: string, domain: string, user: string) {
    this.wire = wire
    this.#url = url
    this.#domain = domain
    this.user = user
    this.name = `${user.replace(/\W/g, '')}-${crypto.randomUUID().slice(0, 8)}.invalid`
  }

  static async connect(url: string, domain: string, user: string): Promise<ScriptedPhone> {
    return new ScriptedPhone(await connect(url), url, domain, user)
  }

  async reconnect(): Promise<void> {
    this.wire = await connect(this.#url)
  }

  get contact(): string {
    return `sip:line1@${this.name};transport=ws`
  }

  get address(): string {
    return `<sip:${this.user}@${this.#domain}>`
  }

  branch(): string {
    return `z9hG4bK${this.user.replace(/\W/g, '')}${++this.#count}${crypto.randomUUID().slice(0, 6)}`
  }

  /** A request outside a dialog, unless `to` carries a tag. */
  request(method: string, uri: string, options: Partial<RequestOptions> = {}): SipRequest {
    const { to = `<${uri}>`, from = `${this.address};tag=${this.user}t`, cseq = ++this.#count } = options
    const lines: [string, string][] = [
      ['Via', `SIP/2.0/WS ${this.name};branch=${options.branch ?? this.branch()}`],
      ...(options.routes ?? []).map((route): [string, string] => ['Route', route]),
      ['Max-Forwards', '70'],
      ['From', from],
      ['To', to],
      ['Call-ID', options.callId ?? crypto.randomUUID()],
      ['CSeq', `${cseq} ${method}`],
      ['Contact', `<${this.contact}>`],
      ...Object.entries(options.headers ?? {}),
    ]
    const headers = lines.map(([name, value]) => ({ name, value }))
    return { kind: 'request', method, uri, headers, body: options.body ?? '' }
  }

  send(message: SipMessage): void {
    this.wire.send(serialiseMessage(message))
  }

  /** The response to this request. */
  async response(request: SipRequest, fits: (status: number) => boolean): Promise<SipResponse> {
    const cseq = header(request, 'CSeq')
    const callId = header(request, 'Call-ID')
    const message = await this.wire.take(
      (each) =>
        each.kind === 'response' &&
        header(each, 'CSeq') === cseq &&
        header(each, 'Call-ID') === callId &&
        fits(each.status),
      `response to ${request.method}`,
    )
    if (message.kind !== 'response') throw new Error('not a response')
    return message
  }

  async ask(request: SipRequest): Promise<SipResponse> {
    this.send(request)
    return this.response(request, (status) => status >= 200)
  }

  /** The next request of that method. */
  async next(method: string): Promise<SipRequest> {
    const message = await this.wire.take((each) => each.kind === 'request' && each.method === method, method)
    if (message.kind !== 'request') throw new Error('not a request')
    return message
  }

  reply(request: SipRequest, status: number, reason: string, options: ReplyOptions = {}): SipResponse {
    const kept = request.headers.filter(({ name }) =>
      ['via', 'record-route', 'from', 'call-id', 'cseq'].includes(name.toLowerCase()),
    )
    const to = header(request, 'To') ?? ''
    const tagged = to.includes(';tag=') ? to : `${to};tag=${this.user}t`
    const response: SipResponse = {
      kind: 'response',
      status,
      reason,
      headers: [
        ...kept,
        { name: 'To', value: tagged },
        { name: 'Contact', value: `<${this.contact}>` },
        ...Object.entries(options.headers ?? {}).map(([name, value]) => ({ name, value })),
      ],
      body: options.body ?? '',
    }
    this.send(response)
    return response
  }

  /** REGISTER without, then with credentials; answers the final response. */
  async register(password: string, expires = 600): Promise<SipResponse> {
    const uri = `sip:${this.#domain}`
    const headers = { Expires: String(expires) }
    const first = await this.ask(this.request('REGISTER', uri, { to: this.address, headers }))
    if (first.status !== 401) return first
    const authorization = this.authorization(first, 'REGISTER', uri, password)
    return this.ask(
      this.request('REGISTER', uri, { to: this.address, headers: { ...headers, ...authorization } }),
    )
  }

  authorization(
    challenge: SipResponse,
    method: string,
    uri: string,
    password: string,
  ): Record<string, string> {
    const proxied = challenge.status === 407
    const given = header(challenge, proxied ? 'Proxy-Authenticate' : 'WWW-Authenticate') ?? ''
    const { realm = '', nonce = '' } = parseCredentials(given) ?? {}
    const [nc, cnonce, username] = ['00000001', 'c0ffee', this.user]
    const response = digestResponse({ username, realm, password, method, uri, nonce, nc, cnonce })
    const value =
      `Digest username="${username}", realm="${realm}", nonce="${nonce}", uri="${uri}", ` +
      `response="${response}", algorithm=MD5, qop=auth, nc=${nc}, cnonce="${cnonce}"`
    return { [proxied ? 'Proxy-Authorization' : 'Authorization']: value }
  }

  cancel(invite: SipRequest): SipRequest {
    const cancel = cancelOf(invite)
    this.send(cancel)
    return cancel
  }

  /** Inside the dialog made by the INVITE and its 2xx, from whichever side this telephone was. */
  inDialog(
    method: string,
    invite: SipRequest,
    ok: SipResponse,
    options: Partial<RequestOptions> = {},
  ): SipRequest {
    const isCaller = header(invite, 'Via')?.includes(this.name) ?? false
    const [from, to] = isCaller ? ['From', 'To'] : ['To', 'From']
    const peer = isCaller ? ok : invite
    const target = parseAddress(header(peer, 'Contact') ?? '')?.uri ?? ''
    const recorded = headersOf(isCaller ? ok : invite, 'Record-Route')
    return this.request(method, target, {
      from: header(ok, from) ?? '',
      to: header(ok, to) ?? '',
      callId: header(invite, 'Call-ID') ?? '',
      routes: isCaller ? recorded.reverse() : recorded,
      ...(method === 'ACK' ? { cseq: cseqOf(invite)?.number ?? 0 } : {}),
      ...options,
    })
  }
}

interface RequestOptions {
  to: string
  from: string
  callId: string
  branch: string
  cseq: number
  routes: readonly string[]
  headers: Record<string, string>
  body: string
}

interface ReplyOptions {
  readonly headers?: Record<string, string>
  readonly body?: string
}
