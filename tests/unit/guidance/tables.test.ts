import { describe, expect, it } from 'vitest'
import { publishable } from '#shared/guidance/publish.ts'
import { startRun, viewRun } from '#shared/guidance/run.ts'
import { contextWith, current, play, published, sketch, value } from './scripts.ts'

const steps = {
  items: { kind: 'ask', input: 'number', go: 'price' },
  price: { kind: 'say', go: 'end' },
  end: { kind: 'outcome', disposition: 'done', case: false },
}
const charge = {
  rows: [
    { when: 'items <= 3', until: '2026-10-31', gives: { en: '£20 in all', cy: '£20 i gyd' } },
    { when: 'items <= 3', gives: '£25' },
    { when: 'items > 6', gives: 'more than we take at once, ask {council.name}' },
  ],
  otherwise: '£40',
}
const words = { price: { say: 'That is {tables.charge}.' } }
const make = (tables: Record<string, unknown>, en = words) => sketch(steps, { tables, en, cy: en })

/** What is said for so many items on a day. */
function said(items: string, today: string, language: 'en' | 'cy' = 'en') {
  const script = published(make({ charge }))
  const context = contextWith({ today, now: `${today}T10:00:00Z`, language })
  return current(viewRun(script, play(script, [['items', value(items)]], context), context)).readAloud?.text
}

const findings = (source: unknown) => {
  const result = publishable(source, [])
  return result.ok ? [] : result.error.findings.map(({ problem }) => problem)
}

describe('a decision table', () => {
  it('gives the first row that holds on the day of the call', () => {
    expect(said('2', '2026-10-31')).toBe('That is £20 in all.')
    expect(said('2', '2026-11-01')).toBe('That is £25.')
    expect(said('5', '2026-11-01')).toBe('That is £40.')
  })

  it('gives the words of the language, with the council’s facts filled in', () => {
    expect(said('2', '2026-10-31', 'cy')).toBe('That is £20 i gyd.')
    expect(said('9', '2026-11-01')).toBe('That is more than we take at once, ask Sample Council.')
  })

  it('works an answer out', () => {
    const script = published(
      sketch(
        {
          items: { kind: 'ask', input: 'number', go: 'limit' },
          limit: { kind: 'ask', input: 'number', derive: 'tables.most', go: 'price' },
          price: { kind: 'say', go: 'end', routes: [{ when: 'items > limit', go: 'too-many' }] },
          'too-many': { kind: 'say', go: 'end' },
          end: steps.end,
        },
        { tables: { most: { rows: [{ from: '2026-01-01', gives: 6 }], otherwise: 3 } } },
      ),
    )
    const run = play(script, [['items', value('5')]])
    expect(viewRun(script, run, contextWith()).answered.map((step) => step.value)).toEqual(['5', '6'])
  })

  it.each([
    [
      { charge: { rows: [{ gives: '£1' }, { when: 'items > 1', gives: '£2' }], otherwise: '£3' } },
      'Row 2 of table charge is never used',
    ],
    [
      { charge: { rows: [{ from: '2026-05-01', until: '2026-04-01', gives: '£1' }], otherwise: '£3' } },
      'ends before it begins',
    ],
    [
      { charge: { rows: [{ when: 'itms > 1', gives: '£1' }], otherwise: '£3' } },
      'uses itms, which is not a question',
    ],
    [
      { charge: { rows: [{ when: 'items = "two"', gives: '£1' }], otherwise: '£3' } },
      'compares items, a number, with text',
    ],
    [{ charge: { rows: [{ when: 'now() = now()', gives: '£1' }], otherwise: '£3' } }, 'uses the clock'],
    [
      { charge: { rows: [{ when: 'council.limit = "1"', gives: '£1' }], otherwise: '£3' } },
      'uses facts or another table',
    ],
    [{ charge, spare: { rows: [{ gives: '£1' }], otherwise: '£2' } }, 'The table spare is never used'],
    [{}, 'There is no table called charge'],
    [
      { charge: { rows: [{ gives: 'see {council.fee}' }], otherwise: '£2' } },
      '{council.fee} is not among the facts',
    ],
  ])('%j is refused', (tables, problem) => {
    expect(findings(make(tables)).filter((each) => each.includes(problem))).not.toEqual([])
  })

  it('is only quoted where what decides it is known', () => {
    const early = sketch(steps, {
      tables: { charge },
      en: { items: { say: 'For {tables.charge}?' }, ...words },
    })
    expect(findings(early).filter((each) => each.includes('decided by items'))).not.toEqual([])
  })

  it('begins afresh with every run', () => {
    const script = published(make({ charge }))
    expect(viewRun(script, startRun(script, '2026-11-03T10:00:00Z'), contextWith()).missingFacts).toEqual([])
  })
})

describe('a fact that grew old', () => {
  const source = sketch(
    { out: { kind: 'ask', input: 'yesNo', go: 'end' }, end: steps.end },
    {
      requires: { facts: ['binOutBy'], freshForHours: { binOutBy: 24 } },
      en: { out: { say: 'Was it out by {council.binOutBy}?' } },
      cy: { out: { say: 'Oedd e allan erbyn {council.binOutBy}?' } },
    },
  )
  const sayAt = (now: string, language: 'en' | 'cy' = 'en') => {
    const script = published(source)
    const context = contextWith({ now, today: now.slice(0, 10), language })
    return current(viewRun(script, startRun(script, now), context)).readAloud?.text
  }

  it('changes what is read aloud by itself, in both languages', () => {
    expect(sayAt('2026-11-03T10:00:00Z')).toBe('Was it out by 6.30 in the morning?')
    expect(sayAt('2026-11-04T10:00:00Z')).toBe('As at yesterday: Was it out by 6.30 in the morning?')
    expect(sayAt('2026-11-06T10:00:00Z', 'cy')).toBe(
      'Yn ôl a wyddem ar 3 Tachwedd: Oedd e allan erbyn 6.30 in the morning?',
    )
  })

  it('has to be one that the script requires', () => {
    const wrong = sketch({ end: steps.end }, { requires: { facts: [], freshForHours: { binOutBy: 24 } } })
    expect(findings(wrong)).toEqual(['binOutBy has an age under freshForHours, but is not required.'])
  })
})
