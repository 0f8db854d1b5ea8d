import { describe, expect, it } from 'vitest'
import { createDigest, digestResponse, parseCredentials } from '#electron/practice/switchboard/digest.ts'
import { SimClock } from '#tests/support/sim-clock.ts'

const realm = 'council.example.org'

function answerTo(challenge: string, changes: Record<string, string> = {}): string {
  const { nonce = '' } = parseCredentials(challenge) ?? {}
  const input = {
    username: 'alex',
    realm,
    password: 'secret',
    method: 'REGISTER',
    uri: `sip:${realm}`,
    nonce,
  }
  const counted = { ...input, nc: '00000001', cnonce: 'abc', ...changes }
  const { password, method, ...shown } = counted
  const response = changes.response ?? digestResponse(counted)
  const params = Object.entries({ ...shown, response, qop: 'auth', algorithm: 'MD5' })
  return `Digest ${params.map(([name, value]) => `${name}="${value}"`).join(', ')}`
}

function digest(clock = new SimClock()) {
  const password = async (user: string) => (user === 'alex' ? 'secret' : undefined)
  return createDigest({ realm, nonceLifeMs: 1000, clock, password })
}

const check = (made: ReturnType<typeof digest>, credentials: string) =>
  made.check({ method: 'REGISTER', credentials: [credentials] })

describe('digest authentication', () => {
  it('agrees with the example of RFC 7616 §3.9.1', () => {
    const response = digestResponse({
      username: 'Mufasa',
      realm: 'http-auth@example.org',
      password: 'Circle of Life',
      method: 'GET',
      uri: '/dir/index.html',
      nonce: '7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v',
      nc: '00000001',
      cnonce: 'f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ',
    })
    expect(response).toBe('8ca523f5e9506fed4657c9700eebdbec')
  })

  it('takes the right answer once', async () => {
    const made = digest()
    const answer = answerTo(made.challenge(false))
    expect(await check(made, answer)).toEqual({ name: 'accepted', username: 'alex' })
    expect(await check(made, answer)).toEqual({ name: 'stale' })
  })

  it('takes the same nonce again when its count rises', async () => {
    const made = digest()
    const challenge = made.challenge(false)
    expect(await check(made, answerTo(challenge))).toMatchObject({ name: 'accepted' })
    expect(await check(made, answerTo(challenge, { nc: '00000002' }))).toMatchObject({ name: 'accepted' })
  })

  it('says stale only when the password was right', async () => {
    const clock = new SimClock()
    const made = digest(clock)
    const challenge = made.challenge(false)
    await clock.run(1001)
    expect(await check(made, answerTo(challenge))).toEqual({ name: 'stale' })
    expect(await check(made, answerTo(challenge, { password: 'guess' }))).toEqual({ name: 'wrong' })
  })

  it('knows its own nonces only', async () => {
    const answer = answerTo(digest().challenge(false))
    expect(await check(digest(), answer)).toEqual({ name: 'stale' })
    expect(await check(digest(), answerTo('Digest nonce="x"'))).toEqual({ name: 'stale' })
  })

  it('refuses another method, another user and other algorithms', async () => {
    const made = digest()
    expect(await check(made, answerTo(made.challenge(false), { method: 'INVITE' }))).toEqual({
      name: 'wrong',
    })
    expect(await check(made, answerTo(made.challenge(false), { username: 'sam' }))).toEqual({
      name: 'unknown-user',
    })
    expect(await check(made, answerTo(made.challenge(false)).replace('"MD5"', 'SHA-256'))).toEqual({
      name: 'wrong',
    })
    expect(await check(made, 'Basic YWxleDpzZWNyZXQ=')).toEqual({ name: 'missing' })
    expect(await check(made, answerTo(made.challenge(false), { realm: 'other' }))).toEqual({
      name: 'missing',
    })
  })
})
