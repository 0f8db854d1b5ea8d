import type { SignpostService } from '#shared/contract/signposts.ts'
import { type PracticeSignpost, practiceSignposts, signpostTerms } from './signposts-list.ts'

/** When the practice council last made sure of them; it does so twice a year. */
const assuredOn = '2026-09-01'

const slug = (name: string): string =>
  name
    .toLowerCase()
    .replaceAll('&', 'and')
    .replaceAll(/[’']/g, '')
    .replaceAll('é', 'e')
    .replaceAll(/[^a-z0-9]+/g, '-')

function serviceOf({ about, name, does, number, at, open, who, how }: PracticeSignpost): SignpostService {
  const id = slug(name)
  const [byday, times] = open
  const [opens_at, closes_at] = times.split('-')
  return {
    id,
    name,
    status: 'active',
    description: does,
    url: `https://${id}.example.org`,
    email: `hello@${id}.example.org`,
    eligibility_description: who,
    application_process: how,
    assured_date: assuredOn,
    last_modified: `${assuredOn}T09:00:00Z`,
    phones: [{ id: `${id}-phone`, number }],
    schedules: [
      {
        id: `${id}-hours`,
        freq: 'WEEKLY',
        byday,
        ...(opens_at === undefined ? {} : { opens_at }),
        ...(closes_at === undefined ? {} : { closes_at }),
      },
    ],
    service_at_locations: at === null ? [] : [{ id: `${id}-at`, location: locationOf(at) }],
    attributes: [
      {
        id: `${id}-about`,
        taxonomy_term: {
          id: `term-${about}`,
          code: about,
          name: signpostTerms[about],
          taxonomy: 'Wexcombe signposts',
        },
      },
    ],
  }
}

function locationOf(at: string): SignpostService['service_at_locations'][number]['location'] {
  const parts = at.split(', ')
  return {
    id: slug(at),
    name: parts[0] ?? at,
    addresses: [
      {
        id: `${slug(at)}-address`,
        address_1: at,
        city: 'Wexcombe',
        postal_code: 'ZX1 1AA',
        country: 'GB',
        address_type: 'physical',
      },
    ],
  }
}

/** By name. */
export const signpostServices: readonly SignpostService[] = practiceSignposts
  .map(serviceOf)
  .sort((a, b) => a.name.localeCompare(b.name, 'en'))
