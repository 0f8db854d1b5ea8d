import { afterEach, describe, expect, it, vi } from 'vitest'
import { replayAt } from '#shared/guidance/replay.ts'
import { answerStep, reopenStep, startRun } from '#shared/guidance/run.ts'
import type { StepInput } from '#shared/guidance/view.ts'
import { contextWith, goOn, published, sketch, value } from './scripts.ts'

const script = published(
  sketch({
    due: {
      kind: 'ask',
      input: 'date',
      go: 'late',
      routes: [
        { when: 'due = today()', go: 'today' },
        { when: 'time(now()) > time("17:00:00")', go: 'evening' },
      ],
    },
    today: { kind: 'say', go: 'end' },
    evening: { kind: 'say', go: 'end' },
    late: { kind: 'say', go: 'end' },
    end: { kind: 'outcome', disposition: 'done', case: false },
  }),
)

/** Answers given at their times, as on the desk at those moments. */
function given(...answers: readonly (readonly [string, StepInput, string])[]) {
  return answers.reduce(
    (run, [stepId, input, at]) => {
      const context = contextWith({ now: at, today: at.slice(0, 10) })
      const answered = answerStep(script, run, stepId, input, at, context)
      if (!answered.ok) throw new Error(answered.error.code)
      return answered.value
    },
    startRun(script, '2026-11-03T10:00:00Z'),
  )
}

const run = given(
  ['due', value('2026-11-03'), '2026-11-03T10:01:00Z'],
  ['today', goOn, '2026-11-03T10:02:00Z'],
  ['end', goOn, '2026-11-03T10:03:00Z'],
)

describe('a run replayed', () => {
  afterEach(() => {
    vi.useRealTimers()
  })

  it('takes the route it took, whenever it is looked at and wherever it comes from', () => {
    for (const machine of ['2026-11-03T10:00:00Z', '2026-11-04T23:30:00Z', '2031-06-01T18:00:00Z']) {
      vi.useFakeTimers({ now: new Date(machine) })
      // From another desk or from an archive: nothing of it is remembered here.
      const stored = JSON.parse(JSON.stringify(run))
      expect(replayAt(script, stored, '2031-06-01T18:00:00Z')).toEqual({
        way: ['due', 'today', 'end'],
        open: null,
      })
    }
  })

  it('stands where it stood at a moment', () => {
    expect(replayAt(script, run, '2026-11-03T10:00:59Z')).toEqual({ way: [], open: 'due' })
    expect(replayAt(script, run, '2026-11-03T10:01:00Z')).toEqual({ way: ['due'], open: 'today' })
    expect(replayAt(script, run, '2026-11-03T10:02:30Z')).toEqual({ way: ['due', 'today'], open: 'end' })
  })

  it('takes the route of the day and the hour the answer was given, not of those of the call before it', () => {
    const evening = given(['due', value('2026-11-01'), '2026-11-03T17:30:00Z'])
    expect(replayAt(script, evening, '2027-01-01T00:00:00Z').open).toBe('evening')
    const morning = given(['due', value('2026-11-01'), '2026-11-03T09:30:00Z'])
    expect(replayAt(script, morning, '2027-01-01T20:00:00Z').open).toBe('late')
  })

  it('shows a step opened again from the moment it was', () => {
    const again = reopenStep(script, run, 'due', contextWith({ now: '2026-11-03T10:10:00Z' }))
    expect(replayAt(script, again, '2026-11-03T10:09:00Z').open).toBeNull()
    expect(replayAt(script, again, '2026-11-03T10:10:00Z')).toEqual({ way: [], open: 'due' })
  })
})
