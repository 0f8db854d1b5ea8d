import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  callingResident,
  holdPatienceMs,
  nextResident,
  type Part,
  politeForMs,
  type ResidentAction,
  type ResidentEvent,
  type ResidentState,
  replyAfterMs,
  soundPatienceMs,
  wakeAtOf,
} from '#shared/practice/resident-behaviour.ts'
import { scenarios } from '#shared/practice/scenarios.ts'

const base: Part = {
  patienceMs: 10_000,
  greetAfterMs: 1000,
  story: [
    { say: 'hello', thenWaitMs: 5000 },
    { say: 'name', thenWaitMs: 5000 },
  ],
  replies: ['yes', 'thanks'],
  prompts: [{ say: 'still-there', thenWaitMs: 8000 }],
  hangsUpAfterMs: null,
}

/** A resident with a clock of their own. */
class Played {
  at = 0
  state: ResidentState
  readonly done: string[] = []
  readonly #part: Part

  constructor(changes: Partial<Part> = {}) {
    this.#part = { ...base, ...changes }
    this.state = callingResident(this.#part, 0)
  }

  happens(...names: ResidentEvent['name'][]): this {
    for (const name of names) {
      const step = nextResident(this.#part, this.state, eventOf(name, this.at))
      this.state = step.state
      this.done.push(...step.actions.map(describeAction))
    }
    return this
  }

  /** Lets time pass, waking the resident as the shell would. */
  waits(ms: number): this {
    const end = this.at + ms
    for (let wake = wakeAtOf(this.state); wake !== null && wake <= end; wake = wakeAtOf(this.state)) {
      this.at = Math.max(this.at, wake)
      this.happens('time-passed')
    }
    this.at = end
    return this
  }

  inTalk(): this {
    return this.happens('answered', 'sound-connected')
  }
}

const eventOf = (name: ResidentEvent['name'], at: number): ResidentEvent =>
  name === 'cued' ? { name, at, line: 'paid' } : { name, at }

const describeAction = (action: ResidentAction): string =>
  action.name === 'say' ? action.line : `(${action.name})`

describe('a resident who calls', () => {
  it('gives up when nobody answers in time', () => {
    expect(new Played().waits(9999).done).toEqual([])
    const played = new Played().waits(10_000)
    expect(played.done).toEqual(['(hang-up)'])
    expect(played.state).toEqual({ name: 'gone', why: 'gave-up' })
  })

  it('hangs up when the line is answered but no sound comes', () => {
    expect(new Played().happens('answered').waits(soundPatienceMs).done).toEqual(['(hang-up)'])
  })

  it('speaks first when the adviser says nothing', () => {
    const played = new Played().inTalk().waits(999)
    expect(played.done).toEqual([])
    expect(played.waits(1).done).toEqual(['hello'])
  })

  it('lets the adviser greet, and answers when the greeting is over', () => {
    const played = new Played().inTalk().happens('adviser-spoke').waits(4000)
    expect(played.done).toEqual([])
    expect(played.happens('adviser-fell-silent').waits(replyAfterMs).done).toEqual(['hello'])
  })

  it('goes on with the story unasked after a while', () => {
    expect(new Played().inTalk().waits(1000).happens('clip-ended').waits(5000).done).toEqual([
      'hello',
      'name',
    ])
  })

  it('says nothing while a line is being said', () => {
    const played = new Played().inTalk().waits(1000)
    expect(played.happens('adviser-spoke', 'adviser-fell-silent').waits(60_000).done).toEqual(['hello'])
  })

  it('waits for the adviser who spoke into the end of a line', () => {
    const played = new Played().inTalk().waits(1000).happens('adviser-spoke', 'clip-ended').waits(6000)
    expect(played.done).toEqual(['hello'])
    expect(played.happens('adviser-fell-silent').waits(replyAfterMs).done).toEqual(['hello', 'name'])
  })

  it('interrupts an adviser who never pauses', () => {
    expect(new Played().inTalk().happens('adviser-spoke').waits(politeForMs).done).toEqual(['hello'])
  })

  it('replies in turn when the story is told, and prompts when it is quiet', () => {
    const played = new Played().inTalk().waits(1000).happens('clip-ended').waits(5000).happens('clip-ended')
    for (let i = 0; i < 3; i++) {
      played.happens('adviser-spoke', 'adviser-fell-silent').waits(replyAfterMs).happens('clip-ended')
    }
    expect(played.done).toEqual(['hello', 'name', 'yes', 'thanks', 'yes'])
    expect(played.waits(8000).done.at(-1)).toBe('still-there')
  })

  it('hangs up after the story when the scenario says so', () => {
    const played = new Played({ hangsUpAfterMs: 700 }).inTalk().waits(1000).happens('clip-ended').waits(5000)
    played.happens('clip-ended').waits(699)
    expect(played.done).toEqual(['hello', 'name'])
    expect(played.happens('adviser-spoke').waits(1).done).toEqual(['hello', 'name', '(hang-up)'])
  })

  it('falls silent on hold and tells again what was cut off', () => {
    const played = new Played().inTalk().waits(1000).happens('held').waits(30_000)
    expect(played.done).toEqual(['hello', '(fall-silent)'])
    expect(played.happens('resumed').waits(replyAfterMs).done).toEqual(['hello', '(fall-silent)', 'hello'])
  })

  it('does not stay on hold for ever', () => {
    expect(new Played().inTalk().happens('held').waits(holdPatienceMs).done).toEqual(['(hang-up)'])
  })

  it('hangs up a dead line, but not one on hold', () => {
    expect(new Played().inTalk().happens('held', 'sound-lost').done).toEqual([])
    expect(new Played().inTalk().happens('sound-lost').done).toEqual(['(hang-up)'])
    expect(new Played().inTalk().waits(1000).happens('sound-lost').done).toEqual(['hello', '(hang-up)'])
  })

  it('says at once what something calls for, and then goes on', () => {
    const played = new Played().inTalk().waits(1000).happens('cued', 'clip-ended').waits(politeForMs)
    expect(played.done).toEqual(['hello', 'paid', 'name'])
    expect(played.happens('clip-ended', 'cued').done.at(-1)).toBe('paid')
  })

  it('does nothing more once the call is over', () => {
    const played = new Played().inTalk().waits(1000).happens('ended')
    expect(played.state).toEqual({ name: 'gone', why: 'ended' })
    expect(played.happens('clip-ended', 'held', 'adviser-spoke').waits(100_000).done).toEqual(['hello'])
  })

  it('keeps the story in order and hangs up at most once, whatever happens', () => {
    const name = fc.constantFrom<ResidentEvent['name']>(
      'answered',
      'sound-connected',
      'adviser-spoke',
      'adviser-fell-silent',
      'clip-ended',
      'time-passed',
      'held',
      'resumed',
    )
    const step = fc.tuple(name, fc.nat(20_000))
    fc.assert(
      fc.property(fc.constantFrom(...scenarios), fc.array(step, { maxLength: 60 }), (scenario, steps) => {
        const played = new Played(scenario)
        for (const [happened, ms] of steps) played.happens(happened).waits(ms)
        expect(played.done.filter((each) => each === '(hang-up)').length).toBeLessThanOrEqual(1)
        const told = played.done.filter((each) => scenario.story.some(({ say }) => say === each))
        const order = told.map((each) => scenario.story.findIndex(({ say }) => say === each))
        expect(order.every((place, i) => i === 0 || place - (order[i - 1] ?? 0) <= 1)).toBe(true)
      }),
    )
  })
})
