import { describe, expect, it } from 'vitest'
import { flatten } from '#shared/guidance/flatten.ts'
import { scriptSource } from '#shared/guidance/format.ts'
import {
  asPart,
  contextWith,
  currentId,
  goOn,
  play,
  published,
  sketch,
  sketchPart,
  value,
} from './scripts.ts'

const part = sketchPart(
  {
    first: {
      kind: 'ask',
      input: 'yesNo',
      go: 'second',
      routes: [{ when: 'first = "no"', go: 'exit:stopped' }],
    },
    second: { kind: 'say', go: 'exit:done' },
  },
  { exits: ['done', 'stopped'] },
)
const twice = sketch(
  {
    one: { kind: 'include', part: 'bit', version: 1, exits: { done: 'two', stopped: 'end' } },
    two: {
      kind: 'include',
      part: 'bit',
      version: 1,
      exits: { done: { routes: [{ when: 'one-first = "yes"', go: 'end' }], go: 'other' }, stopped: 'other' },
    },
    end: { kind: 'outcome', disposition: 'done', case: false },
    other: { kind: 'outcome', disposition: 'other', case: false },
  },
  { title: 'Twice' },
)

const findingsOf = (source: unknown, parts: readonly unknown[]) => {
  const flat = flatten(scriptSource.parse(source), parts.map(asPart))
  return flat.ok ? [] : flat.findings.map(({ stepId, problem }) => `${stepId}: ${problem}`)
}

describe('including parts', () => {
  it('joins the same part twice, each with names of its own', () => {
    const flat = flatten(scriptSource.parse(twice), [asPart(part)])
    expect(flat).toMatchObject({
      ok: true,
      document: {
        start: 'one-first',
        parts: [{ id: 'bit', version: 1 }],
        steps: {
          'one-first': { routes: [{ when: 'one-first = "no"', go: 'end' }], go: 'one-second' },
          'two-second': { routes: [{ when: 'one-first = "yes"', go: 'end' }], go: 'other' },
        },
        wording: { en: { 'two-first': { title: 'Title first' } } },
      },
    })
  })

  it('takes an exit with conditions of the script', () => {
    const script = published(twice, [part])
    const run = play(script, [
      ['one-first', value('yes')],
      ['one-second', goOn],
      ['two-first', value('yes')],
      ['two-second', goOn],
    ])
    expect(currentId(script, run, contextWith())).toBe('end')
  })

  it('joins the condition of a part with the condition of its exit', () => {
    const joined = published(
      sketch({
        pre: { kind: 'ask', input: 'yesNo', go: 'one' },
        one: {
          kind: 'include',
          part: 'bit',
          version: 1,
          exits: { done: 'end', stopped: { routes: [{ when: 'pre = "yes"', go: 'other' }], go: 'end' } },
        },
        end: { kind: 'outcome', disposition: 'done', case: false },
        other: { kind: 'outcome', disposition: 'other', case: false },
      }),
      [part],
    )
    const via = (pre: string) =>
      currentId(
        joined,
        play(joined, [
          ['pre', value(pre)],
          ['one-first', value('no')],
        ]),
      )
    expect(via('yes')).toBe('other')
    expect(via('no')).toBe('end')
  })

  it("gives a part's quotes of its own answers the same names", () => {
    const quoting = sketchPart(
      {
        day: { kind: 'ask', input: 'text', go: 'tell' },
        tell: { kind: 'say', go: 'exit:done' },
      },
      {
        wording: {
          en: {
            day: { title: 'Day', say: 'Which day?' },
            tell: { title: 'Tell', say: 'So, {answers.day}.' },
          },
          cy: { day: { say: 'Pa ddiwrnod?' }, tell: { say: 'Felly, {answers.day}.' } },
        },
      },
    )
    const script = published(
      sketch({
        when: { kind: 'include', part: 'bit', version: 1, exits: { done: 'end' } },
        end: { kind: 'outcome', disposition: 'done', case: false },
      }),
      [quoting],
    )
    expect(script.wording.cy['when-tell']?.say).toBe('Felly, {answers.when-day}.')
  })

  it('counts a script as reviewed in Welsh only when its parts are', () => {
    const flat = flatten(scriptSource.parse({ ...(twice as object), cyReviewed: true }), [asPart(part)])
    expect(flat).toMatchObject({ ok: true, document: { cyReviewed: false } })
  })

  it('refuses a part that does not exist, or is at another version', () => {
    expect(findingsOf(twice, [])[0]).toBe('one: There is no part called bit.')
    expect(findingsOf(twice, [{ ...(part as object), version: 2 }])[0]).toBe(
      'one: The step asks for version 1 of part bit, which is at version 2.',
    )
  })

  it('refuses conditions on an exit that an identity check leaves by', () => {
    const check = sketchPart(
      {
        check: {
          kind: 'verify',
          questions: [{ id: 'name', compares: 'fullName' }],
          levels: [{ level: 'standard', needs: ['name'] }],
          attempts: 1,
          passed: 'exit:done',
          failed: 'exit:stopped',
        },
      },
      { exits: ['done', 'stopped'] },
    )
    const exits = { done: { routes: [{ when: 'pre = "yes"', go: 'end' }], go: 'other' }, stopped: 'other' }
    const problems = findingsOf(
      sketch({
        pre: { kind: 'ask', input: 'yesNo', go: 'one' },
        one: { kind: 'include', part: 'bit', version: 1, exits },
        end: { kind: 'outcome', disposition: 'done', case: false },
        other: { kind: 'outcome', disposition: 'other', case: false },
      }),
      [check],
    )
    expect(problems).toEqual([
      'one: Part bit leaves by "done" from an identity check, where conditions are not looked at.',
    ])
  })

  it('refuses an exit left open and an exit that is not there', () => {
    const changed = JSON.parse(JSON.stringify(twice))
    changed.steps.one.exits = { done: 'two', gone: 'end' }
    expect(findingsOf(changed, [part])).toEqual([
      'one: Part bit can leave by "stopped", and the step does not say where that leads.',
      'one: Part bit has no exit called "gone".',
    ])
  })

  it('refuses two steps that end up with one name', () => {
    const changed = JSON.parse(JSON.stringify(twice))
    changed.steps['one-first'] = { kind: 'say', go: 'end' }
    expect(findingsOf(changed, [part])).toEqual(['one-first: Two steps are called one-first.'])
  })
})
