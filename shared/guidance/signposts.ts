import MiniSearch from 'minisearch'
import type { SignpostService } from '../contract/signposts.ts'
import { dateInWords } from './time.ts'

/** A service outside the council as the adviser gives it on. Nothing in it is HTML. */
export interface SignpostCard {
  readonly id: string
  readonly name: string
  readonly does: string
  readonly phones: readonly { readonly number: string; readonly about: string }[]
  readonly email: string | null
  readonly web: string | null
  readonly addresses: readonly string[]
  /** "Monday, Wednesday and Friday, 10:00 to 13:00" */
  readonly hours: readonly string[]
  readonly who: string | null
  readonly how: string | null
  readonly fees: string | null
  readonly languages: readonly string[]
  /** Names of the terms it is listed under. */
  readonly about: readonly string[]
  /** `YYYY-MM-DD` on which somebody last made sure that it is right. */
  readonly assuredOn: string
  /**
   * `old`: not made sure of for a year, so it may be wrong. `closed`: it takes nobody for now. `ended`: it is no more.
   */
  readonly state: 'current' | 'old' | 'closed' | 'ended'
}

const oldAfterDays = 365
const dayMs = 86_400_000

/** `todayIso` is `YYYY-MM-DD`. */
export function cardOfService(service: SignpostService, todayIso: string): SignpostCard {
  return {
    id: service.id,
    name: service.name,
    does: service.description,
    phones: service.phones.map(({ number, description }) => ({ number, about: description ?? '' })),
    email: service.email ?? null,
    web: service.url ?? null,
    addresses: service.service_at_locations.map(({ location }) => addressOf(location)),
    hours: service.schedules.map(hoursOf).filter((hours) => hours !== ''),
    who: service.eligibility_description ?? null,
    how: service.application_process ?? null,
    fees: service.fees_description ?? null,
    languages: service.languages?.map(({ name }) => name) ?? [],
    about: service.attributes.map(({ taxonomy_term }) => taxonomy_term.name),
    assuredOn: service.assured_date,
    state: stateOf(service, todayIso),
  }
}

function stateOf({ status, assured_date }: SignpostService, todayIso: string): SignpostCard['state'] {
  if (status === 'defunct') return 'ended'
  if (status !== 'active') return 'closed'
  const ageDays = (Date.parse(todayIso) - Date.parse(assured_date)) / dayMs
  return ageDays > oldAfterDays ? 'old' : 'current'
}

function addressOf({ name, addresses }: SignpostService['service_at_locations'][number]['location']): string {
  const lines = addresses.map(({ address_1, city, postal_code }) =>
    [address_1, city, postal_code].filter(Boolean).join(', '),
  )
  return lines.length === 0 ? name : lines.join('; ')
}

const dayNames: Readonly<Record<string, string>> = {
  MO: 'Monday',
  TU: 'Tuesday',
  WE: 'Wednesday',
  TH: 'Thursday',
  FR: 'Friday',
  SA: 'Saturday',
  SU: 'Sunday',
}

function hoursOf({ byday, opens_at, closes_at, description }: SignpostService['schedules'][number]): string {
  const days = (byday ?? '').split(',').flatMap((day) => dayNames[day.trim().slice(-2)] ?? [])
  const times = opens_at === undefined || closes_at === undefined ? '' : `${opens_at} to ${closes_at}`
  const open = [days.length === 7 ? 'Every day' : inWords(days), times].filter(Boolean).join(', ')
  return [open, description ?? ''].filter(Boolean).join('. ')
}

function inWords(days: readonly string[]): string {
  const last = days.at(-1) ?? ''
  return days.length < 2 ? last : `${days.slice(0, -1).join(', ')} and ${last}`
}

const longDate = (iso: string): string => dateInWords(iso, 'en').replace(/^\w+ /, '')

/** How far a card can be trusted, for the adviser's eyes. */
export function trustWords({ state, assuredOn }: SignpostCard): {
  readonly text: string
  readonly tone: 'soft' | 'attention'
} {
  switch (state) {
    case 'current':
      return { text: `Made sure of on ${longDate(assuredOn)}`, tone: 'soft' }
    case 'old':
      return {
        text: `Out of date: last made sure of on ${longDate(assuredOn)}. Say that it may have changed, or ring first.`,
        tone: 'attention',
      }
    case 'closed':
      return { text: 'Takes nobody for now. Choose another, or ring first.', tone: 'attention' }
    case 'ended':
      return { text: 'No longer there. Do not send anybody.', tone: 'attention' }
  }
}

/** What is put into an email or a chat. */
export const textOfCard = (card: SignpostCard): string =>
  [
    card.name,
    card.does,
    ...card.phones.map(({ number }) => `Telephone ${number}`),
    card.email,
    card.web,
    ...card.addresses,
    ...card.hours,
    card.who,
    card.how,
  ]
    .filter((line) => line !== null && line !== '')
    .join('\n')

/** What the notes say of it. */
export const toldNote = ({ name, phones }: SignpostCard): string =>
  [`Told the resident about ${name}`, ...phones.slice(0, 1).map(({ number }) => number)].join(', ')

/** Services listed under any of the terms, by code; those that ended are left out. */
export function servicesUnder(
  services: readonly SignpostService[],
  termCodes: readonly string[],
): readonly SignpostService[] {
  return services.filter(
    ({ status, attributes }) =>
      status !== 'defunct' && attributes.some(({ taxonomy_term }) => termCodes.includes(taxonomy_term.code)),
  )
}

/** Services that fit the words, best first; all of them by name for no words. */
export type SignpostSearch = (text: string) => readonly SignpostService[]

/** Reads the services at the first search; each one after takes well under a millisecond. */
export function createSignpostSearch(services: readonly SignpostService[]): SignpostSearch {
  let search: SignpostSearch | null = null
  return (text) => {
    search ??= searchOf(services)
    return search(text)
  }
}

function searchOf(services: readonly SignpostService[]): SignpostSearch {
  const byName = services.toSorted((a, b) => a.name.localeCompare(b.name))
  const byId = new Map(services.map((service) => [service.id, service]))
  const index = new MiniSearch({
    fields: ['name', 'about', 'does', 'who', 'where'],
    searchOptions: {
      boost: { name: 3, about: 2 },
      prefix: (term) => term.length > 1,
      fuzzy: (term) => (term.length < 3 ? false : term.length < 7 ? 1 : 2),
      combineWith: 'AND',
    },
  })
  index.addAll(
    services.map((service) => ({
      id: service.id,
      name: service.name,
      about: service.attributes.map(({ taxonomy_term }) => taxonomy_term.name).join(' '),
      does: service.description,
      who: service.eligibility_description ?? '',
      where: service.service_at_locations.map(({ location }) => addressOf(location)).join(' '),
    })),
  )
  return (text) => {
    if (text.trim() === '') return byName
    const all = index.search(text)
    // Words that nothing has all of may still have something of each.
    const found = all.length > 0 ? all : index.search(text, { combineWith: 'OR' })
    return found.flatMap(({ id }) => byId.get(String(id)) ?? [])
  }
}
