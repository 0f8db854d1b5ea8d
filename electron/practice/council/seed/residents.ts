import type { Address, Resident } from '#shared/contract/rest.ts'
import { type CastMember, cast } from '#shared/practice/cast.ts'
import { nameStocks } from './names.ts'
import { inwardLetters, streetKinds, streetNames, towns } from './places.ts'
import type { SeededRandom } from './seeded-random.ts'

export const residentCount = 2000
const dayMs = 86_400_000

/** All residents, those of the cast first. `now` is the moment the records lead up to. */
export function seedResidents(random: SeededRandom, now: number): readonly Resident[] {
  const residents = castResidents(now)
  const phones = createPhones(random)
  const nextAddress = createAddresses(random)
  while (residents.length < residentCount) {
    for (const resident of household(random, nextAddress(), phones, residents.length, now)) {
      if (residents.length < residentCount) residents.push(resident)
    }
  }
  return residents
}

function castResidents(now: number): Resident[] {
  return cast.map(({ phone, phoneOnRecord, authorities, ...member }: CastMember) => ({
    ...member,
    ...(authorities === undefined ? {} : { authorities: [...authorities] }),
    version: 1,
    updatedAt: new Date(now - 90 * dayMs).toISOString(),
    phones: phoneOnRecord ? [phone] : [],
  }))
}

interface Phones {
  landline(): string | undefined
  mobile(): string | undefined
}

/** Ofcom's drama ranges, each number given out once; what the cast calls from is kept out. */
function createPhones(random: SeededRandom): Phones {
  const taken = new Set<string>(cast.map(({ phone }) => phone))
  const range = (first: number) =>
    random
      .shuffled(Array.from({ length: 1000 }, (_, index) => `+${first + index}`))
      .filter((number) => !taken.has(number))
  const landlines = range(441_632_960_000)
  const mobiles = range(447_700_900_000)
  return { landline: () => landlines.pop(), mobile: () => mobiles.pop() }
}

interface Street {
  readonly name: string
  readonly town: string
  readonly postcodes: readonly [string, string]
}

/** Houses one after another along each street; the two sides of a street have a postcode each. */
function createAddresses(random: SeededRandom): () => Address {
  const postcodes = new Set<string>(cast.map(({ address }) => address.postcode))
  const lines = new Set<string>(cast.map(({ address }) => `${address.line1}, ${address.town}`))
  const postcode = (district: string): string => {
    const code = `${district} ${random.between(1, 9)}${random.pick(inwardLetters)}${random.pick(inwardLetters)}`
    if (postcodes.has(code)) return postcode(district)
    postcodes.add(code)
    return code
  }
  const names = new Set<string>()
  const street = (): Street => {
    const town = weighted(random, towns)
    const name = `${random.pick(streetNames)} ${random.pick(streetKinds)}`
    if (names.has(`${name}, ${town.name}`)) return street()
    names.add(`${name}, ${town.name}`)
    return { name, town: town.name, postcodes: [postcode(town.district), postcode(town.district)] }
  }
  const streets = Array.from({ length: 150 }, street)
  let uprn = 990_000_010_000
  return () => {
    for (;;) {
      const { name, town, postcodes } = random.pick(streets)
      const number = random.between(1, 64)
      const flat = random.chance(0.12) ? `Flat ${random.between(1, 9)}, ` : ''
      const line1 = `${flat}${number} ${name}`
      if (lines.has(`${line1}, ${town}`)) continue
      lines.add(`${line1}, ${town}`)
      uprn += random.between(1, 40)
      return { uprn: String(uprn), line1, town, postcode: postcodes[number % 2 === 0 ? 0 : 1] }
    }
  }
}

/** One to three adults of one address; some couples share the one telephone of the house. */
function household(
  random: SeededRandom,
  address: Address,
  phones: Phones,
  firstIndex: number,
  now: number,
): Resident[] {
  const stock = weighted(random, nameStocks)
  const family = random.pick(stock.families)
  const size = random.pick([1, 1, 1, 2, 2, 2, 3])
  const shared = size > 1 && random.chance(0.055) ? phones.landline() : undefined
  const oldest = random.between(24, 92)
  return Array.from({ length: size }, (_, index) => {
    const isWoman = random.chance(0.52)
    const givenName = random.pick(isWoman ? stock.women : stock.men)
    const familyName = index > 0 && random.chance(0.2) ? random.pick(stock.families) : family
    const age = Math.max(18, oldest - (index === 2 ? random.between(22, 35) : random.between(0, 6)))
    const email = random.chance(0.6)
      ? `${givenName}.${familyName}.${firstIndex + index}@example.org`
          .toLowerCase()
          .replace(/[^a-z0-9.@-]/g, '')
      : undefined
    return {
      id: `resident-${String(firstIndex + index + 1).padStart(5, '0')}`,
      version: random.pick([1, 1, 1, 1, 2, 2, 3]),
      updatedAt: new Date(now - random.between(1, 700) * dayMs - random.between(0, dayMs)).toISOString(),
      ...(random.chance(0.8) ? { title: titleOf(random, isWoman) } : {}),
      givenName,
      familyName,
      phones: shared && index < 2 ? [shared] : ownPhones(random, phones, age),
      ...(email === undefined ? {} : { email }),
      address,
      dateOfBirth: new Date(now - (age * 365.25 + random.between(1, 364)) * dayMs).toISOString().slice(0, 10),
      language: random.chance(stock.welshSpeakers / 100) ? 'cy' : 'en',
    }
  })
}

function titleOf(random: SeededRandom, isWoman: boolean): string {
  if (random.chance(0.03)) return 'Dr'
  if (random.chance(0.01)) return 'Mx'
  return isWoman ? random.pick(['Mrs', 'Mrs', 'Ms', 'Ms', 'Miss']) : 'Mr'
}

/** A few have no number on record. The old have a landline more often, and some have both. */
function ownPhones(random: SeededRandom, phones: Phones, age: number): string[] {
  if (random.chance(0.09)) return []
  const prefersLandline = random.chance(age > 65 ? 0.75 : 0.32)
  const first = prefersLandline
    ? (phones.landline() ?? phones.mobile())
    : (phones.mobile() ?? phones.landline())
  const second = random.chance(0.06) ? (prefersLandline ? phones.mobile() : phones.landline()) : undefined
  return [first, second].filter((number) => number !== undefined)
}

/** Picks by `share`. */
export function weighted<T extends { readonly share: number }>(
  random: SeededRandom,
  choices: readonly T[],
): T {
  const total = choices.reduce((sum, { share }) => sum + share, 0)
  let left = random.next() * total
  for (const choice of choices) {
    left -= choice.share
    if (left < 0) return choice
  }
  return random.pick(choices)
}
