import { describe, expect, it } from 'vitest'
import { createFindStore } from '#renderer/features/find/find-store.ts'
import { type Disclosure, pieces, shownHits, whyWords } from '#renderer/features/find/find-words.ts'
import type { FindAnswer, FindHit } from '#shared/contract/records.ts'
import { appError } from '#shared/kernel/app-error.ts'
import { err, ok, type Result } from '#shared/kernel/result.ts'

const resident = (id: string): FindHit => ({
  kind: 'resident',
  residentId: id,
  caseId: null,
  title: 'Robin Sample',
  detail: '1 Sample Street, Sampleton',
  why: { what: 'name', text: 'sample' },
  marks: [[6, 12]],
})
const aCase = (change: Partial<FindHit> = {}): FindHit => ({
  kind: 'case',
  residentId: 'resident-1',
  caseId: 'case-1',
  title: 'Missed bin: recycling',
  detail: 'Missed collection · in-progress',
  why: { what: 'subject', text: 'bin' },
  serviceCode: 524,
  reference: 'WR-2026-000001',
  ...change,
})
const answer = (...hits: FindHit[]): FindAnswer => ({ hits, total: hits.length })
const settled = async () => {
  for (let turn = 0; turn < 5; turn += 1) await Promise.resolve()
}

/** The worker answers when the test says so. */
function opened() {
  const asked: { text: string; answer: (found: FindAnswer) => void }[] = []
  const askedBeyond: { text: string; answer: (found: Result<FindAnswer>) => void }[] = []
  /** What the worker is ready to say about the next letter. */
  const next = new Map<string, FindAnswer>()
  const timers = new Set<() => void>()
  const store = createFindStore({
    records: {
      find: (text) => new Promise((resolve) => asked.push({ text, answer: resolve })),
      findNext: async (text, letters) =>
        new Map(
          [...letters].flatMap((letter): [string, string][] => {
            const found = next.get(text + letter)
            return found ? [[text + letter, JSON.stringify(found)]] : []
          }),
        ),
      findBeyond: (text) => new Promise((resolve) => askedBeyond.push({ text, answer: resolve })),
    },
    clock: {
      now: () => 0,
      after(_delayMs, run) {
        timers.add(run)
        return () => timers.delete(run)
      },
    },
  })
  store.getState().open()
  return {
    store,
    asked,
    askedBeyond,
    next,
    pause() {
      for (const run of timers) run()
      timers.clear()
    },
  }
}

describe('finding while it is typed', () => {
  it('asks at the first key, and of those typed meanwhile only the newest', async () => {
    const { store, asked } = opened()
    for (const text of ['ro', 'rob', 'robi', 'robin']) store.getState().type(text)
    expect(asked.map(({ text }) => text)).toEqual(['ro'])
    asked[0]?.answer(answer(resident('old')))
    await settled()
    expect(store.getState().found.hits).toEqual([])
    expect(asked.map(({ text }) => text)).toEqual(['ro', 'robin'])
    asked[1]?.answer(answer(resident('new')))
    await settled()
    expect(store.getState()).toMatchObject({ searched: 'robin', found: { hits: [{ residentId: 'new' }] } })
  })

  it('asks for nothing with one letter, and forgets what was found', async () => {
    const { store, asked } = opened()
    store.getState().type('ro')
    asked[0]?.answer(answer(resident('one')))
    await settled()
    store.getState().type('r')
    await settled()
    expect(asked).toHaveLength(1)
    expect(store.getState().found.hits).toEqual([])
  })

  it('asks the council once the typing pauses, and never changes what this desk found', async () => {
    const { store, asked, askedBeyond, pause } = opened()
    store.getState().type('rob')
    store.getState().type('robin')
    asked[0]?.answer(answer())
    await settled()
    asked[1]?.answer(answer(resident('here')))
    await settled()
    expect(askedBeyond).toEqual([])
    pause()
    expect(askedBeyond.map(({ text }) => text)).toEqual(['robin'])
    const before = store.getState().found
    askedBeyond[0]?.answer(ok(answer(resident('there'))))
    await settled()
    expect(store.getState().found).toBe(before)
    expect(store.getState().beyond).toMatchObject({ name: 'answered', hits: [{ residentId: 'there' }] })
  })

  it('shows with the letter what was worked out before it, and keeps it when the answer is the same', async () => {
    const { store, asked, next } = opened()
    next.set('elm 1', answer(resident('foreseen')))
    store.getState().type('Elm')
    asked[0]?.answer(answer(resident('elm')))
    await settled()
    store.getState().type('Elm ')
    await settled()
    expect(store.getState()).toMatchObject({ searched: 'Elm', found: { hits: [{ residentId: 'elm' }] } })
    store.getState().type('Elm 1')
    const { searched, found } = store.getState()
    expect([searched, found.hits.map(({ residentId }) => residentId)]).toEqual(['Elm 1', ['foreseen']])
    expect(asked.map(({ text }) => text)).toEqual(['Elm', 'Elm 1'])
    asked[1]?.answer(answer(resident('foreseen')))
    await settled()
    expect(store.getState().found).toBe(found)
  })

  it('puts right what has changed since it was worked out, and shows it to no other words', async () => {
    const { store, asked, next } = opened()
    next.set('rob', answer(resident('before')))
    store.getState().type('ro')
    asked[0]?.answer(answer(resident('ro')))
    await settled()
    store.getState().type('rob')
    asked[1]?.answer(answer(resident('since')))
    await settled()
    expect(store.getState()).toMatchObject({ searched: 'rob', found: { hits: [{ residentId: 'since' }] } })
    store.getState().type('ro')
    store.getState().type('rob')
    expect(store.getState().found.hits).toMatchObject([{ residentId: 'since' }])
  })

  it('shows nothing that was worked out before the box was closed', async () => {
    const { store, asked, next } = opened()
    next.set('rob', answer(resident('before')))
    store.getState().type('ro')
    asked[0]?.answer(answer())
    await settled()
    store.getState().close()
    store.getState().open()
    store.getState().type('rob')
    expect(store.getState()).toMatchObject({ searched: '', found: { hits: [] } })
  })

  it('drops the council’s answer to words that are not there any more, and says why there is none', async () => {
    const { store, askedBeyond, pause } = opened()
    store.getState().type('robin')
    pause()
    store.getState().type('ada')
    askedBeyond[0]?.answer(ok(answer(resident('there'))))
    await settled()
    expect(store.getState().beyond).toEqual({ name: 'not-asked' })
    pause()
    askedBeyond[1]?.answer(err(appError('cases/no-network', 'later')))
    await settled()
    expect(store.getState().beyond).toMatchObject({ name: 'failed', error: { code: 'cases/no-network' } })
  })
})

describe('what of the findings is shown', () => {
  const unchecked: Disclosure = {
    inContact: true,
    residentId: 'resident-1',
    level: 'none',
    enhanced: undefined,
  }
  const titles = (disclosure: Disclosure, ...hits: FindHit[]) =>
    shownHits(hits, disclosure, 0).shown.map(({ title }) => title)

  it('before the identity check: residents to choose from, and of cases only how many there are', () => {
    const { shown, closed } = shownHits([resident('resident-1'), aCase()], unchecked, 0)
    expect(shown.map(({ title, detail }) => [title, detail])).toEqual([
      ['Robin Sample', '1 Sample Street, Sampleton'],
    ])
    expect(closed).toBe(1)
  })

  it('a case whose reference was read out is listed without a word of what it is about', () => {
    const { shown } = shownHits([aCase({ why: { what: 'reference', text: '000001' } })], unchecked, 0)
    expect(shown).toMatchObject([{ title: 'Case WR-2026-000001', opens: false }])
    expect(JSON.stringify({ ...shown[0], hit: null })).not.toContain('bin')
  })

  it('after the check the cases of that resident open, and nobody else’s', () => {
    const checked: Disclosure = { ...unchecked, level: 'standard' }
    const other = aCase({ residentId: 'resident-2', caseId: 'case-2', title: 'Blue Badge' })
    const closed = aCase({ serviceCode: 731, caseId: 'case-3', title: 'Worry about a neighbour' })
    expect(titles(checked, aCase(), other, closed)).toEqual(['Missed bin: recycling'])
    expect(titles({ ...checked, level: 'enhanced' }, closed)).toEqual(['Worry about a neighbour'])
  })

  it('a case that is nobody’s opens in a contact; between contacts all do that need no enhanced check', () => {
    const street = aCase({ residentId: null })
    expect(titles(unchecked, street)).toEqual(['Missed bin: recycling'])
    const between: Disclosure = { ...unchecked, inContact: false, residentId: null }
    expect(titles(between, aCase(), aCase({ serviceCode: 731 }))).toEqual(['Missed bin: recycling'])
    expect(shownHits([aCase()], between, 0).shown[0]?.detail).toBe(
      'WR-2026-000001 · Missed collection · In progress',
    )
  })

  it('says why, and never tells the number or the postcode of which a part was typed', () => {
    expect(whyWords({ what: 'number', text: '+441632960142' }, 0)).toBe('Telephone number')
    expect(whyWords({ what: 'postcode', text: 'zz999zz' }, 0)).toBe('Postcode')
    expect(whyWords({ what: 'sounds-like', text: 'sampel' }, 0)).toBe('Sounds like it: “sampel”')
    const note = { what: 'note', text: 'gate', at: '2025-11-03T10:00:00Z' } as const
    expect(whyWords(note, Date.parse('2026-11-04T10:00:00Z'))).toBe('In a note of 3 Nov 2025: “gate”')
  })

  it('marks what matched and passes over marks that make no sense', () => {
    expect(pieces('Robin Sample', [[6, 12]])).toEqual([
      { text: 'Robin ', marked: false },
      { text: 'Sample', marked: true },
    ])
    expect(
      pieces('Robin', [
        [0, 3],
        [1, 2],
        [4, 99],
      ]),
    ).toEqual([
      { text: 'Rob', marked: true },
      { text: 'in', marked: false },
    ])
  })
})
