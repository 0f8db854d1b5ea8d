import { describe, expect, it } from 'vitest'
import { drawScript } from '#build/scripts/drawing.ts'
import { drawingPage } from '#build/scripts/drawing-page.ts'
import { conditionInWords } from '#shared/guidance/condition-words.ts'
import { diffCalls, diffScripts, isSame } from '#shared/guidance/script-diff.ts'
import { playCall, playCalls } from '#shared/guidance/test-calls.ts'
import { commonestWay, countWays, listWays } from '#shared/guidance/ways.ts'
import { libraryFiles, libraryScript, librarySource, published, sketch } from './scripts.ts'

const end = { kind: 'outcome', disposition: 'done', case: false }
const steps = {
  bins: {
    kind: 'ask',
    input: 'choice',
    options: ['food', 'garden', 'glass'],
    go: 'out',
    routes: [{ when: 'bins = "food"', go: 'tell' }],
  },
  tell: { kind: 'inform', go: 'out' },
  out: { kind: 'ask', input: 'yesNo', go: 'end', routes: [{ when: 'out = "no"', go: 'late' }] },
  late: { kind: 'inform', go: 'end' },
  end,
}
const wording = { en: { bins: { options: { food: 'Food waste', garden: 'Garden', glass: 'Glass' } } } }
const script = published(sketch(steps, wording))

describe('ways through a script', () => {
  it('are counted and measured', () => {
    expect(countWays(script)).toMatchObject({ all: 4, shortest: 3, longest: 5, circular: false })
    expect(listWays(script, 100).map((way) => way.join(' '))).toEqual([
      'bins tell out late end',
      'bins tell out end',
      'bins out late end',
      'bins out end',
    ])
    expect(listWays(script, 2)).toHaveLength(2)
  })

  it('are counted once where the script turns back', () => {
    const round = { ...steps, late: { kind: 'inform', go: 'bins' } }
    expect(countWays(published(sketch(round)))).toMatchObject({ all: 2, circular: true })
  })

  it('are as many as are listed, and none is longer or shorter, in the library', () => {
    for (const { id } of libraryFiles()) {
      const counted = countWays(libraryScript(id))
      if (counted.all > 3000 || counted.circular) continue
      const lengths = listWays(libraryScript(id), 5000).map((way) => way.length)
      expect([id, counted.all, counted.shortest, counted.longest]).toEqual([
        id,
        lengths.length,
        Math.min(...lengths),
        Math.max(...lengths),
      ])
    }
  })

  it('have a commonest one: the one most calls share, else the one whose legs most take', () => {
    expect(
      commonestWay([
        ['a', 'b'],
        ['a', 'c'],
        ['a', 'c'],
      ]),
    ).toEqual(['a', 'c'])
    expect(
      commonestWay([
        ['a', 'x', 'end'],
        ['a', 'b', 'c', 'end'],
        ['a', 'b', 'd', 'end'],
        ['a', 'b', 'd', 'f', 'end'],
      ]),
    ).toEqual(['a', 'b', 'd', 'end'])
    expect(commonestWay([])).toEqual([])
  })
})

describe('a condition in words', () => {
  it.each([
    ['bins = "food"', 'Food waste'],
    ['bins in ("food", "glass")', 'Food waste or Glass'],
    ['out != "no" and bins = "glass"', 'Title out: not No and Glass'],
    ['list contains(bins, "food")', 'Food waste'],
    ['not(list contains(bins, "food"))', 'not Food waste'],
    ['out = null', 'Title out: not asked'],
    ['bins = today()', 'it is today'],
  ])('%s is %s', (when, words) => {
    expect(conditionInWords(script, 'bins', when)).toBe(words)
  })
})

describe('a drawing', () => {
  const missedBin = libraryScript('missed-bin')
  const played = playCalls(missedBin, librarySource('missed-bin'))

  it('shows every step and every leg, and the commonest way in its own colour', () => {
    const svg = drawScript(missedBin, played)
    const boxes = [...svg.matchAll(/<rect class="box [^"]*"/g)]
    expect(boxes).toHaveLength(Object.keys(missedBin.steps).length)
    expect(svg).toContain('ask · which-bin')
    expect(svg).toContain('Which bin: Recycling')
    const way = commonestWay(played.map((each) => each.way))
    expect([...svg.matchAll(/class="leg common"/g)]).toHaveLength(way.length - 1)
  })

  it('says how many ways there are, how long they are, and lists them', () => {
    const page = drawingPage(script, [])
    expect(page).toContain('<dt>Ways from start to end</dt><dd>4</dd>')
    expect(page).toContain('<dd>3 and 5 steps</dd>')
    expect(page).toContain('Title bins (Food waste) → Title tell → Title out (No)')
    expect(page).toContain('All 4.')
  })

  it('shows wording as text, never as HTML', () => {
    const odd = published(sketch({ end }, { en: { end: { title: 'Bins & "more"' } } }))
    const page = drawingPage({ ...odd, title: '<script>alert(1)</script>' }, [])
    expect(page).not.toContain('<script>')
    expect(page).toContain('Bins &#38; &#34;more&#34;')
  })
})

describe('what changed between two versions', () => {
  const changed = (more: Record<string, Record<string, unknown>>, words: object = {}) =>
    published(sketch({ ...steps, ...more }, { ...wording, ...words }))

  it('is nothing when a file was only written in another order', () => {
    const { end: last, late, ...first } = steps
    const after = published(sketch({ ...first, end: last, late }, wording))
    expect(isSame(diffScripts(script, after))).toBe(true)
  })

  it('names ways that are new and ways that are gone, with how many there are', () => {
    const after = changed({
      late: { kind: 'inform', go: 'sorry' },
      sorry: { kind: 'say', go: 'end' },
    })
    const { added, removed, ways } = diffScripts(script, after)
    expect(added).toEqual([
      'The say step Title sorry (sorry), on 2 ways.',
      'From Title late (late) to Title sorry (sorry): 2 ways.',
      'From Title sorry (sorry) to Title end (end): 2 ways.',
    ])
    expect(removed).toEqual(['From Title late (late) to Title end (end): 2 ways.'])
    expect(ways).toEqual({ before: 4, after: 4 })
  })

  it('names ways that are taken under other answers', () => {
    const bins = { ...steps.bins, routes: [{ when: 'bins in ("food", "glass")', go: 'tell' }] }
    expect(diffScripts(script, changed({ bins })).rerouted).toEqual([
      'From Title bins (bins) to Title tell (tell): was when Food waste, now when Food waste or Glass (2 ways).',
    ])
  })

  it('names other words and other questions, in both languages', () => {
    const tell = { en: { ...wording.en, tell: { say: 'Rinse it.' } }, cy: { tell: { say: 'Golchwch e.' } } }
    const { reworded } = diffScripts(script, changed({ out: { ...steps.out, notSure: true } }, tell))
    expect(reworded).toEqual([
      'Title tell (tell), on 2 ways: what is said was "Say it.", now "Rinse it."; what is said in Welsh was "Say it cy.", now "Golchwch e.".',
      'Title out (out), on 4 ways: notSure was not there, now true.',
    ])
  })

  it('names test calls that go another way', () => {
    const call = { name: 'food', answers: { bins: 'food', out: 'yes' }, expect: { outcome: 'end' } }
    const after = changed({ bins: { ...steps.bins, routes: [{ when: 'bins = "glass"', go: 'tell' }] } })
    const calls = [{ before: playCall(script, call), after: playCall(after, call) }]
    expect(diffCalls({ before: script, after }, calls)).toEqual([
      '"food": after Title bins (bins) it goes to Title out (out) instead of Title tell (tell), and still ends at Title end (end).',
    ])
    expect(
      diffCalls({ before: script, after: script }, [
        { before: playCall(script, call), after: playCall(script, call) },
      ]),
    ).toEqual([])
  })
})
