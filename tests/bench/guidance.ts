import type { ScriptRun } from '#shared/contract/draft.ts'
import type { ScriptDocument } from '#shared/guidance/format.ts'
import { answerStep, startRun, viewRun } from '#shared/guidance/run.ts'
import type { GuidanceContext } from '#shared/guidance/view.ts'
import { report } from './report.ts'

const wantedMs = 1

/** Answers measured at the end of the run, where each costs most. */
const measured = 400

/** A run through a script of thousands of questions: what one answer costs, with the view the desk shows next. */
export function guidance(steps: number): boolean {
  const script = longScript(steps)
  const opening = performance.now()
  viewRun(script, startRun(script, at(0)), contextAt(0))
  const firstMs = performance.now() - opening
  let run = answeredUpTo(script, Math.max(0, steps - measured))
  const resuming = performance.now()
  viewRun(script, run, contextAt(steps))
  const resumedMs = performance.now() - resuming
  const answers: number[] = []
  for (let step = run.answers.length; step < steps; step += 1) {
    const before = performance.now()
    const answered = answerStep(
      script,
      run,
      idOf(step),
      { kind: 'value', value: answerTo(step) },
      at(step),
      contextAt(step),
    )
    if (!answered.ok) throw new Error(answered.error.code)
    run = answered.value
    viewRun(script, run, contextAt(step))
    answers.push(performance.now() - before)
  }
  const all = { median: atShare(answers, 0.5), p95: atShare(answers, 0.95) }
  return report(
    'guidance',
    [
      {
        title: `An answer at the end of a run of ${steps.toLocaleString('en-GB')} steps, with the view after it`,
        unit: 'ms',
        rows: [{ contender: 'answer', samples: answers }],
        verdicts: [
          {
            wanted: `half of them under ${wantedMs} ms (${all.median.toFixed(2)} ms; 95 of 100 under ${all.p95.toFixed(2)} ms)`,
            reached: all.median < wantedMs,
          },
        ],
      },
      {
        title: 'Once a run: opening the script, and resuming the finished run from its answers',
        unit: 'ms',
        rows: [
          { contender: 'opening', samples: [firstMs] },
          { contender: 'resuming', samples: [resumedMs] },
        ],
      },
    ],
    { steps },
  )
}

const atShare = (samples: readonly number[], share: number) =>
  samples.toSorted((a, b) => a - b)[Math.floor(samples.length * share)] ?? Number.NaN

const answerTo = (step: number) => (step % 3 === 0 ? 'no' : 'yes')

/** As a desk finds it after a crash. */
function answeredUpTo(script: ScriptDocument, count: number): ScriptRun {
  const answers = Array.from({ length: count }, (_, step) => ({
    stepId: idOf(step),
    value: answerTo(step),
    at: at(step),
  }))
  return { ...startRun(script, at(0)), answers }
}

const idOf = (step: number) => `question-${step}`
const at = (step: number) => new Date(Date.UTC(2026, 10, 3, 9) + step * 1000).toISOString()

function contextAt(step: number): GuidanceContext {
  return {
    language: 'en',
    today: '2026-11-03',
    now: at(step),
    council: { name: 'Sample Council', facts: {} },
    adviser: { name: 'Sam Adviser' },
    resident: null,
    contact: null,
  }
}

/** Yes/no questions one after the other, each with a route on its answer. */
function longScript(steps: number): ScriptDocument {
  const ids = Array.from({ length: steps }, (_, step) => idOf(step))
  const onward = (step: number) => (step + 1 < steps ? idOf(step + 1) : 'end')
  const asked = ids.map((id, step): [string, ScriptDocument['steps'][string]] => [
    id,
    {
      kind: 'ask',
      input: 'yesNo',
      // As many fields as a large case has.
      ...(step % 100 === 0 ? { field: `answer${step}` } : {}),
      routes: [{ when: `${id} = "no"`, go: onward(step) }],
      go: onward(step),
    },
  ])
  return {
    kind: 'script',
    id: 'long',
    version: 1,
    formatVersion: 3,
    title: 'Long script',
    cyReviewed: false,
    requires: { facts: [] },
    start: idOf(0),
    service: { lgsl: 1, lgil: 1, name: 'Bench' },
    aliases: { en: ['bench'], cy: [] },
    subject: 'Bench',
    owner: 'Bench',
    reviewBy: '2027-01-01',
    escalation: 'risk',
    parts: [],
    steps: {
      ...Object.fromEntries(asked),
      risk: { kind: 'escalate', go: 'end' },
      end: { kind: 'outcome', disposition: 'done', case: false },
    },
    wording: {
      en: {
        ...Object.fromEntries(
          ids.map((id, step) => [id, { title: `Question ${step}`, say: `Is it so, ${step}?` }]),
        ),
        risk: { title: 'Risk', say: 'Is anyone in danger?' },
        end: { title: 'End', say: 'Goodbye.' },
      },
      cy: {},
    },
  }
}
