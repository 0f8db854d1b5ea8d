import { nameStocks } from '#electron/practice/council/seed/names.ts'
import { towns } from '#electron/practice/council/seed/places.ts'
import { weighted } from '#electron/practice/council/seed/residents.ts'
import { createSeededRandom, type SeededRandom } from '#electron/practice/council/seed/seeded-random.ts'
import type { ServiceStory } from '#electron/practice/council/seed/service-story.ts'
import { services } from '#electron/practice/council/seed/services.ts'
import type { CaseRecord, Resident, TimelineEntry } from '#shared/contract/rest.ts'

/*
 * A council many times the practice one: its names, services and stories, two residents to five cases, and so many
 * notes that a case with its notes is 1.5 KB of JSON. Some words of the notes are made up, as names and places are in
 * life, so that the vocabulary grows with the records.
 */

export interface BenchRecords {
  readonly residents: readonly Resident[]
  readonly cases: readonly CaseRecord[]
  /** Of all cases, in their order. */
  readonly notes: readonly TimelineEntry[]
}

const bytesOfCase = 1500
const prefixes = ['WR', 'HO', 'CT', 'ST', 'EH']
const streetNames =
  'Elm Oak Mill Church Station Park Hill Abbey Quarry Meadow Orchard Canal Bridge Market Priory'
const streetEndings = ['', ' Top', ' Bottom', 'wood', 'field', 'ford', 'side']
const streetKinds = ['Road', 'Street', 'Lane', 'Avenue', 'Close', 'Drive', 'Way', 'Gardens']
const syllables =
  'ba co di fe gro hu in ka le mo na op per qui ra ste ton un va wex yl shi ment ing tra'.split(' ')
const inward = 'ABDEFGHJLNPQRSTUWXYZ'

export function benchRecords(caseCount: number): BenchRecords {
  const random = createSeededRandom(20_260_101)
  const streets = Array.from({ length: 600 }, () => {
    const name = random.pick(streetNames.split(' ')) + random.pick(streetEndings)
    return `${name} ${random.pick(streetKinds)}`
  })
  const madeUp = Array.from({ length: 6000 }, () =>
    Array.from({ length: random.between(2, 4) }, () => random.pick(syllables)).join(''),
  )
  const residents = Array.from({ length: Math.ceil(caseCount * 0.4) }, (_, index) =>
    makeResident(random, index, streets),
  )
  const cases: CaseRecord[] = []
  const notes: TimelineEntry[] = []
  for (let index = 0; index < caseCount; index += 1) {
    const story = weighted(random, services)
    const resident = random.pick(residents)
    const record = makeCase(random, index, story, resident)
    cases.push(record)
    let bytes = JSON.stringify(record).length
    for (let number = 0; bytes < bytesOfCase; number += 1) {
      const note = makeNote(random, story, record, number, madeUp)
      notes.push(note)
      bytes += JSON.stringify(note).length
    }
  }
  // As records come to a desk: from JSON.
  return JSON.parse(JSON.stringify({ residents, cases, notes })) as BenchRecords
}

function makeResident(random: SeededRandom, index: number, streets: readonly string[]): Resident {
  const stock = weighted(random, nameStocks)
  const givenName = random.pick(random.chance(0.52) ? stock.women : stock.men)
  const family = random.pick(stock.families)
  const familyName = random.chance(0.02) ? `${family}-${random.pick(stock.families)}` : family
  // More numbers than Ofcom keeps for drama: a council this size has no two hundred people to a number.
  const phone = () => `+44${random.pick(['1632', '7700'])}${random.between(900_000, 999_999)}`
  const flat = random.chance(0.12) ? `Flat ${random.between(1, 9)}, ` : ''
  const town = weighted(random, towns)
  const mail = `${givenName}.${familyName}.${index}@example.org`.toLowerCase().replace(/[^a-z0-9.@-]/g, '')
  return {
    id: `resident-${index}`,
    version: 1,
    updatedAt: timeOf(index),
    title: random.pick(['Mrs', 'Mr', 'Ms', 'Miss', 'Dr']),
    givenName,
    familyName,
    phones: random.chance(0.09) ? [] : random.chance(0.1) ? [phone(), phone()] : [phone()],
    ...(random.chance(0.6) ? { email: mail } : {}),
    address: {
      uprn: String(990_000_010_000 + index * 17),
      line1: `${flat}${random.between(1, 240)} ${random.pick(streets)}`,
      town: town.name,
      postcode: `${town.district} ${random.between(1, 9)}${random.pick([...inward])}${random.pick([...inward])}`,
    },
    language: 'en',
  }
}

function makeCase(random: SeededRandom, index: number, story: ServiceStory, resident: Resident): CaseRecord {
  const fields = Object.fromEntries(
    Object.entries(story.fields).map(([name, values]) => [name, random.pick(values)]),
  )
  const street = resident.address.line1.replace(/^Flat [^,]*, /, '').replace(/^\d+ /, '')
  return {
    id: `case-${index}`,
    version: 1,
    updatedAt: timeOf(index),
    openedAt: timeOf(index),
    reference: `${random.pick(prefixes)}-2026-${String(1000 + index).padStart(6, '0')}`,
    residentId: resident.id,
    serviceCode: story.serviceCode,
    interactionCode: story.interactionCode,
    serviceName: story.name,
    subject: tell(random.pick(story.subjects), { ...fields, street }),
    status: random.pick(['open', 'in-progress', 'resolved', 'closed', 'closed', 'closed']),
    queueId: story.queueId,
    assignedTo: null,
    fields: { ...fields, street, reportedOn: timeOf(index).slice(0, 10) },
  }
}

function makeNote(
  random: SeededRandom,
  story: ServiceStory,
  { id, residentId, updatedAt, fields }: CaseRecord,
  number: number,
  madeUp: readonly string[],
): TimelineEntry {
  const texts = [
    random.pick(story.opened),
    ...(random.chance(0.5) ? [random.pick(story.worked)] : []),
    ...(random.chance(0.5) ? [random.pick(story.done)] : []),
    ...(random.chance(0.7) ? [`Mentions ${random.pick(madeUp)} and ${random.pick(madeUp)}.`] : []),
  ]
  return {
    id: `${id}-${number}`,
    caseId: id,
    residentId,
    contactId: null,
    at: updatedAt,
    kind: number === 0 ? 'contact' : 'note',
    text: texts.map((text) => tell(text, fields)).join(' '),
    by: 'Sam Adviser',
  }
}

const tell = (text: string, fields: CaseRecord['fields']): string =>
  text.replace(/\{(\w+)\}/g, (_, name: string) => String(fields[name] ?? ''))

const timeOf = (index: number): string => new Date(Date.UTC(2026, 0, 1) + index * 250_000).toISOString()
