import { describe, expect, it } from 'vitest'
import type { Resident } from '#shared/contract/rest.ts'
import { attemptOfValue, attemptToValue } from '#shared/guidance/identity.ts'
import { answerStep, goBack, reopenStep, viewRun } from '#shared/guidance/run.ts'
import type { StepInput } from '#shared/guidance/view.ts'
import {
  contextWith,
  current,
  currentId,
  goOn,
  libraryScript,
  matched,
  now,
  play,
  robin,
  value,
} from './scripts.ts'

const missedBin = libraryScript('missed-bin')
const context = contextWith()

const usual: readonly (readonly [string, StepInput])[] = [
  ['greeting-hello', goOn],
  ['which-bin', value('recycling')],
  ['identity-check', matched],
  ['when-due', value('yesterday')],
  ['assisted', value('no')],
  ['bin-out', value('yes')],
]

describe('the identity check', () => {
  const asked = play(missedBin, usual.slice(0, 2))
  const code = (stepId: string, input: StepInput, run = asked, given = context) => {
    const result = answerStep(missedBin, run, stepId, input, now, given)
    return result.ok ? 'ok' : result.error.code
  }
  const wrong: StepInput = { kind: 'identity', marks: { name: 'matched', address: 'not-matched' } }
  const other: Resident = { ...robin, id: 'resident-2', givenName: 'Alex' }

  it('yields a level, what was compared and when', () => {
    const view = viewRun(missedBin, play(missedBin, [['identity-check', matched]], context, asked), context)
    expect(view.identity).toEqual({
      level: 'standard',
      method: 'name, address',
      at: '2026-11-03T10:00:03.000Z',
      until: '2026-11-03T10:45:03.000Z',
    })
  })

  it('yields the highest level that its questions reach', () => {
    const marks = { name: 'matched', address: 'matched', 'date-of-birth': 'matched' } as const
    const run = play(missedBin, [['identity-check', { kind: 'identity', marks }]], context, asked)
    expect(viewRun(missedBin, run, context).identity).toMatchObject({
      level: 'enhanced',
      method: 'name, address, date of birth',
    })
  })

  it('shows what the record says only when a resident is chosen', () => {
    const records = (resident: Resident | null) => {
      const step = current(viewRun(missedBin, asked, contextWith({ resident })))
      return step.kind === 'verify' ? step.questions.map(({ recordSays }) => recordSays) : []
    }
    expect(records(robin)).toEqual(['Ms Robin Sample', '1 Sample Street, ZZ99 9ZZ', '1 February 1970'])
    expect(records(null)).toEqual([null, null, null])
  })

  it('needs a resident, every needed question, and something to compare with', () => {
    expect(code('identity-check', matched, asked, contextWith({ resident: null }))).toBe(
      'guidance/no-resident',
    )
    const some: StepInput = { kind: 'identity', marks: { name: 'matched' } }
    expect(code('identity-check', some, asked)).toBe('guidance/identity-incomplete')
    const { dateOfBirth: _dateOfBirth, ...undated } = robin
    const born: StepInput = {
      kind: 'identity',
      marks: { name: 'matched', address: 'matched', 'date-of-birth': 'matched' },
    }
    expect(code('identity-check', born, asked, contextWith({ resident: undated }))).toBe(
      'guidance/identity-nothing-to-compare',
    )
  })

  it('does not count marks for questions it does not have', () => {
    const made: StepInput = {
      kind: 'identity',
      marks: { name: 'matched', shoe: 'matched', 'address=matched,x': 'matched' },
    }
    expect(code('identity-check', made, asked)).toBe('guidance/identity-incomplete')
  })

  it('may fail once, then goes on with no personal data', () => {
    const once = play(missedBin, [['identity-check', wrong]], context, asked)
    expect(current(viewRun(missedBin, once, context))).toMatchObject({
      stepId: 'identity-check',
      attemptsLeft: 1,
      notMatched: true,
    })
    expect(viewRun(missedBin, once, context).identity).toBeNull()
    const twice = play(missedBin, [['identity-check', wrong]], context, once)
    expect(viewRun(missedBin, twice, context)).toMatchObject({
      current: { stepId: 'missed-address' },
      identity: { level: 'none', method: 'not matched' },
    })
  })

  it('passes on the second attempt', () => {
    const run = play(
      missedBin,
      [
        ['identity-check', wrong],
        ['identity-check', matched],
      ],
      context,
      asked,
    )
    expect(viewRun(missedBin, run, context).identity?.level).toBe('standard')
  })

  it('gives no attempts back when it is opened again', () => {
    let run = play(
      missedBin,
      [
        ['identity-check', wrong],
        ['identity-check', wrong],
      ],
      context,
      asked,
    )
    run = goBack(missedBin, run, context)
    expect(current(viewRun(missedBin, run, context))).toMatchObject({
      stepId: 'identity-check',
      attemptsLeft: 0,
    })
    expect(code('identity-check', matched, run)).toBe('guidance/identity-no-attempts')
    run = play(missedBin, [['identity-check', { kind: 'declined' }]], context, run)
    expect(currentId(missedBin, run)).toBe('missed-address')
  })

  it('may be declined, and the run goes on without a record', () => {
    const run = play(
      missedBin,
      [['identity-check', { kind: 'declined' }]],
      contextWith({ resident: null }),
      asked,
    )
    expect(viewRun(missedBin, run, contextWith({ resident: null }))).toMatchObject({
      current: { stepId: 'missed-address' },
      identity: { level: 'none', method: 'declined' },
    })
  })

  it('holds for one resident: choosing another opens it again and keeps the answers after it', () => {
    const run = play(missedBin, usual)
    const changed = contextWith({ resident: other })
    const view = viewRun(missedBin, run, changed)
    expect(view.identity).toBeNull()
    expect(view.current?.stepId).toBe('identity-check')
    const again = play(missedBin, [['identity-check', matched]], changed, run)
    expect(viewRun(missedBin, again, changed)).toMatchObject({
      current: { stepId: 'tag' },
      identity: { level: 'standard' },
    })
  })

  it('is not shown while no resident is chosen', () => {
    const run = play(missedBin, usual)
    expect(viewRun(missedBin, run, contextWith({ resident: null })).identity).toBeNull()
    expect(viewRun(missedBin, run, context).identity?.level).toBe('standard')
  })

  it('stays with the call when an earlier step is opened again', () => {
    const run = reopenStep(missedBin, play(missedBin, usual), 'which-bin', context)
    expect(viewRun(missedBin, run, context).identity?.level).toBe('standard')
  })

  it('cannot be forged by a record that names no questions', () => {
    const forged = {
      ...asked,
      answers: [...asked.answers, { stepId: 'identity-check', value: 'standard', at: now }],
    }
    expect(viewRun(missedBin, forged, context)).toMatchObject({
      current: { stepId: 'identity-check' },
      identity: null,
    })
  })
})

describe('an attempt', () => {
  it('is kept as plain text and read back', () => {
    const attempt = {
      kind: 'compared',
      residentId: 'r=1',
      marks: { name: 'matched', address: 'not-asked' },
    } as const
    expect(attemptToValue(attempt)).toEqual(['resident=r=1', 'name=matched', 'address=not-asked'])
    expect(attemptOfValue(attemptToValue(attempt))).toEqual(attempt)
  })

  it.each(['standard', true, 3, [], ['name=matched'], [3]])('is not seen in %j', (value) => {
    expect(attemptOfValue(value)).toBeNull()
  })
})
