import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { retryDelayMs } from '#shared/calls/backoff.ts'
import { nextRegistration, notRegistered, type RegistrationEvent } from '#shared/calls/registration.ts'
import type { Registration } from '#shared/contract/phone.ts'
import { registration as registrationSchema } from '#shared/contract/phone.ts'

const registered: Registration = { name: 'registered', since: 500 }
const lost = (at: number, jitter: number) =>
  ({ name: 'lost', at, reason: 'no-connection', jitter }) as const satisfies RegistrationEvent

describe('registration', () => {
  it('goes from off over connecting to registered', () => {
    const connecting = nextRegistration(notRegistered, { name: 'asked', at: 10 })
    expect(connecting).toEqual({ name: 'connecting', attempt: 0, since: 10 })
    expect(nextRegistration(connecting, { name: 'accepted', at: 60 })).toEqual({
      name: 'registered',
      since: 60,
    })
  })

  it('waits at most a quarter of a second before the first retry', () => {
    expect(nextRegistration(registered, lost(1_000, 0.999))).toEqual({
      name: 'waiting',
      attempt: 1,
      since: 1_000,
      nextTryAt: 1_250,
      reason: 'no-connection',
    })
  })

  it('lets no more than a second pass between two tries while a call is up', () => {
    let state: Registration = registered
    for (let at = 0; at < 10; at += 1) {
      state = nextRegistration(state, { ...lost(at, 0.999), callIsUp: true })
      expect(state.name === 'waiting' && state.nextTryAt - at).toBeLessThanOrEqual(1_000)
      state = nextRegistration(state, { name: 'wait-ended', at })
    }
    expect(nextRegistration(state, lost(20, 0.999))).toMatchObject({ nextTryAt: 20 + 7_992 })
  })

  it('counts the retries until it is registered again', () => {
    let state = nextRegistration(registered, lost(0, 0))
    for (let at = 1; at <= 3; at += 1) {
      state = nextRegistration(state, { name: 'wait-ended', at })
      state = nextRegistration(state, lost(at, 0))
    }
    expect(state).toMatchObject({ name: 'waiting', attempt: 4 })
    state = nextRegistration(state, { name: 'wait-ended', at: 9 })
    state = nextRegistration(state, { name: 'accepted', at: 10 })
    expect(nextRegistration(state, lost(11, 0))).toMatchObject({ attempt: 1 })
  })

  it('begins its tries anew when what was waited for may be over', () => {
    let state = nextRegistration(registered, lost(1_000, 0.9))
    for (let attempt = 2; attempt < 6; attempt += 1) {
      state = nextRegistration(state, { name: 'wait-ended', at: 2_000 })
      state = nextRegistration(state, lost(3_000, 0.9))
    }
    expect(state).toMatchObject({ name: 'waiting', attempt: 5 })
    state = nextRegistration(state, { name: 'asked', at: 3_010, anew: true })
    expect(state).toEqual({ name: 'connecting', attempt: 0, since: 3_010 })
    expect(nextRegistration(state, lost(3_020, 0.9))).toMatchObject({ nextTryAt: 3_020 + 225 })
  })

  it('tries at once when asked while waiting', () => {
    const waiting = nextRegistration(registered, lost(1_000, 0.9))
    expect(nextRegistration(waiting, { name: 'asked', at: 1_010 })).toEqual({
      name: 'connecting',
      attempt: 1,
      since: 1_010,
    })
  })

  it.each([401, 403, 404, 407, 603])('stops trying when the registrar answers %i', (status) => {
    const connecting = nextRegistration(notRegistered, { name: 'asked', at: 0 })
    const refused = nextRegistration(connecting, { name: 'rejected', at: 5, status, jitter: 0.5 })
    expect(refused).toEqual({ name: 'refused', status, since: 5 })
    expect(nextRegistration(refused, { name: 'wait-ended', at: 6 })).toBe(refused)
    expect(nextRegistration(refused, { name: 'asked', at: 7 })).toMatchObject({
      name: 'connecting',
      attempt: 0,
    })
  })

  it('waits as long as a busy registrar asks for, up to a minute', () => {
    const connecting = nextRegistration(notRegistered, { name: 'asked', at: 0 })
    const rejected = { name: 'rejected', at: 0, status: 503, jitter: 0 } as const
    expect(nextRegistration(connecting, { ...rejected, retryAfterMs: 20_000 })).toMatchObject({
      name: 'waiting',
      nextTryAt: 20_000,
      reason: 'server-error',
    })
    expect(nextRegistration(connecting, { ...rejected, retryAfterMs: 3_600_000 })).toMatchObject({
      nextTryAt: 60_000,
    })
  })

  it('is off for good after unregistering, whatever was under way', () => {
    for (const state of [registered, nextRegistration(registered, lost(0, 0.5))]) {
      const off = nextRegistration(state, { name: 'unregistered', reason: 'signed-out' })
      expect(off).toEqual({ name: 'off', reason: 'signed-out' })
      expect(nextRegistration(off, { name: 'accepted', at: 1 })).toBe(off)
      expect(nextRegistration(off, lost(1, 0.5))).toBe(off)
      expect(nextRegistration(off, { name: 'wait-ended', at: 1 })).toBe(off)
    }
  })

  it('never throws and always fits the contract, whatever happens in whatever order', () => {
    const jitter = fc.double({ min: 0, max: 0.999, noNaN: true })
    const event: fc.Arbitrary<RegistrationEvent> = fc.oneof(
      fc.record({
        name: fc.constantFrom('asked' as const, 'wait-ended' as const, 'accepted' as const),
        at: fc.nat(),
      }),
      fc.record({
        name: fc.constant('rejected' as const),
        at: fc.nat(),
        status: fc.integer({ min: 300, max: 699 }),
        jitter,
      }),
      fc.record({
        name: fc.constant('lost' as const),
        at: fc.nat(),
        reason: fc.constantFrom('no-connection' as const, 'no-answer' as const),
        jitter,
        callIsUp: fc.boolean(),
      }),
      fc.constant<RegistrationEvent>({ name: 'unregistered', reason: 'unregistered' }),
    )
    fc.assert(
      fc.property(fc.array(event), (events) => {
        const state = events.reduce(nextRegistration, notRegistered)
        expect(registrationSchema.safeParse(state).success).toBe(true)
        if (state.name === 'waiting') expect(state.nextTryAt).toBeGreaterThanOrEqual(state.since)
      }),
    )
  })
})

describe('the back-off', () => {
  it('doubles from half a second to eight and stays there', () => {
    expect([1, 2, 3, 4, 5, 6, 7, 1_000].map((attempt) => retryDelayMs(attempt, 1))).toEqual([
      250, 500, 1_000, 2_000, 4_000, 8_000, 8_000, 8_000,
    ])
  })

  it('may come down to nothing at any attempt, so that desks spread out', () => {
    expect([1, 4, 9].map((attempt) => retryDelayMs(attempt, 0))).toEqual([0, 0, 0])
  })
})
