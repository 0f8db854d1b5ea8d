import { describe, expect, it } from 'vitest'
import { averageSentence } from '#shared/guidance/check-wording.ts'
import { compileScript } from '#shared/guidance/compile.ts'
import { coverageOf } from '#shared/guidance/coverage.ts'
import { publishable } from '#shared/guidance/publish.ts'
import { loadScript } from '#shared/guidance/run.ts'
import { libraryFiles, libraryParts, libraryScript, librarySource, sketch } from './scripts.ts'

const ids = libraryFiles().map(({ id }) => id)

describe('the starter library', () => {
  it('has its scripts', () => {
    expect(ids).toEqual([
      'adult-social-care',
      'blue-badge',
      'bulky-waste',
      'complaint-compliment',
      'council-tax-discounts',
      'council-tax-moving',
      'council-tax-payment-difficulty',
      'crisis-support',
      'fly-tipping',
      'general-enquiry',
      'homelessness',
      'housing-benefit-change',
      'housing-repair',
      'library',
      'missed-bin',
      'noise-pests',
      'parking-permit',
      'planning-enquiry',
      'pothole-street-light',
      'register-birth-death',
      'register-to-vote',
      'safeguarding-adult',
      'safeguarding-child',
      'school-admission',
    ])
  })

  it.each(ids)('%s passes every proof and every test call', (id) => {
    const result = publishable(libraryFiles().find((file) => file.id === id)?.content, libraryParts())
    expect(result.ok ? [] : result.error.findings).toEqual([])
  })

  it.each(ids)('%s has test calls that go through every step and every route', (id) => {
    const source = librarySource(id)
    const { steps, routes } = coverageOf(libraryScript(id), source)
    expect(source.tests.length).toBeGreaterThanOrEqual(5)
    expect([...steps.missed, ...routes.missed]).toEqual([])
  })

  it('calls the same thing by the same fact: no two scripts give one another value', () => {
    const values = new Map<string, Set<string>>()
    for (const [name, text] of ids.flatMap((id) => Object.entries(librarySource(id).testFacts))) {
      values.set(name, (values.get(name) ?? new Set()).add(text))
    }
    expect([...values].filter(([, texts]) => texts.size > 1)).toEqual([])
  })

  it('says which steps and routes the test calls leave out', () => {
    const source = { ...librarySource('missed-bin'), tests: librarySource('missed-bin').tests.slice(0, 1) }
    const { steps, routes } = coverageOf(libraryScript('missed-bin'), source)
    expect(steps.missed).toContain('assisted-reach')
    expect(routes.missed).toContain('bin-out → late-advice')
    expect(routes.taken + routes.missed.length).toBe(routes.all)
  })

  it.each(ids)('%s is said in short sentences and its Welsh is not taken for reviewed', (id) => {
    const script = libraryScript(id)
    const said = Object.values(script.wording.en).flatMap(({ say, why }) => [say ?? '', why ?? ''])
    expect(averageSentence(said)).toBeLessThan(20)
    expect(script.cyReviewed).toBe(false)
  })

  it('asks about a missed bin in about eleven steps', () => {
    const script = libraryScript('missed-bin')
    expect(compileScript(script).stepsLeft(script.start)).toBe(11)
  })
})

describe('publishing', () => {
  it('gives a document that a desk can load after it crossed the network, without test calls', () => {
    const script = libraryScript('missed-bin')
    expect(loadScript(JSON.parse(JSON.stringify(script)))).toEqual({ ok: true, value: script })
    expect(Object.keys(script)).not.toContain('tests')
  })

  it('gives the same document every time', () => {
    expect(JSON.stringify(libraryScript('missed-bin'))).toBe(JSON.stringify(libraryScript('missed-bin')))
  })

  it.each([
    null,
    undefined,
    'missed bin',
    [],
    {},
    { kind: 'script' },
    { ...(sketch({ end: { kind: 'outcome', disposition: 'done', case: false } }) as object), extra: 1 },
    sketch({ end: { kind: 'shout', go: 'end' } }),
    sketch({ End: { kind: 'outcome', disposition: 'done', case: false } }),
    {
      ...(sketch({ end: { kind: 'outcome', disposition: 'done', case: false } }) as object),
      formatVersion: 4,
    },
  ])('refuses what is no script: %j', (content) => {
    const result = publishable(content, [])
    expect(result).toMatchObject({ ok: false, error: { code: 'guidance/not-publishable' } })
    expect(result.ok ? [] : result.error.findings).not.toEqual([])
    expect(loadScript(content).ok).toBe(false)
  })

  it('refuses a script whose part is broken', () => {
    const result = publishable(sketch({ end: { kind: 'outcome', disposition: 'done', case: false } }), [
      { kind: 'part' },
    ])
    expect(result.ok).toBe(false)
  })

  it.each([
    [{ expect: { outcome: 'other' } }, 'expected outcome "other", got "end"'],
    [{ expect: { outcome: 'end', case: true } }, 'expected case true, got false'],
    [{ expect: { outcome: 'end', fields: { bin: 'no' } } }, 'expected field bin "no", got "yes"'],
    [{ answers: {} }, 'ask is asked and the call has no answer to it'],
    [{ answers: { ask: 'perhaps' } }, 'Choose one of the answers shown'],
    [{ answers: { ask: 'yes', gone: 'yes' } }, 'answers gone, which is not asked'],
  ])('refuses a script whose test call fails: %j', (change, problem) => {
    const call = { name: 'a call', answers: { ask: 'yes' }, expect: { outcome: 'end' }, ...change }
    const source = sketch(
      {
        ask: {
          kind: 'ask',
          input: 'yesNo',
          field: 'bin',
          go: 'end',
          routes: [{ when: 'ask = "no"', go: 'other' }],
        },
        end: { kind: 'outcome', disposition: 'done', case: false },
        other: { kind: 'outcome', disposition: 'done', case: false },
      },
      { tests: [call] },
    )
    const result = publishable(source, [])
    const problems = result.ok ? [] : result.error.findings.map((each) => each.problem)
    expect(problems.join(' ')).toContain(problem)
  })

  it.each([
    [{ replyWorkingDays: '10 working days' }, 'The fact replyWorkingDays is "10 working days"'],
    [{ replyWorkingDays: 'ten' }, 'are numbers alone'],
    [{ replyWorkingDays: '10', callHours: '24 hours' }, 'the unit is said twice'],
    [{ replyWorkingDays: '10', callHours: '24' }, null],
  ])('refuses a fact whose unit is said twice: %j', (testFacts, problem) => {
    const say = 'Within {council.replyWorkingDays} working days, or {council.callHours} hours.'
    const source = sketch(
      { end: { kind: 'outcome', disposition: 'done', case: false } },
      { en: { end: { say } }, testFacts, requires: { facts: ['callHours', 'replyWorkingDays'] } },
    )
    const result = publishable(source, [])
    const problems = result.ok ? '' : result.error.findings.map((each) => each.problem).join(' ')
    if (problem === null) expect(problems).toBe('')
    else expect(problems).toContain(problem)
  })

  it('refuses to load a document that was changed after publishing', () => {
    const script = JSON.parse(JSON.stringify(libraryScript('missed-bin')))
    script.steps['which-bin'].go = 'nowhere'
    expect(loadScript(script)).toMatchObject({ ok: false, error: { code: 'guidance/not-a-script' } })
    script.steps['which-bin'].go = 'assisted'
    script.steps['when-due'].routes[0].when = 'for i in 1..10 return i'
    expect(loadScript(script).ok).toBe(false)
  })
})
