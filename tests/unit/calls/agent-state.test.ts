import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  type AgentEvent,
  type AgentPosition,
  answerOf,
  nextAgentState,
  runsOutAt,
  unknownAgent,
} from '#shared/calls/agent-state.ts'
import { agentStateAnswer } from '#shared/contract/rest.ts'

const start = Date.UTC(2026, 10, 3, 9)
const iso = (seconds: number) => new Date(start + seconds * 1000).toISOString()

/** An event without its time, which is its place in the list in seconds. */
type Happening = AgentEvent extends infer E ? (E extends AgentEvent ? Omit<E, 'at'> : never) : never

const ready: Happening = { name: 'requested', request: { name: 'ready' } }
const lunch: Happening = { name: 'requested', request: { name: 'not-ready', reason: 'lunch' } }
const aBreak: Happening = { name: 'requested', request: { name: 'not-ready', reason: 'break' } }
const extend: Happening = { name: 'requested', request: { name: 'wrap-up', extendSeconds: 30 } }
const offered: Happening = { name: 'offered', queueId: 'waste' }
const answered: Happening = { name: 'answered', queueId: 'waste' }
const dialled: Happening = { name: 'dialled' }
const ended: Happening = { name: 'ended', wrapUpSeconds: 60 }
const missed: Happening = { name: 'missed' }
const phoneLost: Happening = { name: 'phone-lost' }
const phoneFound: Happening = { name: 'phone-found' }
const signedIn: Happening = { name: 'signed-in' }

const happen = (position: AgentPosition, happening: Happening, seconds: number) =>
  nextAgentState(position, { ...happening, at: start + seconds * 1000 } as AgentEvent, { break: 15 })

/** The first happens at second 1. */
const having = (...happenings: Happening[]): AgentPosition =>
  happenings.reduce((position, each, index) => happen(position, each, index + 1), unknownAgent(start))

const runOut = (position: AgentPosition): AgentPosition =>
  nextAgentState(position, { name: 'time-ran-out', at: runsOutAt(position) ?? 0 }, { break: 15 })

describe('an adviser’s state', () => {
  test('is unknown until something is heard, and not ready after signing in', () => {
    expect(having().state).toEqual({ name: 'not-ready', reason: 'unknown', since: iso(0) })
    expect(having(signedIn).state).toEqual({ name: 'not-ready', reason: 'signed-in', since: iso(1) })
  })

  test('is what was asked for when there is no call', () => {
    expect(having(ready).state).toEqual({ name: 'ready', since: iso(1) })
    expect(having(ready, lunch).state).toEqual({ name: 'not-ready', reason: 'lunch', since: iso(2) })
  })

  test('keeps its time when asked for again', () => {
    expect(having(ready, ready).state).toEqual({ name: 'ready', since: iso(1) })
    expect(having(lunch, lunch).state).toMatchObject({ since: iso(1) })
  })

  test('runs from ringing through the call to wrap-up and back to ready', () => {
    expect(having(ready, offered).state).toEqual({ name: 'ringing', since: iso(2), queueId: 'waste' })
    expect(having(ready, offered, answered).state).toEqual({
      name: 'on-call',
      since: iso(3),
      queueId: 'waste',
    })
    const wrapUp = having(ready, offered, answered, ended)
    expect(wrapUp.state).toEqual({ name: 'wrap-up', since: iso(4), until: iso(64), queueId: 'waste' })
    expect(runOut(wrapUp).state).toEqual({ name: 'ready', since: iso(64) })
  })

  test('do not disturb holds through a call of one’s own and its wrap-up', () => {
    const undisturbed: Happening = {
      name: 'requested',
      request: { name: 'not-ready', reason: 'do-not-disturb' },
    }
    const holds = (...happenings: Happening[]) => answerOf(having(...happenings)).undisturbed ?? false
    expect(holds(undisturbed)).toBe(true)
    expect(holds(undisturbed, dialled)).toBe(true)
    expect(holds(undisturbed, dialled, ended)).toBe(true)
    expect(holds(undisturbed, dialled, ended, ready)).toBe(false)
    expect(answerOf(runOut(having(undisturbed, dialled, ended))).undisturbed).toBe(true)
    expect(holds(lunch, dialled)).toBe(false)
    expect(holds(undisturbed, dialled, ready)).toBe(false)
    expect(holds(ready, offered, answered, undisturbed)).toBe(true)
  })

  test('goes without wrap-up where there is none', () => {
    expect(having(ready, offered, answered, { name: 'ended', wrapUpSeconds: 0 }).state.name).toBe('ready')
  })

  test('asked for during a call it follows the wrap-up', () => {
    const onCall = having(ready, offered, answered, lunch)
    expect(answerOf(onCall)).toEqual({
      state: { name: 'on-call', since: iso(3), queueId: 'waste' },
      pending: { name: 'not-ready', reason: 'lunch' },
    })
    const wrapUp = happen(onCall, ended, 5)
    expect(answerOf(wrapUp).pending).toEqual({ name: 'not-ready', reason: 'lunch' })
    expect(answerOf(runOut(wrapUp))).toEqual({
      state: { name: 'not-ready', reason: 'lunch', since: iso(65) },
      pending: null,
    })
  })

  test('asked for while it rings it follows when nobody answered', () => {
    expect(having(ready, offered, lunch, ended).state).toMatchObject({ name: 'not-ready', reason: 'lunch' })
  })

  test('the last request of a call counts', () => {
    expect(runOut(having(ready, offered, answered, lunch, ready, ended)).state.name).toBe('ready')
  })

  test('a request of a call is taken back by asking for what would follow anyway', () => {
    expect(having(ready, offered, answered, lunch, ready).pending).toBeNull()
    expect(having(lunch, dialled, ready).pending).toEqual({ name: 'ready' })
    expect(having(lunch, dialled, ready, lunch).pending).toBeNull()
  })

  test('a request of a call is replaced by another', () => {
    expect(having(ready, offered, answered, lunch, aBreak).pending).toEqual({
      name: 'not-ready',
      reason: 'break',
    })
  })

  test('what was written about working all the same goes to the record, not into what follows', () => {
    const override = { failed: ['round-trip'], reason: 'The line is good enough' }
    const asked = having(lunch, dialled, { name: 'requested', request: { name: 'ready', override } })
    expect(asked.pending).toEqual({ name: 'ready' })
    const idle = having(lunch, { name: 'requested', request: { name: 'ready', override } })
    expect(idle.state).toEqual({ name: 'ready', since: iso(2) })
  })

  test('a reason with a limit says when it ends, and ends as timed out', () => {
    const onBreak = having(ready, aBreak)
    expect(onBreak.state).toEqual({ name: 'not-ready', reason: 'break', since: iso(2), until: iso(902) })
    expect(happen(onBreak, { name: 'time-ran-out' }, 901)).toBe(onBreak)
    const over = runOut(onBreak)
    expect(over.state).toEqual({ name: 'not-ready', reason: 'timed-out', since: iso(902) })
    expect(runsOutAt(over)).toBeNull()
    expect(happen(over, aBreak, 903).state).toMatchObject({ reason: 'break', until: iso(1803) })
  })

  test('asking again for the same break makes it no longer', () => {
    expect(having(aBreak, aBreak).state).toMatchObject({ until: iso(901) })
  })

  test('a break goes on after a call made in it, and does not begin again', () => {
    const wrapUp = having(aBreak, dialled, ended)
    expect(runOut(wrapUp).state).toEqual({
      name: 'not-ready',
      reason: 'break',
      since: iso(63),
      until: iso(901),
    })
    const late = happen(having(aBreak, dialled), ended, 880)
    expect(runOut(late).state).toEqual({ name: 'not-ready', reason: 'timed-out', since: iso(940) })
  })

  test('a break asked for during a call begins when it follows', () => {
    const wrapUp = having(ready, offered, answered, aBreak, ended)
    expect(runOut(wrapUp).state).toEqual({
      name: 'not-ready',
      reason: 'break',
      since: iso(65),
      until: iso(965),
    })
  })

  test('a break asked for while it rings is what a missed call leads to', () => {
    expect(having(ready, offered, aBreak, missed).state).toMatchObject({ reason: 'break' })
    expect(having(lunch, offered, ready, missed).state).toMatchObject({ reason: 'missed-call' })
  })

  test('a request in wrap-up ends it at once', () => {
    const wrapUp = [ready, offered, answered, ended]
    expect(having(...wrapUp, ready)).toMatchObject({ state: { name: 'ready', since: iso(5) }, pending: null })
    expect(having(...wrapUp, lunch).state).toMatchObject({ name: 'not-ready', reason: 'lunch' })
  })

  test('wrap-up lasts longer when asked, and only wrap-up does', () => {
    const longer = having(ready, offered, answered, ended, extend)
    expect(longer.state).toMatchObject({ name: 'wrap-up', since: iso(4), until: iso(94) })
    const onCall = having(ready, offered, answered)
    expect(happen(onCall, extend, 9)).toBe(onCall)
    const idle = having(ready)
    expect(happen(idle, extend, 9)).toBe(idle)
  })

  test('a timer that fires before the end of a lengthened wrap-up changes nothing', () => {
    const longer = having(ready, offered, answered, ended, extend)
    expect(happen(longer, { name: 'time-ran-out' }, 64)).toBe(longer)
  })

  test('a call the caller gave up goes back to ready without wrap-up', () => {
    expect(having(ready, offered, ended).state).toEqual({ name: 'ready', since: iso(3) })
  })

  test('a missed call makes not ready, and so does nothing else that ends', () => {
    expect(having(ready, offered, missed).state).toEqual({
      name: 'not-ready',
      reason: 'missed-call',
      since: iso(3),
    })
    const onCall = having(ready, offered, answered)
    expect(happen(onCall, missed, 9)).toBe(onCall)
  })

  test('an adviser who rings someone while not ready is not ready afterwards', () => {
    const wrapUp = having(lunch, dialled, answered, ended)
    expect(wrapUp.state).toEqual({ name: 'wrap-up', since: iso(4), until: iso(64) })
    expect(runOut(wrapUp).state).toMatchObject({ name: 'not-ready', reason: 'lunch' })
  })

  test('a lost phone takes ready and ringing away', () => {
    const reason = 'phone-not-ready'
    expect(having(ready, phoneLost).state).toMatchObject({ name: 'not-ready', reason })
    expect(having(ready, offered, phoneLost).state).toMatchObject({ name: 'not-ready', reason })
    expect(having(lunch, phoneLost).state).toMatchObject({ name: 'not-ready', reason: 'lunch' })
  })

  test('a lost phone ends no call, and ready does not follow while it is lost', () => {
    const onCall = having(ready, offered, answered, phoneLost)
    expect(onCall.state.name).toBe('on-call')
    expect(runOut(happen(onCall, ended, 5)).state).toMatchObject({
      name: 'not-ready',
      reason: 'phone-not-ready',
    })
    expect(runOut(happen(happen(onCall, phoneFound, 5), ended, 6)).state.name).toBe('ready')
    expect(runOut(happen(happen(onCall, lunch, 5), ended, 6)).state).toMatchObject({ reason: 'lunch' })
  })

  test('signing in again leaves a call alone and takes ready away', () => {
    const onCall = having(ready, offered, answered)
    expect(happen(onCall, signedIn, 9)).toBe(onCall)
    expect(having(ready, signedIn).state).toMatchObject({ name: 'not-ready', reason: 'signed-in' })
  })

  test('signing out is not ready whatever went before', () => {
    expect(having(ready, offered, answered, lunch, { name: 'signed-out' })).toEqual(
      unknownAgent(start + 5000),
    )
  })

  test('whatever happens, the answer keeps to the contract, and ready has nothing pending', () => {
    const happenings = fc.array(
      fc.constantFrom(
        ...[ready, lunch, extend, offered, answered, dialled, ended, missed, phoneLost, phoneFound, signedIn],
        { name: 'signed-out' } as const,
        { name: 'time-ran-out' } as const,
      ),
      { maxLength: 40 },
    )
    fc.assert(
      fc.property(happenings, (list) => {
        const position = having(...list)
        const answer = answerOf(position)
        expect(agentStateAnswer.parse(answer)).toEqual(answer)
        if (answer.state.name === 'ready' || answer.state.name === 'not-ready')
          expect(answer.pending).toBeNull()
        if (answer.state.name === 'ready')
          expect(position).toMatchObject({ rest: { name: 'ready' }, phoneLost: false })
        if (answer.state.name === 'wrap-up') expect(runOut(position).state.name).toMatch(/ready$/)
      }),
    )
  })
})
