import { describe, expect, it } from 'vitest'
import { answerStep, goBack, reopenStep, startRun, viewRun } from '#shared/guidance/run.ts'
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
  published,
  sketch,
  value,
} from './scripts.ts'

const missedBin = libraryScript('missed-bin')
const end = { kind: 'outcome', disposition: 'done', case: false }
const context = contextWith()

const usual: readonly (readonly [string, StepInput])[] = [
  ['greeting-hello', goOn],
  ['which-bin', value('recycling')],
  ['identity-check', matched],
  ['when-due', value('yesterday')],
  ['assisted', value('no')],
  ['bin-out', value('yes')],
  ['tag', value('none')],
  ['street', value('just-mine')],
  ['visit-next', goOn],
  ['closing-anything-else', value('no')],
  ['return-visit', goOn],
]

const code = (stepId: string, input: StepInput, run = startRun(missedBin, now), given = context) => {
  const result = answerStep(missedBin, run, stepId, input, now, given)
  return result.ok ? 'ok' : result.error.code
}

describe('a run', () => {
  it('starts at the first step with nothing answered', () => {
    const view = viewRun(missedBin, startRun(missedBin, now), context)
    expect(view).toMatchObject({
      current: { stepId: 'greeting-hello', kind: 'say' },
      finished: false,
      answered: [],
      progress: { step: 1, about: 11 },
      identity: null,
      outcome: null,
      notes: '',
      dropped: [],
    })
  })

  it('leads through the usual call to its outcome', () => {
    const view = viewRun(missedBin, play(missedBin, usual), context)
    expect(view.finished).toBe(true)
    expect(view.current).toBeNull()
    expect(view.progress).toEqual({ step: 11, about: 11 })
    expect(view.outcome).toEqual({
      stepId: 'return-visit',
      title: 'Return visit booked',
      disposition: 'case-raised',
      wantsCase: true,
      promises: ['A crew comes back within 2 working days.'],
    })
  })

  it('can be rebuilt at any moment from its answers alone', () => {
    const run = play(missedBin, usual.slice(0, 6))
    const rebuilt = JSON.parse(JSON.stringify(run))
    expect(viewRun(missedBin, rebuilt, context)).toEqual(viewRun(missedBin, run, context))
  })

  it('leaves the run it was given as it was', () => {
    const run = play(missedBin, usual.slice(0, 3))
    const before = JSON.stringify(run)
    viewRun(missedBin, goBack(missedBin, run, context), context)
    play(missedBin, [['when-due', value('today')]], context, run)
    expect(JSON.stringify(run)).toBe(before)
  })

  it('refuses an answer to a step that is not current, and after the end', () => {
    expect(code('which-bin', value('food'))).toBe('guidance/not-current')
    expect(code('return-visit', goOn, play(missedBin, usual))).toBe('guidance/finished')
  })

  it('refuses the wrong kind of answer and says what is wrong with a bad one', () => {
    const at = (steps: number) => play(missedBin, usual.slice(0, steps))
    expect(code('greeting-hello', value('hello'))).toBe('guidance/wrong-kind')
    expect(code('which-bin', goOn, at(1))).toBe('guidance/wrong-kind')
    expect(code('which-bin', { kind: 'skip' }, at(1))).toBe('guidance/needed')
    expect(code('which-bin', value('purple'), at(1))).toBe('guidance/not-an-option')
    expect(code('identity-check', goOn, at(2))).toBe('guidance/wrong-kind')
    expect(code('when-due', value('tomorrow'), at(3))).toBe('guidance/date-not-past')
  })

  it('passes over records that do not belong, so that a damaged log still opens', () => {
    const run = play(missedBin, usual.slice(0, 4))
    const stray = { stepId: 'gone', value: 'x', at: now }
    const damaged = { ...run, answers: [stray, ...run.answers.flatMap((record) => [record, stray])] }
    expect(currentId(missedBin, damaged)).toBe('assisted')
  })
})

describe('going back', () => {
  it('opens the last answered step with its answer', () => {
    const run = goBack(missedBin, play(missedBin, usual.slice(0, 2)), context)
    const step = current(viewRun(missedBin, run, context))
    expect(step).toMatchObject({ stepId: 'which-bin', previous: 'recycling' })
  })

  it('stays where it is at the start', () => {
    const run = startRun(missedBin, now)
    expect(goBack(missedBin, run, context)).toBe(run)
  })

  it('is recorded, never erased', () => {
    const run = goBack(missedBin, play(missedBin, usual.slice(0, 2)), context)
    expect(run.answers.map(({ value: answer }) => answer)).toEqual([true, 'recycling', null])
  })

  it('keeps later answers when the step is answered again', () => {
    const reopened = reopenStep(missedBin, play(missedBin, usual.slice(0, 8)), 'which-bin', context)
    expect(currentId(missedBin, reopened)).toBe('which-bin')
    const again = play(missedBin, [['which-bin', value('food')]], context, reopened)
    const view = viewRun(missedBin, again, context)
    expect(view.current?.stepId).toBe('visit-next')
    expect(view.caseDraft.fields).toMatchObject({ binType: 'food', outInTime: 'yes', extent: 'just-mine' })
    expect(view.dropped).toEqual([])
  })

  it('shows the answers that the new way no longer uses', () => {
    const reopened = reopenStep(missedBin, play(missedBin, usual.slice(0, 8)), 'assisted', context)
    const again = play(missedBin, [['assisted', value('yes')]], context, reopened)
    const view = viewRun(missedBin, again, context)
    expect(view.current?.stepId).toBe('assisted-reach')
    expect(view.dropped.map(({ stepId }) => stepId)).toEqual(['bin-out', 'tag', 'street'])
    expect(view.caseDraft.fields).not.toHaveProperty('outInTime')
  })

  it('uses dropped answers again when the way leads back to them', () => {
    let run = reopenStep(missedBin, play(missedBin, usual.slice(0, 8)), 'assisted', context)
    run = play(missedBin, [['assisted', value('yes')]], context, run)
    run = reopenStep(missedBin, run, 'assisted', context)
    run = play(missedBin, [['assisted', value('no')]], context, run)
    expect(currentId(missedBin, run)).toBe('visit-next')
    expect(viewRun(missedBin, run, context).dropped).toEqual([])
  })

  it('asks again when the question quoted what has changed', () => {
    const script = published(
      sketch(
        {
          day: { kind: 'ask', input: 'text', go: 'sure' },
          sure: { kind: 'ask', input: 'yesNo', go: 'end' },
          end,
        },
        { en: { sure: { say: 'So {answers.day}, are you sure?' } } },
      ),
    )
    const before = play(script, [
      ['day', value('Monday')],
      ['sure', value('yes')],
    ])
    const reopened = reopenStep(script, before, 'day', context)
    const after = play(script, [['day', value('Tuesday')]], context, reopened)
    expect(current(viewRun(script, after, context))).toMatchObject({ stepId: 'sure', previous: 'yes' })
  })

  it('opens a finished script again', () => {
    const run = goBack(missedBin, play(missedBin, usual), context)
    expect(currentId(missedBin, run)).toBe('return-visit')
  })

  it('goes round a circle and back through it', () => {
    const script = published(
      sketch({
        item: { kind: 'ask', input: 'text', go: 'more' },
        more: { kind: 'ask', input: 'yesNo', go: 'end', routes: [{ when: 'more = "yes"', go: 'item' }] },
        end,
      }),
    )
    const run = play(script, [
      ['item', value('sofa')],
      ['more', value('yes')],
      ['item', value('bed')],
      ['more', value('no')],
    ])
    expect(currentId(script, run)).toBe('end')
    const back = goBack(script, goBack(script, run, context), context)
    expect(current(viewRun(script, back, context))).toMatchObject({ stepId: 'item', previous: 'bed' })
    expect(viewRun(script, back, context).answered.map((step) => step.value)).toEqual(['sofa', 'Yes'])
  })
})

describe('answers that are worked out', () => {
  const due = (steps: number, at: string) => {
    const run = play(missedBin, usual.slice(0, steps))
    const answered = answerStep(missedBin, run, 'when-due', value('today'), at, contextWith({ now: at }))
    if (!answered.ok) throw new Error(answered.error.code)
    return answered.value
  }

  it('are not asked, are recorded, and are marked', () => {
    const run = due(3, '2026-11-03T13:00:00Z')
    expect(run.answers.at(-1)).toEqual({ stepId: 'crew-finished', value: 'no', at: '2026-11-03T13:00:00Z' })
    const view = viewRun(missedBin, run, context)
    expect(view.current?.stepId).toBe('still-out')
    expect(view.answered.at(-1)).toMatchObject({ stepId: 'crew-finished', value: 'No', derived: true })
    expect(view.progress.step).toBe(5)
  })

  it('stay as they were when facts change during the call', () => {
    const run = due(3, '2026-11-03T13:00:00Z')
    const later = contextWith({ now: '2026-11-03T18:00:00Z', council: { name: 'Sample Council', facts: {} } })
    expect(currentId(missedBin, run, later)).toBe('still-out')
  })

  it('are asked when the fact is missing', () => {
    const council = { name: 'Sample Council', facts: {} }
    const run = play(
      missedBin,
      [...usual.slice(0, 3), ['when-due', value('today')]],
      contextWith({ council }),
    )
    expect(currentId(missedBin, run)).toBe('crew-finished')
  })

  it('are passed by when going back, and can be opened by name', () => {
    const run = due(3, '2026-11-03T13:00:00Z')
    expect(currentId(missedBin, goBack(missedBin, run, context))).toBe('when-due')
    const opened = reopenStep(missedBin, run, 'crew-finished', context)
    expect(currentId(missedBin, opened)).toBe('crew-finished')
    expect(currentId(missedBin, play(missedBin, [['crew-finished', value('yes')]], context, opened))).toBe(
      'assisted',
    )
  })

  it('are worked out afresh when what they rest on changes', () => {
    const opened = goBack(missedBin, due(3, '2026-11-03T13:00:00Z'), context)
    const answered = answerStep(
      missedBin,
      opened,
      'when-due',
      value('today'),
      '2026-11-03T17:00:00Z',
      context,
    )
    expect(answered.ok && currentId(missedBin, answered.value)).toBe('assisted')
  })
})
