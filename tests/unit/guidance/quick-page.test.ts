import { describe, expect, it } from 'vitest'
import type { ScriptDocument } from '#shared/guidance/format.ts'
import { answerPage, quickPage } from '#shared/guidance/quick-page.ts'
import { goBack, reopenStep, startRun, viewRun } from '#shared/guidance/run.ts'
import type { StepInput } from '#shared/guidance/view.ts'
import {
  contextWith,
  currentId,
  goOn,
  libraryScript,
  now,
  play,
  published,
  sketch,
  value,
} from './scripts.ts'

const context = contextWith()
const end = { kind: 'outcome', disposition: 'done', case: false }
const yesNo = (more: object) => ({ kind: 'ask', input: 'yesNo', ...more })

const idsOf = (script: ScriptDocument, run = startRun(script, now)) =>
  quickPage(script, run, context)?.steps.map(({ stepId }) => stepId) ?? null

describe('a page of questions', () => {
  it('goes on to the question whose answer decides the way', () => {
    const script = published(
      sketch({
        street: { kind: 'ask', input: 'text', go: 'when' },
        when: { kind: 'ask', input: 'date', go: 'again' },
        again: yesNo({ routes: [{ when: 'again = "yes"', go: 'more' }], go: 'end' }),
        more: { kind: 'ask', input: 'text', go: 'end' },
        end,
      }),
    )
    expect(idsOf(script)).toEqual(['street', 'when', 'again'])
  })

  it('takes a way that earlier answers have decided already', () => {
    const script = published(
      sketch({
        again: yesNo({ go: 'street' }),
        street: {
          kind: 'ask',
          input: 'text',
          routes: [{ when: 'again = "yes"', go: 'more' }],
          go: 'when',
        },
        more: { kind: 'ask', input: 'text', go: 'when' },
        when: { kind: 'ask', input: 'date', go: 'end' },
        end,
      }),
    )
    expect(idsOf(script)).toEqual(['again', 'street'])
    expect(idsOf(script, play(script, [['again', value('yes')]]))).toEqual(['street', 'more', 'when'])
    expect(idsOf(script, play(script, [['again', value('no')]]))).toEqual(['street', 'when'])
  })

  it.each([
    ['an identity check', { kind: 'verify' }],
    ['words that come before another step', { kind: 'say', before: ['end'] }],
    ['words to say word for word', { kind: 'say', verbatim: true }],
    ['a call to pass on', { kind: 'transfer' }],
    ['a question to be read out word for word', { kind: 'ask', input: 'yesNo', verbatim: true }],
    ['a question that must be asked before another', { kind: 'ask', input: 'yesNo', before: ['end'] }],
    ['a question that is worked out', { kind: 'ask', input: 'yesNo', derive: 'two = "yes"' }],
  ])('stops before %s', (_what, step) => {
    const verify = {
      questions: [{ id: 'name', compares: 'fullName' }],
      levels: [{ level: 'standard', needs: ['name'] }],
      attempts: 1,
      passed: 'four',
      failed: 'end',
    }
    const script = published(
      sketch({
        one: yesNo({ go: 'two' }),
        two: yesNo({ go: 'three' }),
        three: step.kind === 'verify' ? { ...step, ...verify } : { ...step, go: 'four' },
        four: yesNo({ go: 'end' }),
        end,
      }),
    )
    expect(idsOf(script)).toEqual(['one', 'two'])
  })

  it('holds what is said between two questions, but not what comes after the last', () => {
    const script = published(
      sketch({
        greet: { kind: 'say', go: 'one' },
        one: yesNo({ go: 'tell' }),
        tell: { kind: 'inform', go: 'two' },
        two: yesNo({ go: 'thank' }),
        thank: { kind: 'say', go: 'end' },
        end,
      }),
    )
    expect(idsOf(script)).toEqual(['greet', 'one', 'tell', 'two'])
  })

  it('stops before a question whose words repeat an answer', () => {
    const script = published(
      sketch(
        {
          one: yesNo({ go: 'two' }),
          two: { kind: 'ask', input: 'text', go: 'three' },
          three: yesNo({ go: 'end' }),
          end,
        },
        { en: { three: { say: 'Is {answers.two} right?' } } },
      ),
    )
    expect(idsOf(script)).toEqual(['one', 'two'])
  })

  it('stops before what opens a record while nobody is identified', () => {
    const script = published(
      sketch({
        check: {
          kind: 'verify',
          questions: [{ id: 'name', compares: 'fullName' }],
          levels: [{ level: 'standard', needs: ['name'] }],
          attempts: 1,
          passed: 'one',
          failed: 'end',
        },
        one: yesNo({ go: 'record' }),
        record: yesNo({ discloses: 'standard', go: 'end' }),
        end,
      }),
    )
    const run = play(script, [['check', { kind: 'identity', marks: { name: 'matched' } }]])
    expect(idsOf(script, run)).toEqual(['one', 'record'])
    expect(quickPage(script, run, contextWith({ resident: null }))).toBeNull()
  })

  it('is none for a question that stands alone, for words to read out and at the end', () => {
    const script = published(
      sketch({ tell: { kind: 'say', verbatim: true, go: 'one' }, one: yesNo({ go: 'end' }), end }),
    )
    expect(idsOf(script)).toBeNull()
    expect(idsOf(script, play(script, [['tell', goOn]]))).toBeNull()
    expect(
      idsOf(
        script,
        play(script, [
          ['tell', goOn],
          ['one', value('no')],
        ]),
      ),
    ).toBeNull()
  })

  it('leaves a question out that has an answer waiting for it', () => {
    const script = published(
      sketch({ one: yesNo({ go: 'two' }), two: yesNo({ go: 'three' }), three: yesNo({ go: 'end' }), end }),
    )
    const run = play(script, [
      ['one', value('yes')],
      ['two', value('yes')],
    ])
    expect(idsOf(script, reopenStep(script, run, 'one', context))).toBeNull()
    expect(idsOf(script, goBack(script, run, context))).toEqual(['two', 'three'])
  })
})

describe('answering a page', () => {
  const script = published(
    sketch({
      street: { kind: 'ask', input: 'text', go: 'how-many' },
      'how-many': { kind: 'ask', input: 'number', max: 9, go: 'note' },
      note: { kind: 'ask', input: 'text', optional: true, go: 'end' },
      end,
    }),
  )
  const begun = startRun(script, now)
  const inputs = { street: value('Elm Road'), 'how-many': value('3'), note: { kind: 'skip' } } as const

  it('leaves the same answers as one question after the other', () => {
    const answered = answerPage(script, begun, inputs, now, context)
    const oneByOne = play(script, [
      ['street', inputs.street],
      ['how-many', inputs['how-many']],
      ['note', inputs.note],
    ])
    if (!answered.ok) throw new Error(JSON.stringify(answered.errors))
    expect(currentId(script, answered.run)).toBe('end')
    expect(answered.run.answers.map(({ at: _at, ...answer }) => answer)).toEqual(
      oneByOne.answers.map(({ at: _at, ...answer }) => answer),
    )
  })

  it('says what is wrong with each answer and keeps none of them', () => {
    const answered = answerPage(script, begun, { 'how-many': value('ten'), note: value('') }, now, context)
    expect(answered).toMatchObject({
      ok: false,
      errors: { street: { code: 'guidance/needed' }, 'how-many': { code: 'guidance/not-a-number' } },
    })
    expect(answered.ok ? null : Object.keys(answered.errors)).toEqual(['street', 'how-many'])
  })
})

describe('a script of the starter library, a page at a time', () => {
  it('goes the same way, and reads out all that must be read out', () => {
    const script = libraryScript('bulky-waste')
    let quick = startRun(script, now)
    let slow = quick
    let pages = 0
    for (let guard = 0; guard < 100; guard += 1) {
      const step = viewRun(script, quick, context).current
      if (step === null) break
      const steps = quickPage(script, quick, context)?.steps ?? [step]
      const given = steps.map((each) => [each.stepId, anyInput(each)] as const)
      slow = play(script, given, context, slow)
      if (steps.length === 1) quick = play(script, given, context, quick)
      else {
        pages += 1
        expect(steps.some(({ readAloud }) => readAloud?.verbatim)).toBe(false)
        const answered = answerPage(script, quick, Object.fromEntries(given), now, context)
        if (!answered.ok) throw new Error(JSON.stringify(answered.errors))
        quick = answered.run
      }
      expect(currentId(script, quick)).toBe(currentId(script, slow))
    }
    const said = (run: typeof quick) => viewRun(script, run, context).answered.map(({ stepId }) => stepId)
    expect(said(quick)).toEqual(said(slow))
    expect(pages).toBeGreaterThan(1)
  })
})

const samples: Readonly<Record<string, string>> = {
  text: 'some words',
  number: '2',
  money: '5',
  date: 'today',
  phone: '01632 960142',
  email: 'name@example.org',
  postcode: 'SW1A 2AA',
  address: '1 Sample Street',
}

function anyInput(
  step: { readonly kind: string } & Partial<Record<'input' | 'options', unknown>>,
): StepInput {
  if (step.kind === 'verify') return { kind: 'declined' }
  if (step.kind !== 'ask') return goOn
  const options = (step.options ?? []) as readonly { readonly value: string }[]
  const last = options.at(-1)?.value
  if (step.input === 'several') return value([last ?? ''])
  return value(last ?? samples[String(step.input)] ?? 'today')
}
