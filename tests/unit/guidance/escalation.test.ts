import { describe, expect, it } from 'vitest'
import { migrateScript } from '#shared/guidance/migrate.ts'
import { publishable } from '#shared/guidance/publish.ts'
import { answerStep, escalate, goBack, loadScript, viewRun } from '#shared/guidance/run.ts'
import { contextWith, currentId, goOn, now, play, published, sketch, value } from './scripts.ts'

const end = { kind: 'outcome', disposition: 'done', case: false }
const steps = {
  first: { kind: 'ask', input: 'yesNo', go: 'second' },
  second: { kind: 'ask', input: 'text', go: 'end' },
  end,
}
const script = published(sketch(steps))
const context = contextWith()

describe('the escalation', () => {
  it('is one step away from every step, and keeps what was answered', () => {
    const run = escalate(script, play(script, [['first', value('yes')]]), now, context)
    expect(currentId(script, run, context)).toBe(script.escalation)
    const done = answerStep(script, run, script.escalation, goOn, now, context)
    if (!done.ok) throw new Error(done.error.code)
    const view = viewRun(script, done.value, context)
    expect(view.outcome?.stepId).toBe('risk-handed-over')
    expect(view.answered.map(({ stepId }) => stepId)).toEqual(['first', script.escalation])
  })

  it('is left again by going back, to the step that was left', () => {
    const run = play(script, [['first', value('yes')]])
    const back = goBack(script, escalate(script, run, now, context), context)
    expect(currentId(script, back, context)).toBe('second')
    expect(viewRun(script, back, context).answered).toHaveLength(1)
  })

  it('is reached once only, and not from a finished run', () => {
    const run = escalate(script, play(script, []), now, context)
    expect(escalate(script, run, now, context)).toBe(run)
    const finished = play(script, [
      ['first', value('yes')],
      ['second', value('words')],
      ['end', goOn],
    ])
    expect(escalate(script, finished, now, context)).toBe(finished)
  })

  it('must be there, and be one', () => {
    const problems = (escalation: string) => {
      const result = publishable({ ...(sketch(steps) as object), escalation }, [])
      return result.ok ? [] : result.error.findings.map(({ problem }) => problem)
    }
    expect(problems('gone')).toContain('The script escalates to gone, which does not exist.')
    expect(problems('end')).toContain('The script escalates to end, which is an outcome step.')
  })

  it('may not rest on answers, for it can come before any of them', () => {
    const quoting = sketch(steps, { en: { 'risk-of-harm': { say: 'About {answers.first}?' } } })
    // The sketch's own escalation is added by the migration, so its words are changed afterwards.
    const changed = JSON.parse(
      JSON.stringify(quoting).replace('Is anyone in danger', 'Is {answers.first} in danger'),
    )
    const result = publishable(changed, [])
    expect(result.ok ? [] : result.error.findings.map(({ problem }) => problem)).toContain(
      '{answers.first} is not always known here.',
    )
  })
})

describe('a script of the first format', () => {
  const old = {
    kind: 'script',
    id: 'old',
    version: 3,
    formatVersion: 1,
    title: 'Old',
    service: { lgsl: 524, lgil: 17, name: 'Household waste collection' },
    aliases: { en: ['old'], cy: [] },
    cyReviewed: false,
    subject: 'Old',
    requires: { facts: [] },
    parts: [],
    start: 'end',
    steps: { end },
    wording: { en: { end: { title: 'End', say: 'Goodbye.' } }, cy: { end: { say: 'Hwyl fawr.' } } },
  }

  it('opens, and has an escalation', () => {
    const loaded = loadScript(old)
    expect(loaded.ok && loaded.value.version).toBe(3)
    expect(loaded.ok && loaded.value.steps[loaded.value.escalation]?.kind).toBe('escalate')
  })

  it('is not changed once it is of the present format', () => {
    const present = migrateScript(old)
    expect(migrateScript(present)).toBe(present)
  })
})
