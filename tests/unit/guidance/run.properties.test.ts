import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { ScriptRun } from '#shared/contract/draft.ts'
import { answerStep, goBack, reopenStep, startRun, viewRun } from '#shared/guidance/run.ts'
import type { GuidanceContext, StepInput, StepView } from '#shared/guidance/view.ts'
import { contextWith, libraryFiles, libraryScript, now, robin } from './scripts.ts'

const scripts = libraryFiles().map(({ id }) => libraryScript(id))
const anyScript = fc.constantFrom(...scripts)
/** Steers every choice of a call: which option, which text, when to go back. */
const choices = fc.array(fc.nat({ max: 1000 }), { maxLength: 40 })
const context = contextWith()
const time = (index: number) => new Date(Date.parse(now) + index * 1000).toISOString()

const texts = ['yesterday', 'today', '3 Nov', '01632 960142', '14 Elm Road', 'anything']

function inputFor(step: StepView, choice: number): StepInput {
  if (step.kind === 'verify') {
    const mark = choice % 3 === 0 ? 'not-matched' : 'matched'
    return choice % 5 === 0
      ? { kind: 'declined' }
      : { kind: 'identity', marks: Object.fromEntries(step.questions.map(({ id }) => [id, mark])) }
  }
  if (step.kind !== 'ask') return { kind: 'continue' }
  const option = step.options[choice % Math.max(1, step.options.length)]?.value
  if (step.input === 'several') return { kind: 'value', value: option === undefined ? [] : [option] }
  return { kind: 'value', value: option ?? texts[choice % texts.length] ?? '' }
}

/** One turn of a call that wanders: mostly an answer, at times back or an earlier step. */
function turn(script: (typeof scripts)[number], run: ScriptRun, choice: number, index: number): ScriptRun {
  const at = contextWith({ now: time(index) })
  const view = viewRun(script, run, at)
  if (choice % 7 === 0) return goBack(script, run, at)
  if (choice % 11 === 0) {
    const stepId = view.answered[choice % Math.max(1, view.answered.length)]?.stepId
    return stepId === undefined ? run : reopenStep(script, run, stepId, at)
  }
  if (view.current === null) return run
  const answered = answerStep(
    script,
    run,
    view.current.stepId,
    inputFor(view.current, choice),
    time(index),
    at,
  )
  return answered.ok ? answered.value : run
}

const wander = (script: (typeof scripts)[number], turns: readonly number[]): ScriptRun =>
  turns.reduce((run, choice, index) => turn(script, run, choice, index + 1), startRun(script, now))

const copied = (run: ScriptRun): ScriptRun => JSON.parse(JSON.stringify(run)) as ScriptRun

describe('any call', () => {
  it('is the same when it is replayed from its answers', () => {
    fc.assert(
      fc.property(anyScript, choices, (script, turns) => {
        const run = wander(script, turns)
        expect(viewRun(script, copied(run), context)).toEqual(viewRun(script, run, context))
      }),
      { numRuns: 150 },
    )
  })

  it('looks as before when a step is opened and answered the same again', () => {
    fc.assert(
      fc.property(anyScript, choices, (script, turns) => {
        const run = wander(script, turns)
        const before = viewRun(script, run, context)
        const back = goBack(script, run, context)
        const opened = viewRun(script, back, context)
        const last = run.answers.findLast(
          ({ stepId, value }) => stepId === opened.current?.stepId && value !== null,
        )
        if (opened.current === null || last === undefined || back === run) return
        const again = answerStep(
          script,
          back,
          last.stepId,
          asGiven(opened.current, last.value),
          last.at,
          context,
        )
        // An identity check that used up its attempts can only be declined.
        if (!again.ok || opened.current.kind === 'verify') return
        const after = viewRun(script, again.value, context)
        const timeless = ({ answered, dropped: _dropped, since: _since, ...view }: typeof after) => ({
          ...view,
          answered: answered.map(({ at: _at, derived: _derived, ...step }) => step),
        })
        // Answers that waited may be used again now, which leads further along the same way, never elsewhere.
        if (after.answered.length > before.answered.length) return
        expect(timeless(after)).toEqual(timeless(before))
      }),
      { numRuns: 150 },
    )
  })

  it('shows each answer once: on the way, waiting, or dropped, and never a personal fact unchecked', () => {
    fc.assert(
      fc.property(anyScript, choices, (script, turns) => {
        const view = viewRun(script, wander(script, turns), context)
        const onWay = view.answered.map(({ stepId }) => stepId)
        expect(new Set(onWay).size).toBe(onWay.length)
        for (const { stepId } of view.dropped) expect(onWay).not.toContain(stepId)
        expect(view.progress.step).toBeLessThanOrEqual(view.progress.about)
        expect(view.finished).toBe(view.current === null)
        const { questions: _questions, ...shown } = { questions: null, ...view.current }
        if (view.identity === null) expect(JSON.stringify(shown)).not.toContain(robin.address.line1)
      }),
      { numRuns: 150 },
    )
  })

  it('never throws, whatever is put in', () => {
    const anyInput: fc.Arbitrary<StepInput> = fc.oneof(
      fc.constant({ kind: 'continue' } as const),
      fc.constant({ kind: 'skip' } as const),
      fc.constant({ kind: 'declined' } as const),
      fc.record({
        kind: fc.constant('value' as const),
        value: fc.oneof(fc.string({ unit: 'binary' }), fc.array(fc.string())),
      }),
      fc.record({
        kind: fc.constant('identity' as const),
        marks: fc.dictionary(
          fc.oneof(fc.string(), fc.constantFrom('name', 'address', '__proto__')),
          fc.constantFrom('matched', 'not-matched', 'not-asked'),
        ),
      }),
    )
    const anyContext: fc.Arbitrary<GuidanceContext> = fc.record({
      language: fc.constantFrom('en', 'cy'),
      today: fc.oneof(fc.constant('2026-11-03'), fc.string()),
      now: fc.oneof(fc.constant(now), fc.string()),
      council: fc.record({
        name: fc.string(),
        facts: fc.dictionary(
          fc.constantFrom('binOutBy', 'roundsFinishBy', '__proto__', 'toString'),
          fc.record({ text: fc.string(), asAt: fc.string() }),
        ),
      }),
      adviser: fc.record({ name: fc.string() }),
      resident: fc.constantFrom(robin, null),
      contact: fc.constant(null),
    })
    const anyRecord = fc.record({
      stepId: fc.oneof(
        fc.string(),
        fc.constantFrom('which-bin', 'identity-check', 'greeting-hello', 'constructor'),
      ),
      value: fc.oneof(fc.string(), fc.double(), fc.boolean(), fc.array(fc.string()), fc.constant(null)),
      at: fc.oneof(fc.string(), fc.constant(now)),
    })
    fc.assert(
      fc.property(
        anyScript,
        choices,
        anyInput,
        anyContext,
        fc.array(anyRecord),
        fc.string(),
        (script, turns, input, given, records, at) => {
          const played = wander(script, turns)
          const run = { ...played, answers: [...played.answers, ...records] }
          const { current } = viewRun(script, run, given)
          const result = answerStep(script, run, current?.stepId ?? 'none', input, at, given)
          if (result.ok) viewRun(script, result.value, given)
          else expect(result.error.code).toMatch(/^guidance\//)
          goBack(script, run, given)
          reopenStep(script, run, at, given)
        },
      ),
      { numRuns: 250 },
    )
  })
})

function asGiven(step: StepView, answer: ScriptRun['answers'][number]['value']): StepInput {
  if (step.kind !== 'ask') return { kind: 'continue' }
  return { kind: 'value', value: Array.isArray(answer) ? answer : String(answer) }
}
