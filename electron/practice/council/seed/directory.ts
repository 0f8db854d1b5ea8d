import type { DirectoryEntry } from '#shared/contract/rest.ts'
import { colleagues, dutyTeamNumbers } from '#shared/practice/colleagues.ts'
import { advisers, queues } from './practice-council.ts'

/** Colleagues of the practice switchboard that are a service rather than people. */
const internalServices: ReadonlySet<string> = new Set([
  'interpreter',
  'payment-line',
  'rent-line',
  'voicemail',
])

interface NumberedService {
  readonly id: string
  readonly name: string
  readonly detail: string
  readonly number: string
}

/** The council's own teams that scripts pass calls on to. In practice one voice answers for all of them. */
const teams: readonly NumberedService[] = (
  [
    ['adult-social-care-duty', 'Adult social care, duty team', 'Adults at risk, care that cannot wait'],
    ['children-duty', 'Children’s duty team', 'A child or young person at risk'],
    ['homelessness-duty', 'Homelessness duty officer', 'Nowhere to stay, or about to lose a home'],
    ['crisis-support-team', 'Welfare and crisis team', 'Food, heating and the crisis fund'],
    ['private-housing-team', 'Private housing team', 'Private tenants: repairs, pests, landlords'],
    ['building-control-duty', 'Building control, duty', 'Dangerous structures'],
    ['highways-duty', 'Highways, duty', 'Dangers in the road, fallen lights'],
    ['street-cleaning-duty', 'Street cleaning, duty', 'Needles, spills and dangerous waste'],
    ['pest-control', 'Pest control', 'Rats, mice, wasps, bed bugs'],
    ['food-safety', 'Food safety team', 'Restaurants, shops and takeaways'],
    ['planning-enforcement', 'Planning enforcement', 'Building work without permission'],
    ['customer-relations', 'Customer relations', 'Complaints and ombudsman cases'],
    ['electoral-services', 'Electoral services', 'Registering and voting'],
    ['registrars', 'Registrars', 'Births, deaths, marriages'],
  ] as const
).map(([id, name, detail], index) => ({ id, name, detail, number: dutyTeamNumbers[index] ?? '' }))

/** Outside the council. The numbers are Ofcom's for drama, which nobody has. */
const outside: readonly NumberedService[] = [
  {
    id: 'out-of-hours',
    name: 'Out of hours team',
    detail: 'Emergencies of council homes and roads, nights and weekends',
    number: '+441632960900',
  },
  {
    id: 'water',
    name: 'Wexcombe Water',
    detail: 'Leaks in the road, no water, sewers',
    number: '+448081570201',
  },
  { id: 'power-cuts', name: 'Power cuts', detail: 'No electricity, fallen lines', number: '+448081570105' },
  { id: 'gas', name: 'Gas emergencies', detail: 'Smell of gas, carbon monoxide', number: '+448081570999' },
  {
    id: 'advice-centre',
    name: 'Wexcombe Advice Centre',
    detail: 'Debt, benefits and housing advice',
    number: '+441632960910',
  },
  {
    id: 'food-bank',
    name: 'Wexcombe Food Bank',
    detail: 'Food parcels, by referral',
    number: '+441632960911',
  },
  {
    id: 'domestic-abuse',
    name: 'Domestic abuse helpline',
    detail: 'Day and night, in confidence',
    number: '+448081570247',
  },
  {
    id: 'bus-passes',
    name: 'County bus passes',
    detail: 'Older and disabled people’s passes',
    number: '+441632960912',
  },
]

/** Whom an adviser may call or transfer to, by name within each kind. */
export const directoryEntries: readonly DirectoryEntry[] = [
  ...advisers.map(
    ({ id, username, name, languages }): DirectoryEntry => ({
      id,
      kind: 'colleague',
      name,
      detail: 'Contact centre adviser',
      user: username,
      number: null,
      languages: [...languages],
    }),
  ),
  ...colleagues
    .filter(({ listed }) => listed)
    .map(
      ({ user, name, detail, languages }): DirectoryEntry => ({
        id: user,
        kind: internalServices.has(user) ? 'service' : 'colleague',
        name,
        detail,
        user,
        number: null,
        languages: [...languages],
      }),
    ),
  ...queues.map(
    ({ id, name, dialledNumber }): DirectoryEntry => ({
      id: `queue-${id}`,
      kind: 'queue',
      name,
      detail: 'Waits in this queue again',
      user: id,
      number: dialledNumber,
      languages: ['en'],
    }),
  ),
  ...[...teams, ...outside].map(
    ({ id, name, detail, number }): DirectoryEntry => ({
      id,
      kind: 'service',
      name,
      detail,
      user: null,
      number,
      languages: ['en'],
    }),
  ),
].sort((a, b) => a.kind.localeCompare(b.kind, 'en') || a.name.localeCompare(b.name, 'en'))
