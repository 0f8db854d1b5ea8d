import fc from 'fast-check'
import { evaluate, parseDate } from 'feelin'
import { describe, expect, it } from 'vitest'
import type { FieldValue } from '#shared/contract/rest.ts'
import { evaluateFeel, type FeelExpression, parseFeel } from '#shared/guidance/feel.ts'

const known = new Set(['which-bin', 'when-due', 'problems', 'count-of-bins', 'a', 'b', 'a-b'])

const answers: Record<string, FieldValue> = {
  'which-bin': 'food',
  'when-due': '2026-11-02',
  problems: ['tag', 'late'],
  'count-of-bins': 3,
  a: 5,
  b: 2,
  'a-b': 'joined',
}

function parsed(text: string): FeelExpression {
  const result = parseFeel(text, known)
  if (!result.ok) throw new Error(JSON.stringify(result.problems))
  return result.value
}

const facts: Record<string, string> = {
  roundsFinishBy: '4.30pm',
  reportDays: '2',
  shift: 'when they are done',
}

const given = (text: string, nowIso = '2026-11-03T14:10:00Z'): FieldValue =>
  evaluateFeel(parsed(text), {
    answer: (name) => answers[name] ?? null,
    fact: (name) => facts[name] ?? null,
    nowIso,
  })

const problemsOf = (text: string) => {
  const result = parseFeel(text, known)
  return result.ok ? [] : result.problems.map(({ code }) => code)
}

describe('conditions', () => {
  it.each([
    ['which-bin = "food"', true],
    ['which-bin in ("food", "garden") and not(count-of-bins = 2)', true],
    ['list contains(problems, "tag")', true],
    ['list contains(problems, "other")', false],
    ['count-of-bins between 1 and 4', true],
    ['when-due < today()', true],
    ['(today() - when-due).days <= number(council.reportDays)', true],
    ['time(now()) >= clock(council.roundsFinishBy)', false],
    ['if count-of-bins > 2 then "many" else "few"', 'many'],
    ['when-due = date("2026-11-02")', true],
  ])('%s is %s', (text, result) => {
    expect(given(text)).toBe(result)
  })

  it('reads a name with hyphens as one name, and a minus with spaces as a minus', () => {
    expect(given('a-b = "joined"')).toBe(true)
    expect(given('a - b')).toBe(3)
  })

  it('is null, not false, when a fact is not the plain time or number it should be', () => {
    expect(given('time(now()) >= clock(council.shift)')).toBeNull()
    expect(given('count-of-bins <= number(council.shift)')).toBeNull()
    expect(given('time(now()) >= clock(council.unheardOf)')).toBeNull()
  })

  it('takes the time of day from the clock in the United Kingdom, in summer too', () => {
    expect(given('time(now()) >= clock(council.roundsFinishBy)', '2026-07-01T15:31:00Z')).toBe(true)
    expect(given('time(now()) >= clock(council.roundsFinishBy)', '2026-11-03T15:31:00Z')).toBe(false)
    expect(given('today() = date("2026-07-02")', '2026-07-01T23:30:00Z')).toBe(true)
  })

  it('treats an answer that was passed over as null', () => {
    const scope = { answer: () => '', fact: () => null, nowIso: '2026-11-03T14:10:00Z' }
    expect(evaluateFeel(parsed('which-bin = null'), scope)).toBe(true)
  })

  it('names the answers, facts and comparisons it uses', () => {
    const expression = parsed('which-bin in ("food", "x") and clock(council.roundsFinishBy) > time(now())')
    expect(expression.names).toEqual(['which-bin'])
    expect(expression.facts).toEqual(['roundsFinishBy'])
    expect(expression.usesClock).toBe(true)
    expect(expression.comparisons.map(({ literal }) => literal)).toEqual(['food', 'x'])
  })
})

describe('the subset', () => {
  it.each([
    'for i in 1..100000000 return i',
    'some x in problems satisfies x = "tag"',
    'every x in problems satisfies x = "tag"',
    'function(x) x + 1',
    '[1, 2, 3]',
    'count-of-bins in [1..3]',
    'problems[1]',
    'problems[item = "tag"]',
    '{ a: 1 }',
    'count-of-bins ** 9999',
    'which-bin instance of string',
    'date(year: 2026, month: 1, day: 1)',
    'council',
    'today().constructor',
    'council.binOutBy.length',
  ])('refuses %s', (text) => {
    expect(problemsOf(text)).toContain('not-allowed')
  })

  it.each(['matches(which-bin, "(a+)+$")', 'string join(problems, ",")', 'get entries(council)', 'is(a, b)'])(
    'refuses the function in %s',
    (text) => {
      expect(problemsOf(text)).toContain('unknown-function')
    },
  )

  it('names a misspelt name whole', () => {
    expect(parseFeel('which-bn = "food"', known)).toMatchObject({
      ok: false,
      problems: [{ code: 'unknown-name', text: 'which-bn' }, { text: 'which-bn' }],
    })
  })

  it.each(['', '   ', 'which-bin =', '= "food"', 'which-bin = "food', '(', 'and'])(
    'refuses %j as unreadable',
    (text) => {
      expect(problemsOf(text).length).toBeGreaterThan(0)
    },
  )

  it('refuses more than 500 characters before reading them', () => {
    expect(problemsOf(`${'('.repeat(400)}a${')'.repeat(400)}`)).toEqual(['too-long'])
  })
})

const isTexts = (list: unknown) => Array.isArray(list) && list.every((item) => typeof item === 'string')

/** feelin throws on a few type errors; here they are null. */
function feelins(text: string): unknown {
  try {
    return evaluate(text, answers).value
  } catch {
    return null
  }
}

describe('whatever is written', () => {
  it('is null where feelin throws', () => {
    expect(() => evaluate('which-bin > true', answers)).toThrow()
    expect(given('which-bin > true')).toBeNull()
  })

  const fragment = fc.constantFrom(
    'which-bin',
    'when-due',
    'problems',
    'a',
    'b',
    '"food"',
    '3',
    'true',
    'null',
    ' = ',
    ' != ',
    ' > ',
    ' and ',
    ' or ',
    ' in ',
    'not(',
    '(',
    ')',
    ',',
    ' - ',
    ' + ',
    ' * ',
    'today()',
    'now()',
    'clock(',
    'council.x',
    '.days',
    ' between ',
    'if ',
    ' then ',
    ' else ',
    'date("2026-11-03")',
    '[',
    ']',
    '{',
    '}',
    'for i in ',
    ' return ',
    '..',
    '@',
    '?',
    '\u202e',
  )

  it('never throws, and what passes agrees with feelin itself', () => {
    fc.assert(
      fc.property(fc.array(fragment, { maxLength: 12 }), (fragments) => {
        const text = fragments.join('')
        const result = parseFeel(text, known)
        if (!result.ok) return
        const got = evaluateFeel(result.value, {
          answer: (name) => answers[name] ?? null,
          fact: () => null,
          nowIso: '2026-11-03T14:10:00Z',
        })
        if (result.value.usesClock || /when-due|council|clock/.test(text)) return
        const theirs = feelins(text)
        const plain = ['string', 'boolean'].includes(typeof theirs) || Number.isFinite(theirs)
        expect(got).toEqual(plain || isTexts(theirs) ? theirs : null)
      }),
      { numRuns: 1000 },
    )
  })

  it.each(['food', 'x', '', '2026-11-02', 'a"b', 'a\\\\b', 'fo\\u006fd'])(
    'is what feelin makes of a word held against the answer %j',
    (answer) => {
      for (const text of [
        'which-bin = "food"',
        'which-bin = ""',
        'which-bin = "2026-11-02"',
        'which-bin = "a\\\\b"',
      ]) {
        const theirs = evaluate(`${text} and true`, {
          'which-bin': answer === '' ? null : answer === '2026-11-02' ? parseDate(answer) : answer,
        }).value
        const ours = evaluateFeel(parsed(text), {
          answer: () => answer,
          fact: () => null,
          nowIso: '2026-11-03T14:10:00Z',
        })
        expect([text, ours === true]).toEqual([text, theirs === true])
      }
    },
  )

  it('gives the same value every time, remembered or not', () => {
    const expression = parsed('which-bin = "food" and count-of-bins > 2')
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.constantFrom('food', 'x'), fc.integer({ min: 0, max: 20 }))),
        (calls) => {
          for (const [bin, count] of calls) {
            const scope = {
              answer: (name: string): FieldValue => (name === 'which-bin' ? bin : count),
              fact: () => null,
              nowIso: '2026-11-03T14:10:00Z',
            }
            expect(evaluateFeel(expression, scope)).toBe(bin === 'food' && count > 2)
          }
        },
      ),
    )
  })
})

describe('a condition that holds one answer against one word', () => {
  const nameOf = fc.oneof(
    fc.constantFrom(
      'which-bin',
      'date',
      'not',
      'for',
      'true',
      'null',
      'between-us',
      'council',
      'tables',
      'a-b',
    ),
    fc.stringMatching(/^[a-z][a-z0-9]{0,3}(-[a-z0-9]{1,3}){0,2}$/),
  )

  it('is read as the parser of FEEL reads it, whatever the name and the word', () => {
    fc.assert(
      fc.property(nameOf, fc.boolean(), fc.string({ unit: 'binary' }), (name, isKnown, word) => {
        const names = new Set(isKnown ? [name, 'a', 'b'] : ['a', 'b'])
        // Two spaces say the same, and are left to the parser.
        const [plain, read] = ['=', '= '].map((equals) => parseFeel(`${name} ${equals} "${word}"`, names))
        expect(plain?.ok).toBe(read?.ok)
        if (plain?.ok !== true || read?.ok !== true) return
        const { text: _text, tree, ...said } = plain.value
        const { text: _spaced, tree: spacedTree, ...saidSpaced } = read.value
        expect(said).toEqual(saidSpaced)
        expect(tree.firstChild?.name).toBe(spacedTree.firstChild?.name)
      }),
      { numRuns: 300 },
    )
  })
})
