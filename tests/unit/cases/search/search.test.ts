import { describe, expect, it } from 'vitest'
import { createSearcher } from '#shared/cases/search/search.ts'
import type { Resident } from '#shared/contract/rest.ts'
import { aCase, aResident, at } from '#tests/support/sim-records.ts'
import { memorySource } from './memory-source.ts'
import type { AnyRecord } from './plain-search.ts'

const resident = (id: string, over: Partial<Resident>): AnyRecord => ({
  kind: 'resident',
  record: aResident(id, { phones: [], ...over }),
})

const note = (id: string, caseId: string, text: string): AnyRecord => ({
  kind: 'note',
  record: { id, caseId, residentId: null, contactId: null, at: at(3), kind: 'note', text, by: null },
})

const records: readonly AnyRecord[] = [
  resident('okafor', { phones: ['+441632960142'] }),
  resident('oneill', {
    givenName: 'Siân',
    familyName: 'O’Neill',
    phones: ['+447700900123', '+35315550100'],
    email: 'sian.oneill@example.org',
    address: {
      uprn: '990000010017',
      line1: 'Flat 3, 20 Mill Lane',
      town: 'Marlow Heath',
      postcode: 'WX12 9ZZ',
    },
  }),
  resident('smith', {
    givenName: 'Katherine',
    familyName: 'Smith-Jones',
    address: { uprn: '990000010099', line1: '140 Oak Street', town: 'Thornley', postcode: 'WX5 1AB' },
  }),
  {
    kind: 'case',
    record: aCase('bin', {
      reference: 'WST-2026-001234',
      residentId: 'okafor',
      subject: 'Missed recycling bin, Elm Road',
      status: 'open',
      fields: { binType: 'recycling', reportedOn: '2026-11-03', crew: 7, extras: ['lid', 'wheels'] },
    }),
  },
  {
    kind: 'case',
    record: aCase('boiler', {
      reference: 'HOU-2025-000077',
      residentId: 'smith',
      subject: 'Boiler repair',
      serviceName: 'Housing repairs',
      status: 'closed',
    }),
  },
  note('n1', 'boiler', 'Engineer found the contaminated filter on Thursday.'),
]

const chunked = memorySource([records.slice(0, 3), records.slice(3)], [])
const inOverlay = memorySource([], records)

describe.each([
  ['segments', chunked],
  ['the overlay', inOverlay],
])('a search in %s', (_, { source, living }) => {
  const found = (text: string): readonly string[] =>
    createSearcher()
      .search(source, text, { limit: 10 })
      .hits.map(({ row, why }) => {
        const id = living.find((each) => each.row === row)?.record.id
        return `${id}: ${why.map(({ what, how }) => `${what} ${how}`).join(', ')}`
      })

  it.each([
    ['okafor', ['okafor: name exact']],
    ['OKAF', ['okafor: name beginning']],
    ['okfaor', ['okafor: name sound']],
    ['recyclign', ['bin: subject typo']],
    ['tickford', []],
    ['ocafor', ['okafor: name sound']],
    ['recyccl', ['bin: subject typo']],
    ['okafor bin', ['bin: name exact, subject exact']],
    ['sian oneill', ['oneill: name exact, name exact']],
    ["o'neill", ['oneill: name exact']],
    ['neill', ['oneill: name exact']],
    ['catherine', ['smith: name sound']],
    ['smithjones', ['smith: name exact']],
    ['smith-jones', ['smith: name exact, name exact']],
    ['mrs smith', []],
    ['14 elm', ['okafor: address exact, address exact', 'bin: address exact, subject exact']],
    ['140 oak', ['smith: address exact, address exact']],
    ['wx12 9zz', ['oneill: postcode exact, postcode exact']],
    ['WX129ZZ', ['oneill: postcode exact']],
    ['wx12 9', ['oneill: postcode exact, postcode beginning']],
    ['01632 960142', ['okafor: number exact']],
    ['+44 1632 960142', ['okafor: number exact']],
    ['0044 (0)1632 960 142', ['okafor: number exact']],
    ['441632960142', ['okafor: number exact']],
    ['01632-960', ['okafor: number beginning']],
    ['960142', ['okafor: number part']],
    ['960 142', ['okafor: number part']],
    ['0142', ['okafor: number part']],
    ['+353 1 555', ['oneill: number beginning']],
    ['900123', ['oneill: number part']],
    ['WST-2026-001234', ['bin: reference exact, reference exact, reference exact']],
    ['wst2026001234', ['bin: reference exact, reference exact, reference exact']],
    ['wst1234', ['bin: reference exact, reference exact']],
    ['1234', ['bin: reference exact']],
    ['hou 77', ['boiler: reference exact, reference exact']],
    ['990000010017', ['oneill: uprn exact']],
    ['sian.oneill@example.org', ['oneill: name exact, name exact, email exact, email exact']],
    ['november recycling', ['bin: field exact, subject exact']],
    ['3/11/2026', ['bin: field exact, field exact, reference exact']],
    ['wheels', ['bin: field exact']],
    ['housing repairs', ['boiler: service exact, service exact']],
    ['contaminated', ['boiler: note exact']],
    ['contaminatde', ['boiler: note typo']],
    ['jones contaminated', ['boiler: name exact, note exact']],
    ['okafor contaminated', []],
    ['zzz', []],
    ['', []],
    [' - ', []],
  ])('for "%s"', (text, expected) => {
    expect(found(text)).toEqual(expected)
  })

  it('tells the word that matched, and the note it is in', () => {
    const [hit] = createSearcher().search(source, 'contaminatde', { limit: 1 }).hits
    const row = living.find(({ record }) => record.id === 'n1')?.row
    expect(hit?.why).toEqual([{ what: 'note', how: 'typo', text: 'contaminated', row }])
    const [caller] = createSearcher().search(source, '0142', { limit: 1 }).hits
    expect(caller?.why[0]?.text).toBe('01632960142')
  })

  it('takes a single letter for the beginning of a name or a subject, not of a word in a note', () => {
    expect(found('k')).toEqual(['smith: name beginning'])
    expect(found('f')).toEqual(['oneill: address beginning'])
  })

  it('counts all and shows no more than asked for', () => {
    const { hits, total } = createSearcher().search(source, 'e', { limit: 1 })
    expect(hits.length).toBe(1)
    expect(total).toBe(3)
    expect(createSearcher().search(source, 'e', { limit: 0 })).toEqual({ hits: [], total })
  })
})

describe('a slip of the keyboard', () => {
  it('is seen wherever it is in the word', () => {
    const words =
      'recycling supervisor inspection okonkwo boiler gate hollow street repairs engineer damp'.split(' ')
    const others = Array.from({ length: 400 }, (_, index) => `w${index.toString(26).replace(/\d/g, 'q')}ing`)
    const { source } = memorySource(
      [
        [...words, ...others].map((subject, index) => ({
          kind: 'case',
          record: aCase(`c${index}`, { subject, reference: null, serviceName: '' }),
        })),
      ],
      [],
    )
    const searcher = createSearcher()
    for (const [row, word] of words.entries()) {
      for (let at = 0; at < word.length; at += 1) {
        const [before, letter, after] = [word.slice(0, at), word[at], word.slice(at + 1)]
        const swapped = `${before}${after[0] ?? ''}${letter}${after.slice(1)}`
        for (const typed of [
          `${before}${after}`,
          `${before}x${letter}${after}`,
          `${before}x${after}`,
          swapped,
        ]) {
          if (typed.length < 4) continue
          const rows = searcher.search(source, typed, { limit: 500 }).hits.map((hit) => hit.row)
          expect([typed, rows.includes(row)]).toEqual([typed, true])
        }
      }
    }
  })
})

describe('a name that is said like another', () => {
  it('is found in segments and in the overlay', () => {
    const shaun = { kind: 'resident', record: aResident('r1', { givenName: 'Shaun' }) } as const
    for (const { source } of [memorySource([[shaun]], []), memorySource([], [shaun])]) {
      const [hit] = createSearcher().search(source, 'sean', { limit: 5 }).hits
      expect(hit?.why).toMatchObject([{ what: 'name', how: 'sound', text: 'shaun' }])
    }
  })
})

describe('a searcher', () => {
  it('goes from one source to a smaller one and back', () => {
    const searcher = createSearcher()
    const small = memorySource([], records.slice(0, 1))
    expect(searcher.search(chunked.source, 'okafor', { limit: 5 }).total).toBe(1)
    expect(searcher.search(small.source, 'smith', { limit: 5 }).total).toBe(0)
    expect(searcher.search(memorySource([], []).source, 'smith', { limit: 5 })).toEqual({
      hits: [],
      total: 0,
    })
    expect(searcher.search(chunked.source, 'smith', { limit: 5 }).total).toBe(1)
  })

  it('answers every key that is typed as one that was asked nothing before', () => {
    const searcher = createSearcher()
    const texts = [
      'okafor',
      'okafro recy',
      'smith smitj',
      'recyclng mis',
      'contmain bin',
      'bin contmain',
      '0142',
    ]
    for (const text of [...texts, ...texts.toReversed()]) {
      for (let length = 1; length <= text.length; length += 1) {
        const typed = text.slice(0, length)
        const answer = searcher.search(chunked.source, typed, { limit: 5 })
        expect([typed, answer]).toEqual([typed, createSearcher().search(chunked.source, typed, { limit: 5 })])
      }
    }
  })

  it.each(['chunks', 'overlay'])('tells the word that matched though hundreds begin so, in %s', (place) => {
    const alphabet = [...'abcdefghijklmnopqrstuvwxyz']
    const names = alphabet.flatMap((a) => alphabet.map((b) => `Wat${a}${b}`))
    const many = names.map((familyName) => resident(familyName, { familyName }))
    const { source } = place === 'chunks' ? memorySource([many], []) : memorySource([], many)
    const { hits } = createSearcher().search(source, 'wat', { limit: names.length })
    const told = hits.map(({ row, why }) => [names[row]?.toLowerCase(), why[0]?.text])
    expect(told).toEqual(names.toReversed().map((name) => [name.toLowerCase(), name.toLowerCase()]))
  })

  it('finds nothing of a record that left the overlay, and what replaced it', () => {
    const { source } = memorySource([], records)
    source.overlay.setResident(0, aResident('okafor', { familyName: 'Adeyemi' }))
    source.overlay.remove(1)
    const searcher = createSearcher()
    expect(searcher.search(source, 'okafor', { limit: 5 }).total).toBe(0)
    expect(searcher.search(source, 'adeyemi', { limit: 5 }).total).toBe(1)
    expect(searcher.search(source, '900123', { limit: 5 }).total).toBe(0)
    source.overlay.clear()
    expect(searcher.search(source, 'adeyemi', { limit: 5 }).total).toBe(0)
  })
})
