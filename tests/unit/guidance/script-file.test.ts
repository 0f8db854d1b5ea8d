import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { checkScriptText } from '#build/scripts/library.ts'
import { inputKinds, sourceStep } from '#shared/guidance/format.ts'
import { longestFile, readScriptFile } from '#shared/guidance/script-file.ts'
import { libraryParts } from './scripts.ts'

describe('the guide for editors', () => {
  const guide = readFileSync(new URL('../../../shared/guidance/scripts/README.md', import.meta.url), 'utf8')
  const example = /```yaml\n(#[^\n]*\nkind: script[\s\S]*?)```/.exec(guide)?.[1] ?? ''

  it('begins with a script that may be published as it stands', () => {
    expect(checkScriptText('lost-key.yaml', example, libraryParts()).findings).toEqual([])
  })

  it('names every kind of step and every input', () => {
    const kinds = sourceStep.options.map((each) => each.shape.kind.value)
    expect([...kinds, ...inputKinds].filter((word) => !guide.includes(`\`${word}\``))).toEqual([])
  })
})

describe('a script file', () => {
  it('knows the line of each step, and of the include a part’s step came by', () => {
    const { lineOf } = readScriptFile(
      'kind: script\nsteps:\n  first:\n    kind: say\n  identity:\n    kind: include\n',
    )
    expect([lineOf('first'), lineOf('identity-check'), lineOf(null), lineOf('gone')]).toEqual([3, 5, 1, 1])
  })

  it.each([
    ['a: b: c', 1, 'This is not YAML'],
    ['a: 1\nsteps:\n  one: {}\n  one: {}\n', 4, 'The same name stands twice here.'],
    ['a: &x [1, 1]\nb: [*x, *x, *x]', 1, 'aliases'],
    ['x'.repeat(longestFile + 1), 1, 'The file is 501 kB long.'],
    ['"unfinished', 1, 'This is not YAML'],
  ])('that cannot be read is refused with the line: %.20s', (text, line, problem) => {
    const { content, findings } = readScriptFile(text)
    expect(content).toBeUndefined()
    expect(findings).toMatchObject([{ line, problem: expect.stringContaining(problem) }])
  })

  it('is refused as a script in the editor’s words, with the line of what is wrong', () => {
    const text = ['kind: script', 'id: x', 'steps:', '  first:', '    kind: shout'].join('\n')
    const { findings, document } = checkScriptText('x.yaml', text, [])
    expect(document).toBeNull()
    expect(findings.find(({ stepId }) => stepId === 'first')?.line).toBe(5)
  })

  it('of five megabytes is refused at once', () => {
    const before = performance.now()
    expect(checkScriptText('big.yaml', 'a: 1\n'.repeat(1_000_000), []).findings).toHaveLength(1)
    expect(performance.now() - before).toBeLessThan(200)
  })
})
