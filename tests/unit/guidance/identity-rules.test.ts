import { describe, expect, it } from 'vitest'
import type { IdentityCheck, Resident } from '#shared/contract/rest.ts'
import type { VerifyStep } from '#shared/guidance/format.ts'
import { levelNow, levelsFor, questionsFor } from '#shared/guidance/identity.ts'
import { publishable } from '#shared/guidance/publish.ts'
import { answerStep, endCheck, reopenStep, viewRun } from '#shared/guidance/run.ts'
import type { GuidanceContext, StepInput } from '#shared/guidance/view.ts'
import {
  contextWith,
  current,
  goOn,
  libraryFiles,
  libraryParts,
  matched,
  now,
  play,
  published,
  robin,
  sketch,
  value,
} from './scripts.ts'

const check = {
  kind: 'verify',
  questions: [
    { id: 'name', compares: 'fullName' },
    { id: 'address', compares: 'address' },
    { id: 'born', compares: 'dateOfBirth' },
    { id: 'authority', compares: 'authority' },
  ],
  levels: [
    { level: 'enhanced', needs: ['name', 'address', 'born'] },
    { level: 'standard', needs: ['name', 'address'] },
  ],
  parties: {
    'third-party': [{ level: 'standard', needs: ['authority', 'name', 'address'] }],
    councillor: [{ level: 'standard', needs: ['authority', 'address'] }],
  },
  attempts: 2,
  attemptsPerContact: 3,
  holdsForMinutes: 30,
  endsAfterHoldMinutes: 5,
  passed: 'colour',
  failed: 'colour',
}
const steps = (verify: object = check) => ({
  check: { ...verify, passed: 'colour', failed: 'no-record' },
  colour: { kind: 'ask', input: 'yesNo', go: 'tell' },
  tell: { kind: 'inform', discloses: 'standard', go: 'last' },
  last: { kind: 'ask', input: 'yesNo', go: 'done' },
  'no-record': { kind: 'ask', input: 'yesNo', go: 'done' },
  done: { kind: 'outcome', disposition: 'advice-given', case: false },
})
const script = published(sketch(steps()))
const olderScript = published(
  sketch(
    steps({
      kind: 'verify',
      questions: check.questions.slice(0, 2),
      levels: check.levels.slice(1),
      attempts: 2,
    }),
  ),
)

const marks = (given: Record<string, 'matched' | 'not-matched'>): StepInput => ({
  kind: 'identity',
  marks: given,
})
const wrong = marks({ name: 'not-matched' })
const others: GuidanceContext['speaker'] = { party: 'third-party', name: 'Alex Sample' }
const authorised: Resident = {
  ...robin,
  authorities: [
    { party: 'third-party', name: 'Alex Sample', detail: 'brother', until: '2026-12-31' },
    { party: 'councillor', name: 'Councillor Jo Sample' },
  ],
}
const atMinute = (minutes: number) => new Date(Date.parse(now) + minutes * 60_000).toISOString()
const later = (minutes: number, change: Partial<GuidanceContext> = {}) =>
  contextWith({ now: atMinute(minutes), ...change })
const codeOf = (input: StepInput, context: GuidanceContext, of = script) => {
  const result = answerStep(of, play(of, []), 'check', input, now, context)
  return result.ok ? 'ok' : result.error.code
}

describe('who speaks', () => {
  it('asks an interpreter or a relay assistant what the resident is asked, in all of the library', () => {
    const sources = [...libraryFiles().map(({ content }) => content), ...libraryParts()]
    const checks = sources
      .flatMap((content) => Object.values((content as { steps: Record<string, object> }).steps))
      .filter((step) => 'kind' in step && step.kind === 'verify') as VerifyStep[]
    expect(checks.length).toBeGreaterThan(0)
    for (const verify of checks) {
      expect(questionsFor(verify, 'interpreter')).toEqual(questionsFor(verify, 'resident'))
      expect(levelsFor(verify, 'interpreter')).toEqual(verify.levels)
    }
  })

  it('keeps with whom the check was made', () => {
    const speaker = { party: 'interpreter', name: 'Interpreting service' } as const
    const context = contextWith({ speaker })
    const view = viewRun(script, play(script, [['check', matched]], context), context)
    expect(view.identity).toEqual({
      level: 'standard',
      method: 'name, address',
      at: '2026-11-03T10:00:01.000Z',
      party: 'interpreter',
      partyName: 'Interpreting service',
      until: '2026-11-03T10:30:01.000Z',
    })
  })

  it('tells others nothing unless the record holds an authority that has not ended', () => {
    const full = marks({ authority: 'matched', name: 'matched', address: 'matched' })
    expect(codeOf(full, contextWith({ speaker: others }))).toBe('guidance/identity-nothing-to-compare')
    expect(codeOf(matched, contextWith({ speaker: others, resident: authorised }))).toBe(
      'guidance/identity-incomplete',
    )
    expect(codeOf(full, contextWith({ speaker: others, resident: authorised }))).toBe('ok')
    const ended = contextWith({ speaker: others, resident: authorised, today: '2027-01-01' })
    expect(codeOf(full, ended)).toBe('guidance/identity-nothing-to-compare')
  })

  it('asks each party its own questions, up to its own level', () => {
    const shown = (party: 'resident' | 'third-party' | 'councillor') => {
      const context = contextWith({ speaker: { party, name: '' }, resident: authorised })
      const view = current(viewRun(script, play(script, []), context))
      return view.kind === 'verify' ? [view.questions.map(({ id }) => id), view.reachable] : []
    }
    expect(shown('resident')).toEqual([['name', 'address', 'born'], 'enhanced'])
    expect(shown('third-party')).toEqual([['name', 'address', 'authority'], 'standard'])
    expect(shown('councillor')).toEqual([['address', 'authority'], 'standard'])
  })

  it('opens nothing to others in a script that says nothing of them', () => {
    const context = contextWith({ speaker: others, resident: authorised })
    expect(codeOf(matched, context, olderScript)).toBe('guidance/identity-not-for-party')
    expect(current(viewRun(olderScript, play(olderScript, []), context))).toMatchObject({
      reachable: 'none',
      questions: [],
    })
    expect(codeOf(matched, contextWith(), olderScript)).toBe('ok')
  })

  it('checks again when somebody else takes the telephone, and keeps the answers', () => {
    const run = play(script, [
      ['check', matched],
      ['colour', value('yes')],
    ])
    const view = viewRun(script, run, contextWith({ speaker: others, resident: authorised }))
    expect(view).toMatchObject({ identity: null, current: { stepId: 'check' } })
    const interpreted = contextWith({ speaker: { party: 'interpreter', name: 'Interpreter' } })
    expect(viewRun(script, run, interpreted)).toMatchObject({
      identity: { level: 'standard' },
      current: { stepId: 'tell', withheld: false },
    })
  })
})

describe('how long a check holds', () => {
  const checked = play(script, [
    ['check', matched],
    ['colour', value('yes')],
  ])

  it('asks again once it has run out and something ahead needs it', () => {
    expect(viewRun(script, checked, later(29)).current?.stepId).toBe('tell')
    const view = viewRun(script, checked, later(31))
    expect(view.current).toMatchObject({ stepId: 'check', ranOut: true })
    expect(view.identity).toMatchObject({ level: 'standard', until: '2026-11-03T10:30:01.000Z' })
    expect(levelNow(view.identity, atMinute(31))).toBe('none')
    expect(levelNow(view.identity, atMinute(29))).toBe('standard')
    const again = answerStep(script, checked, 'check', matched, atMinute(31), later(31))
    expect(again.ok && viewRun(script, again.value, later(31))).toMatchObject({
      current: { stepId: 'tell', withheld: false },
      identity: { until: atMinute(61) },
    })
  })

  it('stays where it is when nothing ahead needs it', () => {
    const run = play(script, [['tell', goOn]], contextWith(), checked)
    expect(viewRun(script, run, later(31)).current?.stepId).toBe('last')
  })

  it('does not run out while what is left is written after the call', () => {
    const view = viewRun(script, checked, later(90, { callEnded: atMinute(10) }))
    expect(view.current).toMatchObject({ stepId: 'tell', withheld: false })
  })

  it('can be ended, as after a long hold, and is on record for what it was', () => {
    const ended = endCheck(script, checked, atMinute(6), later(6))
    const view = viewRun(script, ended, later(6))
    expect(view).toMatchObject({ current: { stepId: 'check' }, identity: { until: atMinute(6) } })
    expect(endCheck(script, ended, atMinute(7), later(7))).toBe(ended)
    expect(endCheck(script, play(script, []), atMinute(1), later(1)).answers).toEqual([])
  })

  it('holds to the end of the contact in a script that says nothing of it', () => {
    const run = play(olderScript, [['check', matched]])
    expect(viewRun(olderScript, run, later(600)).identity?.until).toBeUndefined()
    expect(viewRun(olderScript, run, later(600)).current?.stepId).toBe('colour')
  })
})

describe('attempts of one contact', () => {
  const alex: Resident = { ...robin, id: 'resident-2', givenName: 'Alex' }
  const left = (context: GuidanceContext, run = play(script, [])) => {
    const view = current(viewRun(script, run, context))
    return view.kind === 'verify' ? view.attemptsLeft : null
  }

  it('are counted for each resident and for the contact', () => {
    const once = play(script, [['check', wrong]])
    expect(viewRun(script, once, contextWith()).failedAttempts).toEqual({ 'resident-1': 1 })
    expect(left(contextWith(), once)).toBe(1)
    expect(left(contextWith({ resident: alex }), once)).toBe(2)
    const other = play(script, [['check', wrong]], contextWith({ resident: alex }), once)
    expect(left(contextWith({ resident: alex }), other)).toBe(1)
    expect(left(contextWith(), other)).toBe(1)
    const spent = play(script, [['check', wrong]], contextWith({ resident: alex }), other)
    const reopened = reopenStep(script, spent, 'check', contextWith())
    expect(left(contextWith(), reopened)).toBe(0)
  })

  it('are not given back by another script, and the run replays by itself', () => {
    const context = contextWith({ failedAttempts: { 'resident-1': 1 } })
    expect(left(context)).toBe(1)
    const run = play(script, [['check', wrong]], context)
    const replayed = viewRun(script, { ...run }, contextWith())
    expect(replayed).toMatchObject({
      current: { stepId: 'no-record' },
      identity: { level: 'none', method: 'not matched' },
      failedAttempts: { 'resident-1': 2 },
    })
    expect(codeOf(matched, contextWith({ failedAttempts: { 'resident-1': 2 } }))).toBe(
      'guidance/identity-no-attempts',
    )
    const elsewhere = contextWith({ failedAttempts: { 'resident-7': 1, 'resident-8': 1 } })
    const last = play(script, [['check', wrong]], elsewhere)
    expect(viewRun(script, { ...last }, contextWith()).current?.stepId).toBe('no-record')
  })
})

describe('a check made before the run', () => {
  const made: IdentityCheck = {
    level: 'standard',
    method: 'name, address',
    at: '2026-11-03T09:50:00Z',
    until: '2026-11-03T10:20:00Z',
    handedOver: { by: 'Sam Doyle', reason: 'The Council Tax team can change the bill' },
  }
  const given = { residentId: 'resident-1', check: made }
  const context = contextWith({ given })

  it('answers the step that would make it again, and says whose it is', () => {
    const view = viewRun(script, play(script, []), context)
    expect(view).toMatchObject({ current: { stepId: 'colour' }, identity: made })
    expect(view.answered).toMatchObject([{ stepId: 'check', derived: true }])
    expect(view.notes).toBe(
      'Identity checked by Sam Doyle before the call was passed on: standard (name, address).',
    )
    const kept = play(script, [['colour', value('yes')]], context)
    expect(viewRun(script, { ...kept }, contextWith())).toMatchObject({
      current: { stepId: 'tell', withheld: false },
      identity: made,
    })
  })

  it('counts for that resident and that speaker alone, until it runs out', () => {
    const asks = (change: Partial<GuidanceContext>) =>
      viewRun(script, play(script, []), contextWith({ given, ...change }))
    expect(asks({ resident: { ...robin, id: 'resident-2' } })).toMatchObject({
      identity: null,
      current: { stepId: 'check' },
    })
    expect(asks({ speaker: others }).current?.stepId).toBe('check')
    expect(asks({ given: { ...given, check: { ...made, level: 'none' } } }).current?.stepId).toBe('check')
  })

  it('is said to have run out, whether the script had come to its own check or not', () => {
    const late = contextWith({ given, now: '2026-11-03T10:20:00Z' })
    const ranOut = { identity: made, current: { stepId: 'check', ranOut: true } }
    expect(viewRun(script, play(script, []), late)).toMatchObject(ranOut)
    const under = play(script, [['colour', value('yes')]], context)
    expect(viewRun(script, under, late)).toMatchObject(ranOut)
  })

  it('may be made again, and an attempt that fails ends it', () => {
    const opened = reopenStep(script, play(script, [['colour', value('yes')]], context), 'check', context)
    expect(viewRun(script, opened, context)).toMatchObject({
      current: { stepId: 'check' },
      identity: made,
    })
    const failed = play(script, [['check', wrong]], context, opened)
    expect(viewRun(script, failed, context)).toMatchObject({ current: { stepId: 'check' }, identity: null })
  })
})

describe('the proofs of an identity check', () => {
  const problems = (verify: object) => {
    const result = publishable(sketch(steps({ ...check, ...verify })), [])
    return result.ok ? [] : result.error.findings.map(({ problem }) => problem)
  }

  it.each([
    [{}, null],
    [{ parties: { councillor: [{ level: 'standard', needs: ['address'] }] } }, 'needs no recorded authority'],
    [{ parties: { councillor: [{ level: 'standard', needs: ['authority', 'shoe'] }] } }, 'needs shoe'],
    [
      {
        parties: {
          councillor: [
            { level: 'standard', needs: ['authority'] },
            { level: 'enhanced', needs: ['authority'] },
          ],
        },
      },
      'are not in order',
    ],
    [{ levels: [{ level: 'standard', needs: ['authority'] }] }, 'The resident is asked for an authority'],
    [{ attemptsPerContact: 1 }, 'Fewer attempts'],
    [{ endsAfterHoldMinutes: 40 }, 'A hold may be longer'],
  ])('refuse %j', (verify, problem) => {
    const found = problems(verify)
    if (problem === null) expect(found).toEqual([])
    else expect(found.join('\n')).toContain(problem)
  })

  it('do not take a level that another party stops short of for granted', () => {
    const onlyEnhanced = { levels: [check.levels[0]], parties: {} }
    const telling = {
      ...steps({ ...check, ...onlyEnhanced }),
      tell: { kind: 'inform', discloses: 'enhanced', go: 'last' },
    }
    expect(publishable(sketch(telling), []).ok).toBe(true)
    const withOthers = {
      ...telling,
      check: { ...telling.check, parties: check.parties },
    }
    expect(publishable(sketch(withOthers), []).ok).toBe(false)
  })
})
