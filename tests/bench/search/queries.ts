import type { BenchRecords } from './records.ts'

export interface Queries {
  readonly kind: string
  readonly texts: readonly string[]
}

/** What advisers type, of every kind, from the records themselves. */
export function queriesFor({ residents, cases }: BenchRecords, each: number): readonly Queries[] {
  const people = spread(residents, each)
  const work = spread(cases, each)
  const callers = spread(
    residents.filter(({ phones }) => phones.length > 0),
    Math.ceil(each / 3),
  )
  const residentOf = new Map(residents.map((resident) => [resident.id, resident]))
  return [
    { kind: 'name', texts: people.map(({ familyName }) => familyName) },
    { kind: 'two words', texts: people.map(({ givenName, familyName }) => `${givenName} ${familyName}`) },
    {
      kind: 'a name and what it was about',
      texts: work.map(({ subject, residentId }) => {
        const [, word = 'bin'] = subject.split(/[ ,]+/)
        return `${residentOf.get(residentId ?? '')?.familyName} ${word}`
      }),
    },
    {
      kind: 'key by key',
      texts: [
        'hughes bin',
        'margaret',
        'missed recycling',
        '14 elm road',
        'council tax',
        'recylcing',
      ].flatMap((text) =>
        Array.from(text, (_, index) => text.slice(0, index + 1)).filter((typed) => !typed.endsWith(' ')),
      ),
    },
    {
      kind: 'words of notes',
      texts: ['collection', 'crew supervisor', 'damp and mould', 'street light', 'photograph', 'the bin'],
    },
    { kind: 'postcode', texts: people.map(({ address }) => address.postcode) },
    {
      kind: 'telephone number, or part of one',
      texts: callers.flatMap(({ phones: [phone = ''] }) => [
        `0${phone.slice(3, 7)} ${phone.slice(7)}`,
        phone.slice(-6),
        phone.slice(5, 10),
      ]),
    },
    {
      kind: 'reference, or part of one',
      texts: work.map(({ reference }, index) => (reference ?? '').slice(index % 2 === 0 ? 0 : -6)),
    },
    { kind: 'one slip', texts: typos(residents) },
  ]
}

/** As a hand does it: a letter left out, added, replaced, or swapped. */
function typos(residents: BenchRecords['residents']): readonly string[] {
  const subjects =
    'recycling collection contaminated supervisor inspection photograph neighbour pavement'.split(' ')
  const names = new Set(
    residents.map(({ familyName }) => familyName).filter((name) => /^[A-Za-z]{5,}$/.test(name)),
  )
  return [...subjects, ...spread([...names].sort(), 40)].map((word, index) => {
    const at = 1 + (index % (word.length - 2))
    const [before, letter, next, after] = [word.slice(0, at), word[at], word[at + 1], word.slice(at + 2)]
    const slips = [
      `${before}${next}${after}`,
      `${before}x${letter}${next}${after}`,
      `${before}x${next}${after}`,
      `${before}${next}${letter}${after}`,
    ]
    return slips[index % 4] ?? word
  })
}

function spread<T>(items: readonly T[], count: number): readonly T[] {
  return Array.from({ length: Math.min(count, items.length) }, (_, index) => {
    const item = items[Math.floor(((index + 0.5) * items.length) / count)]
    if (item === undefined) throw new Error('fewer records than queries')
    return item
  })
}
