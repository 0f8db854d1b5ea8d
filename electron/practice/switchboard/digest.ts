import { createHash, createHmac, randomBytes, timingSafeEqual } from 'node:crypto'
import type { Clock } from '#shared/kernel/clock.ts'
import { splitList } from './sip-message.ts'

/* Digest authentication (RFC 7616, RFC 3261 §22) with MD5 and `qop=auth`, which every SIP telephone speaks. */

export interface Digest {
  /** Value of WWW-Authenticate or Proxy-Authenticate. */
  challenge(stale: boolean): string
  check(request: DigestRequest): Promise<DigestOutcome>
}

export interface DigestRequest {
  readonly method: string
  /** Values of Authorization or Proxy-Authorization. */
  readonly credentials: readonly string[]
}

/** `stale`: the answer is right but the nonce is spent, so the client may try again without asking anybody. */
export type DigestOutcome =
  | { readonly name: 'accepted'; readonly username: string }
  | { readonly name: 'missing' | 'stale' | 'wrong' | 'unknown-user' }

export interface DigestOptions {
  readonly realm: string
  readonly nonceLifeMs: number
  readonly clock: Clock
  password(username: string): Promise<string | undefined>
}

export function createDigest({ realm, nonceLifeMs, clock, password }: DigestOptions): Digest {
  const secret = randomBytes(32)
  /** Highest nonce count seen, so that an overheard answer cannot be sent again (RFC 7616 §3.4). */
  const counts = new Map<string, { count: number; until: number }>()

  const seal = (text: string): string => createHmac('sha256', secret).update(text).digest('hex').slice(0, 32)

  function makeNonce(): string {
    const text = `${(clock.now() + nonceLifeMs).toString(36)}.${randomBytes(6).toString('hex')}`
    return `${text}.${seal(text)}`
  }

  function nonceState(nonce: string): 'fresh' | 'spent' | 'forged' {
    const cut = nonce.lastIndexOf('.')
    const text = nonce.slice(0, Math.max(cut, 0))
    if (!same(seal(text), nonce.slice(cut + 1))) return 'forged'
    return Number.parseInt(text, 36) > clock.now() ? 'fresh' : 'spent'
  }

  function countIsNew(nonce: string, nc: string): boolean {
    const now = clock.now()
    for (const [each, { until }] of counts) if (until <= now) counts.delete(each)
    const count = Number.parseInt(nc, 16)
    if (!(count > (counts.get(nonce)?.count ?? 0))) return false
    counts.set(nonce, { count, until: now + nonceLifeMs })
    return true
  }

  return {
    challenge: (stale) =>
      `Digest realm="${realm}", nonce="${makeNonce()}", algorithm=MD5, qop="auth"${stale ? ', stale=true' : ''}`,

    async check({ method, credentials }) {
      const given = credentials.map(parseCredentials).find((each) => each?.realm === realm)
      if (given === undefined || given === null) return { name: 'missing' }
      const { username = '', nonce = '', uri = '', nc = '', cnonce = '', response = '' } = given
      if (given.qop !== 'auth' || (given.algorithm ?? 'MD5').toUpperCase() !== 'MD5') return { name: 'wrong' }
      const state = nonceState(nonce)
      if (state === 'forged') return { name: 'stale' }
      const known = await password(username)
      if (known === undefined) return { name: 'unknown-user' }
      const expected = digestResponse({
        username,
        realm,
        password: known,
        method,
        uri,
        nonce,
        nc,
        cnonce,
      })
      if (!same(expected, response.toLowerCase())) return { name: 'wrong' }
      if (state === 'spent' || !countIsNew(nonce, nc)) return { name: 'stale' }
      return { name: 'accepted', username }
    },
  }
}

export interface DigestInput {
  readonly username: string
  readonly realm: string
  readonly password: string
  readonly method: string
  readonly uri: string
  readonly nonce: string
  readonly nc: string
  readonly cnonce: string
}

/** RFC 7616 §3.4.1 with `qop=auth`. */
export function digestResponse(input: DigestInput): string {
  const { username, realm, password, method, uri, nonce, nc, cnonce } = input
  const a1 = md5(`${username}:${realm}:${password}`)
  const a2 = md5(`${method}:${uri}`)
  return md5([a1, nonce, nc, cnonce, 'auth', a2].join(':'))
}

/** Parameters of a `Digest` header value by lower-case name, unquoted; null for another scheme. */
export function parseCredentials(value: string): Record<string, string> | null {
  const [, rest] = /^digest\s+(.*)$/is.exec(value) ?? []
  if (rest === undefined) return null
  const params: Record<string, string> = Object.create(null)
  for (const part of splitList(rest)) {
    const equals = part.indexOf('=')
    if (equals < 1) return null
    const text = part.slice(equals + 1).trim()
    params[part.slice(0, equals).trim().toLowerCase()] = text.startsWith('"')
      ? text.slice(1, -1).replace(/\\(.)/g, '$1')
      : text
  }
  return params
}

const md5 = (text: string): string => createHash('md5').update(text).digest('hex')

function same(a: string, b: string): boolean {
  const left = Buffer.from(a)
  const right = Buffer.from(b)
  return left.length === right.length && timingSafeEqual(left, right)
}
