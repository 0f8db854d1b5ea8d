import type { CaseRecord, CaseStatus, Resident } from '#shared/contract/rest.ts'

/* Fictional residents and cases, the same for the same number: five cases for two residents, 1.5 KB a case. */

const givenNames = ['Adaeze', 'Rhys', 'Moira', 'Tomasz', 'Priya', 'Callum', 'Nia', 'Yusuf', 'Bronwen', 'Hugh']
const familyNames = [
  'Okafor',
  'Pryce',
  'Wexley',
  'Nowak',
  'Shah',
  'Tamblyn',
  'Penrose',
  'Aziz',
  'Thirlby',
  'Marwood',
]
const roads = [
  'Elm Road',
  'Mill Lane',
  'Castle Street',
  'Quay Parade',
  'Orchard Way',
  'Station Approach',
  'Abbey Close',
]
const towns = ['Wexcombe', 'Little Wexcombe', 'Holmbridge', 'Saltmere']
const services = [
  'Missed bin collections',
  'Potholes',
  'Council tax',
  'Street lights',
  'Housing repairs',
  'Planning',
]
const statuses: readonly CaseStatus[] = ['open', 'in-progress', 'waiting-for-resident', 'resolved', 'closed']
const words =
  'the bin was left beside gate after round lid broken crew came early reported before photo sent street lamp dark corner flood kerb path letter asked again neighbour morning evening visit key blocked drain smell fence wall paid late reminder bill band discount form signed copy'.split(
    ' ',
  )

const hash = (number: number): number => Math.imul(number ^ (number >>> 15), 2_246_822_519) >>> 0
const pick = <T>(from: readonly T[], number: number): T => from[number % from.length] as T

const uuidOf = (kind: number, number: number): string =>
  `${hash(number + 1)
    .toString(16)
    .padStart(
      8,
      '0',
    )}-${kind.toString(16).padStart(4, '0')}-4000-8000-${number.toString(16).padStart(12, '0')}`

const timeOf = (number: number): string => new Date(Date.UTC(2026, 0, 1) + number * 61_000).toISOString()

/** Ofcom's drama numbers are few, so far more residents share one than in life; these are given out in blocks no one has. */
export const phoneOf = (resident: number): string =>
  `+4407${(resident % 100_000_000).toString().padStart(8, '0')}`

export const residentsFor = (cases: number): number => Math.max(1, Math.floor((cases * 2) / 5))

export function residentOf(number: number): Resident {
  const mixed = hash(number)
  return {
    id: uuidOf(1, number),
    version: 1,
    updatedAt: timeOf(number),
    givenName: pick(givenNames, mixed),
    familyName: pick(familyNames, mixed >>> 5),
    phones: [phoneOf(number)],
    email: `person${number}@example.org`,
    address: {
      uprn: String(100_000_000 + number),
      line1: `${(mixed % 180) + 1} ${pick(roads, mixed >>> 9)}`,
      town: pick(towns, mixed >>> 3),
      postcode: `WX${(mixed % 20) + 1} ${(mixed >>> 6) % 10}${'ABDEFGHJ'[(mixed >>> 10) % 8]}${'LNPQRSTU'[(mixed >>> 13) % 8]}`,
    },
    language: mixed % 9 === 0 ? 'cy' : 'en',
  }
}

/** `turn` tells later versions of the same case apart. */
export function caseOf(number: number, cases: number, turn = 0): CaseRecord {
  const mixed = hash(number * 7 + 3)
  const texts = Array.from({ length: 6 }, (_, line) =>
    Array.from({ length: 28 }, (_, word) => pick(words, hash(number * 191 + line * 31 + word))).join(' '),
  )
  return {
    id: uuidOf(2, number),
    version: 1 + turn,
    updatedAt: timeOf(number + turn * 200_000),
    openedAt: timeOf(number),
    reference: `WST-2026-${String(number).padStart(6, '0')}`,
    residentId: uuidOf(1, mixed % residentsFor(cases)),
    serviceCode: 500 + (mixed % services.length),
    interactionCode: 8,
    serviceName: pick(services, mixed),
    subject: `${pick(services, mixed)}: ${texts[0]?.slice(0, 40)}`,
    status: pick(statuses, mixed >>> 4),
    queueId: 'waste',
    assignedTo: (mixed >>> 7) % 4 === 0 ? `adviser-${(mixed >>> 9) % 40}` : null,
    fields: Object.fromEntries(texts.map((text, line) => [`answer${line}`, text])),
  }
}
