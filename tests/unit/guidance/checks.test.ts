import { describe, expect, it } from 'vitest'
import { averageSentence } from '#shared/guidance/check-wording.ts'
import { publishable } from '#shared/guidance/publish.ts'
import { sketch } from './scripts.ts'

const end = { kind: 'outcome', disposition: 'done', case: false }
const yesNo = (more: object) => ({ kind: 'ask', input: 'yesNo', ...more })
const verify = (more: object = {}) => ({
  kind: 'verify',
  questions: [{ id: 'name', compares: 'fullName' }],
  levels: [{ level: 'standard', needs: ['name'] }],
  attempts: 2,
  passed: 'open',
  failed: 'end',
  ...more,
})

type Sketch = Parameters<typeof sketch>

/** Findings as "step: problem", none when the script may be published. */
function findings(...[steps, more]: Sketch): readonly string[] {
  const result = publishable(sketch(steps, more), [])
  return result.ok
    ? []
    : result.error.findings.map(({ stepId, problem }) => `${stepId ?? 'script'}: ${problem}`)
}

const expectFinding = (found: readonly string[], text: string) => {
  expect(found.filter((each) => each.includes(text))).not.toEqual([])
}

describe('ways through a script', () => {
  it('pass when every step is reached and every path ends', () => {
    expect(findings({ ask: yesNo({ go: 'end' }), end })).toEqual([])
  })

  it('must not lead to a step that does not exist', () => {
    expectFinding(
      findings({ ask: yesNo({ go: 'gone' }), end }),
      'ask: The step leads to gone, which does not exist.',
    )
    expectFinding(
      findings({ ask: yesNo({ go: 'end' }), end }, { start: 'gone' }),
      'script: The script starts at gone',
    )
  })

  it('must reach every step', () => {
    expectFinding(
      findings({ ask: yesNo({ go: 'end' }), lost: { kind: 'say', go: 'end' }, end }),
      'lost: No path leads to this step.',
    )
  })

  it('must end', () => {
    expectFinding(
      findings({
        ask: yesNo({ go: 'end', routes: [{ when: 'ask = "no"', go: 'trap' }] }),
        trap: yesNo({ go: 'trap' }),
        end,
      }),
      'trap: From this step no path ends.',
    )
  })

  it('must not go round in a circle without a question', () => {
    const round = {
      ask: yesNo({ go: 'end', routes: [{ when: 'ask = "no"', go: 'one' }] }),
      one: { kind: 'say', go: 'two', routes: [{ when: 'ask = "yes"', go: 'end' }] },
      two: { kind: 'say', go: 'one' },
      end,
    }
    expectFinding(findings(round), 'round in a circle without asking anything: one → two')
    const derived = yesNo({ derive: 'today() = today()', go: 'one' })
    expectFinding(findings({ ...round, two: derived }), 'round in a circle')
    expect(findings({ ...round, two: yesNo({ go: 'one' }) })).toEqual([])
  })

  it('must have a default after every condition', () => {
    const open = { kind: 'ask', input: 'yesNo', routes: [{ when: 'ask = "no"', go: 'end' }] }
    expectFinding(findings({ ask: open, end }), 'ask: At steps, ask, go')
  })
})

describe('conditions', () => {
  const withCondition = (when: string) =>
    findings({
      bins: { kind: 'ask', input: 'choice', options: ['food', 'garden', 'glass'], go: 'several' },
      several: { kind: 'ask', input: 'several', options: ['tag', 'none'], go: 'bin-count' },
      'bin-count': { kind: 'ask', input: 'number', go: 'due' },
      due: { kind: 'ask', input: 'date', go: 'branch' },
      branch: { kind: 'say', go: 'end', routes: [{ when, go: 'later' }] },
      later: yesNo({ go: 'end' }),
      end,
    })

  it.each([
    ['bns = "food"', 'uses bns, which is not a question'],
    ['bins = "fod"', 'compares bins with "fod", which it can never be'],
    ['bins = 3', 'compares bins with 3'],
    ['several = "tag"', 'compares several, which has several answers'],
    ['list contains(several, "tags")', 'compares several with "tags"'],
    ['bin-count = "3"', 'compares bin-count, a number, with text'],
    ['due = "2026-11-03"', 'compares due, a date, with'],
    ['later = "yes"', 'uses later, which is only asked later'],
    ['bins =', 'cannot be read'],
    ['for i in 1..100000000 return i', 'is not allowed in scripts'],
    ['matches(bins, "x")', 'uses matches(), which scripts do not have'],
    ['bins = council.binOutBy', 'uses council facts or a table, which may change during a call'],
  ])('%s is refused', (when, problem) => {
    expectFinding(withCondition(when), problem)
  })

  it('suggest the name that was meant', () => {
    const result = publishable(
      sketch({
        bins: yesNo({ go: 'end', routes: [{ when: 'bns = "no"', go: 'more' }] }),
        more: yesNo({ go: 'end' }),
        end,
      }),
      [],
    )
    expect(result).toMatchObject({ ok: false, error: { findings: [{ fix: 'Did you mean bins?' }] } })
  })

  it.each([
    'bins in ("food", "garden")',
    'list contains(several, "tag")',
    'bin-count > 3',
    'due < today()',
    'due = date("2026-11-03")',
  ])('%s passes', (when) => {
    expect(withCondition(when)).toEqual([])
  })

  it('must not take a word that conditions use', () => {
    expectFinding(findings({ count: yesNo({ go: 'end' }), end }), 'count: "count" has another meaning')
  })
})

describe('identity', () => {
  const open = { kind: 'inform', discloses: 'standard', go: 'end' }

  it('comes before what opens personal data', () => {
    expect(findings({ check: verify(), open, end })).toEqual([])
    expectFinding(
      findings({ check: verify({ failed: 'skip' }), skip: yesNo({ go: 'open' }), open, end }),
      'open: The step opens personal data',
    )
    expectFinding(findings({ hello: yesNo({ go: 'open' }), open, end }), 'open: The step opens personal data')
  })

  it('comes before wording that quotes the record, in any language', () => {
    const quoting = { cy: { tell: { say: 'Helo {resident.givenName}' } } }
    expectFinding(
      findings({ tell: { kind: 'say', go: 'end' }, end }, quoting),
      'tell: The step opens personal data',
    )
  })

  it('of a lower level does not open what needs a higher one', () => {
    const enhanced = { ...open, discloses: 'enhanced' }
    expectFinding(findings({ check: verify(), open: enhanced, end }), 'open: The step opens personal data')
    const levels = [{ level: 'enhanced', needs: ['name'] }]
    expect(findings({ check: verify({ levels }), open: enhanced, end })).toEqual([])
  })

  it('has a way on that differs from the passed one, and questions that exist', () => {
    expectFinding(
      findings({ check: verify({ passed: 'end' }), end }),
      'leads to the same step as a passed one',
    )
    expectFinding(
      findings({ check: verify({ levels: [{ level: 'standard', needs: ['age'] }] }), open, end }),
      'check: The standard level needs age',
    )
    expectFinding(
      findings({
        check: verify({
          levels: [
            { level: 'standard', needs: ['name'] },
            { level: 'enhanced', needs: ['name'] },
          ],
        }),
        open,
        end,
      }),
      'The levels are not in order',
    )
  })

  it('never reaches a subject or a note', () => {
    expectFinding(
      findings({ ask: yesNo({ go: 'end' }), end }, { subject: 'For {resident.givenName}' }),
      'quotes the record',
    )
  })
})

describe('wording', () => {
  const steps = { ask: { kind: 'ask', input: 'choice', options: ['a', 'b'], go: 'end' }, end }

  it('stands in both languages', () => {
    expectFinding(
      findings(steps, { cy: { ask: { say: undefined } } }),
      'ask: What is said has no Welsh words.',
    )
    expectFinding(
      findings(steps, { cy: { ask: { options: { a: 'A' } } } }),
      'ask: The option b has no Welsh words.',
    )
    expectFinding(
      findings(steps, { en: { end: { promises: ['Soon.'] } } }),
      'end: The promises differ in number',
    )
    expectFinding(findings(steps, { wording: { en: {}, cy: {} } }), 'ask: The step has no English wording.')
    expectFinding(findings(steps, { en: { ask: { say: undefined } } }), 'ask: The step has nothing to say.')
  })

  it('belongs to steps and options that exist', () => {
    expectFinding(
      findings(steps, { en: { ask: { options: { a: 'A', b: 'B', c: 'C' } } } }),
      'has an option c that the step has not',
    )
    const stray = sketch(steps) as { wording: { en: Record<string, unknown> } }
    stray.wording.en.gone = { title: 'Gone' }
    const result = publishable(stray, [])
    expect(result).toMatchObject({ ok: false, error: { findings: [{ stepId: 'gone' }] } })
  })

  it.each([
    ['Tell me the long number on your card.', 'asks for card details'],
    ['Beth yw rhif y cerdyn?', 'asks for card details'],
    ['This is <b>important</b>.', 'holds HTML'],
    ['Fish &amp; chips', 'holds HTML'],
    ['Turn\u202ethis', 'invisible characters'],
    ['Out by {council.binOutBy}', 'is not among the facts the script requires'],
    ['Hello {council.name', 'is not complete'],
    ['Hello {nobody.name}', 'There is no placeholder {nobody.name}'],
    ['Hello {adviser.age}', 'There is no placeholder {adviser.age}'],
    ['You said {answers.gone}', 'is not the answer to a question'],
    ['You said {answers.ask}', 'is not always known here'],
  ])('%j is refused', (say, problem) => {
    expectFinding(findings(steps, { en: { ask: { say } } }), problem)
  })

  it('quotes an answer only where every path has asked for it', () => {
    const branch = {
      first: yesNo({ go: 'second', routes: [{ when: 'first = "no"', go: 'third' }] }),
      second: yesNo({ go: 'third' }),
      third: { kind: 'say', go: 'end' },
      end,
    }
    expect(findings(branch, { en: { third: { say: 'You said {answers.first}.' } } })).toEqual([])
    expectFinding(
      findings(branch, { en: { third: { say: 'You said {answers.second}.' } } }),
      'third: {answers.second} is not always known here',
    )
  })

  it('never quotes a sensitive answer, nor one that may be left out', () => {
    const asked = (more: object) => ({
      first: { kind: 'ask', input: 'text', go: 'tell', ...more },
      tell: { kind: 'say', go: 'end' },
      end,
    })
    const quoting = { en: { tell: { say: 'You said {answers.first}.' } } }
    expectFinding(findings(asked({ sensitive: true }), quoting), 'is a sensitive answer')
    expectFinding(findings(asked({ optional: true }), quoting), 'may have been left out')
  })

  it('names the facts it needs, and no others', () => {
    expectFinding(
      findings(steps, { requires: { facts: ['unused'] } }),
      'The fact unused is required but never used',
    )
    const derived = { ask: yesNo({ derive: 'clock(council.roundsFinishBy) < time(now())', go: 'end' }), end }
    expectFinding(findings(derived), 'The fact roundsFinishBy is used but not required')
    expect(findings(derived, { requires: { facts: ['roundsFinishBy'] } })).toEqual([])
  })

  it('is short enough to be understood when heard', () => {
    const say = `${'word '.repeat(120)}.`
    expectFinding(findings(steps, { en: { ask: { say } } }), 'words long on average')
    expect(averageSentence(['One two. Three four five six!'])).toBe(3)
  })
})

describe('questions', () => {
  it.each([
    [{ input: 'choice' }, 'no answers to choose from'],
    [{ input: 'text', options: ['a', 'b'] }, 'takes no options'],
    [{ input: 'choice', options: ['a', 'a'] }, 'listed twice'],
    [{ input: 'text', notSure: true }, 'Only a yes/no question has notSure'],
    [{ input: 'text', min: 3 }, 'Only numbers and amounts have min and max'],
    [{ input: 'text', dateIn: 'past' }, 'Only dates have dateIn'],
    [
      { input: 'yesNo', sensitive: true, derive: 'today() = today()' },
      'A sensitive answer is never worked out',
    ],
  ])('%j is refused', (step, problem) => {
    expectFinding(findings({ ask: { kind: 'ask', go: 'end', ...step }, end }), problem)
  })

  it('outcomes label the fields they set', () => {
    expectFinding(
      findings({ ask: yesNo({ go: 'end' }), end: { ...end, set: { priority: 'high' } } }),
      'end: The field priority has no label',
    )
  })
})
