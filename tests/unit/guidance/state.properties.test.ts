import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { ScriptRun } from '#shared/contract/draft.ts'
import type { Resident } from '#shared/contract/rest.ts'
import type { ScriptDocument } from '#shared/guidance/format.ts'
import { quickPage } from '#shared/guidance/quick-page.ts'
import { replayAt } from '#shared/guidance/replay.ts'
import {
  answerStep,
  endCheck,
  escalate,
  goBack,
  reopenStep,
  startRun,
  viewRun,
} from '#shared/guidance/run.ts'
import type { GuidanceContext, RunView, StepInput, StepView } from '#shared/guidance/view.ts'
import { contextWith, libraryScript, now, published, robin, sketch } from './scripts.ts'

/** Holds a check that runs out, leads round, quotes answers and facts, works one out, fills fields, drops answers. */
const winding = published(
  sketch(
    {
      which: { kind: 'ask', input: 'choice', options: ['food', 'paper'], field: 'bin', go: 'check' },
      check: {
        kind: 'verify',
        questions: [
          { id: 'name', compares: 'fullName' },
          { id: 'address', compares: 'address' },
        ],
        levels: [{ level: 'standard', needs: ['name', 'address'] }],
        attempts: 2,
        attemptsPerContact: 4,
        holdsForMinutes: 5,
        passed: 'often',
        failed: 'unchecked',
      },
      often: {
        kind: 'ask',
        input: 'number',
        field: 'times',
        routes: [{ when: 'often > 100', go: 'which' }],
        go: 'early',
      },
      early: {
        kind: 'ask',
        input: 'yesNo',
        derive: 'if often > 50 then true else null',
        routes: [{ when: 'which = "food"', go: 'sure' }],
        go: 'tell',
      },
      sure: { kind: 'ask', input: 'yesNo', routes: [{ when: 'sure = "no"', go: 'often' }], go: 'tell' },
      tell: { kind: 'inform', discloses: 'standard', go: 'secret' },
      unchecked: { kind: 'ask', input: 'yesNo', go: 'secret' },
      secret: { kind: 'ask', input: 'text', optional: true, sensitive: true, field: 'secret', go: 'more' },
      more: { kind: 'ask', input: 'text', optional: true, go: 'done' },
      done: { kind: 'outcome', disposition: 'advice-given', case: true, set: { bin: 'set', origin: 'desk' } },
    },
    {
      en: {
        sure: { say: 'You said {answers.which}. Is it so?', note: 'Sure at {council.name}: {answer}' },
        more: { note: 'Also, for {answers.which} and {adviser.name}: {answer}' },
        tell: { note: 'Told at {asAt.binOutBy}' },
        done: {
          promises: ['We come by {council.binOutBy}.'],
          fieldLabels: { bin: 'Bin', origin: 'Origin' },
          subject: 'Bin {answers.which}',
        },
      },
      cy: { done: { promises: ['Down ni erbyn {council.binOutBy}.'] } },
      requires: { facts: ['binOutBy'] },
    },
  ),
)

const scripts = [winding, libraryScript('missed-bin'), libraryScript('council-tax-discounts')]
const alex: Resident = { ...robin, id: 'resident-2', givenName: 'Alex' }
const people = [robin, alex, null]
const given: NonNullable<GuidanceContext['given']> = {
  residentId: robin.id,
  check: { level: 'standard', method: 'asked', at: now, until: '2026-11-03T10:20:00Z' },
}

/** One turn of a call. `pick` steers what it does, `minutes` pass before it. */
interface Turn {
  readonly kind: 'answer' | 'back' | 'reopen' | 'escalate' | 'hold' | 'resident' | 'speaker' | 'given'
  readonly pick: number
  readonly minutes: number
}

const turns: fc.Arbitrary<readonly Turn[]> = fc.array(
  fc.record({
    kind: fc.oneof(
      { weight: 12, arbitrary: fc.constant('answer' as const) },
      { weight: 3, arbitrary: fc.constantFrom('back', 'reopen') },
      {
        weight: 2,
        arbitrary: fc.constantFrom('escalate', 'hold', 'resident', 'speaker', 'given'),
      },
    ),
    pick: fc.nat({ max: 200 }),
    minutes: fc.oneof({ weight: 9, arbitrary: fc.constant(0) }, { weight: 1, arbitrary: fc.constant(6) }),
  }),
  { maxLength: 50, size: 'max' },
)

const texts = ['yesterday', '60', '120', '7', '01632 960142', 'anything {council.name}']

function inputFor(step: StepView, pick: number): StepInput {
  if (step.kind === 'verify') {
    const mark = pick % 4 === 0 ? 'not-matched' : 'matched'
    return pick % 7 === 0
      ? { kind: 'declined' }
      : { kind: 'identity', marks: Object.fromEntries(step.questions.map(({ id }) => [id, mark])) }
  }
  if (step.kind !== 'ask') return { kind: 'continue' }
  if (step.optional && pick % 3 === 0) return { kind: 'skip' }
  const option = step.options[pick % Math.max(1, step.options.length)]?.value
  if (step.input === 'several') return { kind: 'value', value: option === undefined ? [] : [option] }
  return { kind: 'value', value: option ?? texts[pick % texts.length] ?? '' }
}

interface Call {
  readonly run: ScriptRun
  readonly context: GuidanceContext
}

const begun = (script: ScriptDocument): Call => ({
  run: startRun(script, now),
  context: contextWith({ resident: robin }),
})

function turned(script: ScriptDocument, { run, context: before }: Call, turn: Turn): Call {
  const at = new Date(Date.parse(before.now) + turn.minutes * 60_000 + 1000).toISOString()
  const context = { ...before, now: at }
  const view = viewRun(script, run, context)
  switch (turn.kind) {
    case 'back':
      return { run: goBack(script, run, context), context }
    case 'reopen': {
      const stepId = view.answered[turn.pick % Math.max(1, view.answered.length)]?.stepId ?? ''
      return { run: reopenStep(script, run, stepId, context), context }
    }
    case 'escalate':
      return { run: escalate(script, run, at, context), context }
    case 'hold':
      return { run: endCheck(script, run, at, context), context }
    case 'resident':
      return { run, context: { ...context, resident: people[turn.pick % people.length] ?? null } }
    case 'speaker':
      return { run, context: { ...context, speaker: { party: 'third-party', name: `Sam ${turn.pick % 2}` } } }
    case 'given':
      return { run, context: { ...context, given } }
    case 'answer': {
      if (view.current === null) return { run, context }
      const input = inputFor(view.current, turn.pick)
      const answered = answerStep(script, run, view.current.stepId, input, at, context)
      return { run: answered.ok ? answered.value : run, context }
    }
  }
}

/** All that is read of a run. */
const seen = (script: ScriptDocument, { run, context }: Call) => ({
  view: { ...viewRun(script, run, context) } satisfies RunView,
  page: quickPage(script, run, context),
  replayed: replayAt(script, run, context.now),
})

/** As after a crash: nothing is known but the answers. */
const cold = ({ run, context }: Call): Call => ({ run: structuredClone(run), context })

describe('a run that grows by one record at a time', () => {
  it('shows at every turn what its answers show when all of them are read afresh', () => {
    fc.assert(
      fc.property(fc.constantFrom(...scripts), turns, (script, call) => {
        let now = begun(script)
        for (const turn of call) {
          now = turned(script, now, turn)
          expect(seen(script, now)).toEqual(seen(script, cold(now)))
        }
      }),
      { numRuns: 80 },
    )
  })

  it('is left as it was by whatever is made of it later', () => {
    fc.assert(
      fc.property(fc.constantFrom(...scripts), turns, turns, (script, first, second) => {
        let now = begun(script)
        const stages = [{ call: now, shown: seen(script, now) }]
        for (const turn of first) {
          now = turned(script, now, turn)
          stages.push({ call: now, shown: seen(script, now) })
        }
        // Another way on from a moment that has been gone on from before.
        const { call: moment } = stages[Math.floor(stages.length / 2)] ?? { call: now }
        const on = (from: Call) => second.reduce((call, turn) => turned(script, call, turn), from)
        expect(seen(script, on(moment))).toEqual(seen(script, on(cold(moment))))
        for (const { call, shown } of stages) expect(seen(script, call)).toEqual(shown)
      }),
      { numRuns: 60 },
    )
  })
})
