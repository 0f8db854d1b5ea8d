import { describe, expect, it } from 'vitest'
import { createSessionTimers, type Refreshed } from '#renderer/platform/sip/session-timer.ts'
import type { Log } from '#shared/kernel/log.ts'
import { SimClock } from '#tests/support/sim-clock.ts'

const silent: Log = { error() {}, info() {}, debug() {} }

const message = (
  startLine: string,
  cseq: string,
  more: string[] = [],
  to = '<sip:adviser@example.org>;tag=us',
) =>
  `${[
    startLine,
    'Via: SIP/2.0/WS peer.invalid;branch=z9hG4bK1',
    'From: <sip:a@example.org>;tag=them',
    `To: ${to}`,
    'Call-ID: call',
    `CSeq: ${cseq}`,
    ...more,
  ].join('\r\n')}\r\n\r\n`

const inviteOf = (...more: string[]) => message('INVITE sip:adviser@example.org SIP/2.0', '1 INVITE', more)
const okTo = (cseq: string, ...more: string[]) => message('SIP/2.0 200 OK', cseq, more)

function followed(refreshes: Refreshed[] = []) {
  const clock = new SimClock(0)
  const answers: string[] = []
  const happened: string[] = []
  const world = { connected: true }
  const timers = createSessionTimers({
    clock,
    log: silent,
    connected: () => world.connected,
    answer: (text) => answers.push(text),
  })
  const stop = timers.follow('call', {
    async refresh(method) {
      happened.push(`${method} at ${clock.now() / 1000}`)
      const refreshed = refreshes.shift() ?? 'accepted'
      if (refreshed !== 'accepted') return refreshed
      timers.sending(message('UPDATE sip:a@example.org SIP/2.0', '7 UPDATE'))
      timers.received(okTo('7 UPDATE', 'Session-Expires: 90;refresher=uac'))
      return refreshed
    },
    expire: () => happened.push(`expired at ${clock.now() / 1000}`),
  })
  return { clock, timers, answers, happened, world, stop }
}

describe('a session timer', () => {
  it('is refused when it is too short, for callers that can be told so', () => {
    const { timers, answers } = followed()
    expect(timers.received(inviteOf('Session-Expires: 60', 'Supported: timer'))).toBeNull()
    expect(answers[0]).toMatch(/^SIP\/2\.0 422 .*\r\n(.*\r\n)*Min-SE: 90\r\n/)
    expect(timers.received(inviteOf('Session-Expires: 60'))).not.toBeNull()
  })

  it('is kept by us when the far end does not keep one: at half of each interval', async () => {
    const { clock, timers, happened } = followed()
    timers.received(inviteOf('Session-Expires: 90', 'Allow: INVITE, UPDATE'))
    expect(timers.sending(okTo('1 INVITE'))).toContain('Session-Expires: 90;refresher=uas')
    await clock.run(200_000)
    expect(happened).toEqual(['UPDATE at 45', 'UPDATE at 90', 'UPDATE at 135', 'UPDATE at 180'])
  })

  it('is left to the far end that can, and ends the call a third of the interval early when it is silent', async () => {
    const { clock, timers, happened } = followed()
    timers.received(inviteOf('x: 90', 'k: timer'))
    const answered = timers.sending(okTo('1 INVITE'))
    expect(answered).toContain('Session-Expires: 90;refresher=uac')
    expect(answered).toContain('Require: timer')
    await clock.run(59_000)
    expect(happened).toEqual([])
    await clock.run(2_000)
    expect(happened).toEqual(['expired at 60'])
  })

  it('does not end a call while the connection is away', async () => {
    const { clock, timers, happened, world } = followed()
    timers.received(inviteOf('Session-Expires: 90', 'Supported: timer'))
    timers.sending(okTo('1 INVITE'))
    world.connected = false
    await clock.run(600_000)
    expect(happened).toEqual([])
    world.connected = true
    await clock.run(6_000)
    expect(happened).toHaveLength(1)
  })

  it('tries again with re-INVITE after a refused UPDATE, and gives the call up with the interval', async () => {
    const { clock, timers, happened } = followed(Array.from({ length: 9 }, () => 'failed' as const))
    timers.received(inviteOf('Session-Expires: 90', 'Allow: INVITE, UPDATE'))
    timers.sending(okTo('1 INVITE'))
    await clock.run(100_000)
    expect(happened.slice(0, 2)).toEqual(['UPDATE at 45', 'INVITE at 50'])
    expect(happened.at(-1)).toBe('expired at 60')
  })

  it('ends the call at once that the far end no longer knows', async () => {
    const { clock, timers, happened } = followed(['gone'])
    timers.received(inviteOf('Session-Expires: 90'))
    timers.sending(okTo('1 INVITE'))
    await clock.run(46_000)
    expect(happened).toEqual(['INVITE at 45', 'expired at 45'])
  })

  it('is over when the call is, and when a later answer has none', async () => {
    const ended = followed()
    ended.timers.received(inviteOf('Session-Expires: 90'))
    ended.timers.sending(okTo('1 INVITE'))
    ended.stop()
    await ended.clock.run(100_000)
    expect(ended.happened).toEqual([])
    const dropped = followed()
    dropped.timers.received(inviteOf('Session-Expires: 90'))
    dropped.timers.sending(okTo('1 INVITE'))
    dropped.timers.sending(message('INVITE sip:a@example.org SIP/2.0', '2 INVITE'))
    dropped.timers.received(okTo('2 INVITE'))
    await dropped.clock.run(100_000)
    expect(dropped.happened).toEqual([])
  })

  it('is not changed by an answer to nothing that was asked', async () => {
    const { clock, timers, happened } = followed()
    timers.received(okTo('9 INVITE', 'Session-Expires: 1;refresher=uas'))
    timers.received(message('SIP/2.0 422 Too Small', '9 INVITE', ['Min-SE: 99999']))
    await clock.run(100_000)
    expect(happened).toEqual([])
  })

  it('asks again with the longer interval, and without credentials that were never asked for', () => {
    const { timers } = followed()
    const first = message('INVITE sip:b@example.org SIP/2.0', '1 INVITE', [], '<sip:b@example.org>')
    expect(timers.sending(first)).toContain('Session-Expires: 1800')
    const challenged = timers.received(message('SIP/2.0 422 Too Small', '1 INVITE', ['Min-SE: 3600'])) ?? ''
    const challenge = /WWW-Authenticate: Digest realm="([^"]+)"/.exec(challenged)?.[1]
    expect(challenged).toMatch(/^SIP\/2\.0 401 /)
    const again = timers.sending(
      message(
        'INVITE sip:b@example.org SIP/2.0',
        '2 INVITE',
        [`Authorization: Digest realm="${challenge}", nonce="${challenge}", response="1"`],
        '<sip:b@example.org>',
      ),
    )
    expect(again).toContain('Session-Expires: 3600')
    expect(again).toContain('Min-SE: 3600')
    expect(again).not.toContain('Authorization')
    // Once only: a far end that wants ever more is believed the second time.
    expect(timers.received(message('SIP/2.0 422 Too Small', '2 INVITE', ['Min-SE: 7200']))).toMatch(
      /^SIP\/2\.0 422/,
    )
  })
})
