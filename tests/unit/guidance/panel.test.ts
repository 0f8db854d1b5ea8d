import { describe, expect, it } from 'vitest'
import { goBack, startRun, viewRun } from '#shared/guidance/run.ts'
import {
  contextWith,
  current,
  goOn,
  libraryScript,
  now,
  play,
  published,
  robin,
  sketch,
  value,
} from './scripts.ts'

const missedBin = libraryScript('missed-bin')
const end = { kind: 'outcome', disposition: 'done', case: false }
const context = contextWith()

describe('words to read out', () => {
  it('carry the council and the adviser by first name', () => {
    const step = current(viewRun(missedBin, startRun(missedBin, now), context))
    expect(step.readAloud).toEqual({
      text: 'Hello, this is Sample Council. My name is Sam. How can I help you today?',
      language: 'en',
      verbatim: false,
      inEnglish: null,
    })
    expect(step).toMatchObject({ continueLabel: 'I have said this' })
  })

  it('are Welsh for a Welsh speaker, with the English beside them', () => {
    const welsh = contextWith({ language: 'cy' })
    const run = play(missedBin, [['greeting-hello', goOn]], welsh)
    const step = current(viewRun(missedBin, run, welsh))
    expect(step.readAloud).toMatchObject({
      language: 'cy',
      inEnglish: expect.stringContaining('Which one was it'),
    })
    expect(step).toMatchObject({
      options: [{ value: 'refuse', label: 'Rubbish', labelCy: 'Sbwriel', key: '1' }, {}, {}, { key: '4' }],
    })
  })

  it('take the Welsh words of a fact when the council gives them', () => {
    const script = published(
      sketch(
        { out: { kind: 'ask', input: 'yesNo', go: 'end' }, end },
        {
          requires: { facts: ['binOutBy'] },
          en: { out: { say: 'Out by {council.binOutBy}?' } },
          cy: { out: { say: 'Allan erbyn {council.binOutBy}?' } },
        },
      ),
    )
    const fact = (text: string) => ({ text, asAt: now })
    const council = {
      name: 'C',
      facts: { binOutBy: fact('6.30 in the morning'), binOutByCy: fact('6.30 y bore') },
    }
    const step = current(viewRun(script, startRun(script, now), contextWith({ language: 'cy', council })))
    expect(step.readAloud).toMatchObject({
      text: 'Allan erbyn 6.30 y bore?',
      inEnglish: 'Out by 6.30 in the morning?',
    })
  })

  it('say when a fact was last right', () => {
    const script = published(
      sketch(
        { out: { kind: 'ask', input: 'yesNo', go: 'end' }, end },
        {
          requires: { facts: ['binOutBy'] },
          en: { out: { say: 'Out by {council.binOutBy}, {asAt.binOutBy}?' } },
        },
      ),
    )
    const step = current(viewRun(script, startRun(script, now), context))
    expect(step.readAloud?.text).toBe('Out by 6.30 in the morning, as at 9:10 this morning?')
    expect(step.facts).toEqual([
      {
        name: 'binOutBy',
        text: '6.30 in the morning',
        asAt: '2026-11-03T09:10:00Z',
        asAtWords: 'as at 9:10 this morning',
        stale: false,
      },
    ])
  })

  it('show and report what is not known', () => {
    const council = { name: 'Sample Council', facts: {} }
    const run = play(missedBin, [
      ['greeting-hello', goOn],
      ['which-bin', value('food')],
      ['identity-check', { kind: 'declined' }],
      ['missed-address', value('14 Elm Road')],
      ['when-due', value('yesterday')],
      ['assisted', value('no')],
    ])
    const view = viewRun(missedBin, run, contextWith({ council }))
    expect(view.current?.readAloud?.text).toBe('Was the bin out by [not known]?')
    expect(view.missingFacts).toEqual(['council.binOutBy'])
  })

  it('keep what a resident said as plain text, never read for placeholders or markup', () => {
    const script = published(
      sketch(
        { said: { kind: 'ask', input: 'text', go: 'tell' }, tell: { kind: 'say', go: 'end' }, end },
        {
          en: { tell: { say: 'You said: {answers.said}' } },
        },
      ),
    )
    const said = '{resident.givenName} <img src=x onerror=alert(1)> \u202e{council.name}'
    const step = current(viewRun(script, play(script, [['said', value(said)]]), context))
    expect(step.readAloud?.text).toBe(
      'You said: {resident.givenName} <img src=x onerror=alert(1)> {council.name}',
    )
  })

  it('are word for word where the script says so', () => {
    const script = published(sketch({ tell: { kind: 'say', verbatim: true, go: 'end' }, end }))
    const step = current(viewRun(script, startRun(script, now), context))
    expect(step).toMatchObject({ readAloud: { verbatim: true }, continueLabel: 'I have read this out' })
  })
})

describe('personal data', () => {
  const script = published(
    sketch(
      {
        check: {
          kind: 'verify',
          questions: [{ id: 'name', compares: 'fullName' }],
          levels: [{ level: 'standard', needs: ['name'] }],
          attempts: 1,
          passed: 'open',
          failed: 'end',
        },
        open: { kind: 'inform', go: 'end' },
        end,
      },
      { en: { open: { say: 'You live at {resident.address}.', why: 'Say it to {resident.givenName}.' } } },
    ),
  )
  const run = play(script, [['check', { kind: 'identity', marks: { name: 'matched' } }]])

  it('is shown to the adviser once the resident is identified', () => {
    expect(current(viewRun(script, run, context))).toMatchObject({
      withheld: false,
      readAloud: { text: 'You live at 1 Sample Street, ZZ99 9ZZ.' },
      why: 'Say it to Robin.',
    })
  })

  it('is withheld as soon as nobody is', () => {
    const view = viewRun(script, run, contextWith({ resident: null }))
    expect(view.current).toMatchObject({ stepId: 'open', withheld: true, readAloud: null, why: null })
    expect(JSON.stringify(view)).not.toContain(robin.address.line1)
  })
})

describe('questions', () => {
  const ask = (more: object) => {
    const script = published(sketch({ ask: { kind: 'ask', go: 'end', ...more }, end }))
    return { script, step: current(viewRun(script, startRun(script, now), context)) }
  }

  it('number their options for the keyboard, and letter those from the tenth', () => {
    const options = 'abcdefghijkl'.split('').map((letter) => `option-${letter}`)
    const { step } = ask({ input: 'choice', options })
    expect(step.kind === 'ask' && step.options.map(({ key }) => key)).toEqual([...'123456789abc'])
  })

  it('take yes, no and not sure by their first letter too', () => {
    const { step } = ask({ input: 'yesNo', notSure: true })
    expect(step.kind === 'ask' && step.options.map(({ key, letter }) => `${key}${letter}`)).toEqual([
      '1y',
      '2n',
      '3s',
    ])
  })

  it('say how an answer may be typed', () => {
    expect(ask({ input: 'date' }).step).toMatchObject({
      formHint: 'today, Tuesday, 3 Nov or 03/11/2026',
      maxLength: null,
    })
    expect(ask({ input: 'text', maxLength: 50, optional: true, sensitive: true }).step).toMatchObject({
      formHint: null,
      maxLength: 50,
      optional: true,
      sensitive: true,
    })
  })

  it.each([
    [{ input: 'money' }, '£12', '12.00'],
    [{ input: 'number' }, '3', '3'],
    [{ input: 'date' }, 'yesterday', '2026-11-02'],
    [{ input: 'phone' }, '01632 960142', '+441632960142'],
    [{ input: 'several', options: ['a', 'b'] }, ['b'], ['b']],
  ])('offer the answer given before when opened again: %j', (more, typed, previous) => {
    const { script } = ask(more)
    const run = goBack(script, play(script, [['ask', value(typed)]]), context)
    expect(current(viewRun(script, run, context))).toMatchObject({ previous })
    expect(() => play(script, [['ask', value(previous)]], context, run)).not.toThrow()
  })
})

describe('signposts and outcomes', () => {
  it('show contact cards with their facts', () => {
    const script = published(
      sketch(
        { where: { kind: 'signpost', contacts: ['tip'], go: 'end' }, end },
        {
          requires: { facts: ['tipHours'] },
          en: { where: { contacts: { tip: { name: 'Recycling centre', hours: '{council.tipHours}' } } } },
        },
      ),
    )
    const council = { name: 'C', facts: { tipHours: { text: '8am to 6pm', asAt: now } } }
    expect(current(viewRun(script, startRun(script, now), contextWith({ council })))).toMatchObject({
      kind: 'signpost',
      contacts: [
        {
          id: 'tip',
          name: 'Recycling centre',
          hours: '8am to 6pm',
          phone: null,
          asAtWords: 'as at 10:00 this morning',
        },
      ],
      facts: [{ name: 'tipHours' }],
    })
  })

  it('show what is promised, in the language of the resident', () => {
    const script = published(
      sketch(
        { tell: { kind: 'say', go: 'end' }, end },
        {
          en: { end: { promises: ['We will call.'] } },
          cy: { end: { promises: ['Byddwn ni’n ffonio.'] } },
        },
      ),
    )
    const welsh = contextWith({ language: 'cy' })
    const view = viewRun(script, play(script, [['tell', goOn]]), welsh)
    expect(view.current).toMatchObject({ kind: 'outcome', promises: ['Byddwn ni’n ffonio.'] })
    expect(view.outcome?.promises).toEqual(['We will call.'])
  })

  it('pass steps of kinds that only stop and go on', () => {
    for (const kind of ['lookup', 'pay', 'transfer', 'escalate']) {
      const done = { kind: 'ask', input: 'yesNo', routes: [{ when: 'done = "no"', go: 'other' }], go: 'end' }
      const script = published(sketch({ stop: { kind, go: 'done' }, done, end, other: end }))
      const view = viewRun(script, startRun(script, now), context)
      expect(view.current).toMatchObject({ kind, readAloud: null, continueLabel: 'Continue' })
      expect(viewRun(script, play(script, [['stop', goOn]]), context).current?.stepId).toBe('done')
    }
  })
})
