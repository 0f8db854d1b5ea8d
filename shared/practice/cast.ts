import type { Address, Assistance, Resident } from '../contract/rest.ts'

/** The fictional council of practice mode. */
export const practiceCouncilName = 'Wexcombe Borough Council'

/**
 * A resident whom practice scenarios know by name. `phone` is the E.164 number the resident calls from; when
 * `phoneOnRecord` is false the council's records do not hold it, so nobody is found by the number.
 */
export interface CastMember {
  readonly id: string
  readonly title: string
  readonly givenName: string
  readonly familyName: string
  readonly phone: string
  readonly phoneOnRecord: boolean
  readonly address: Address
  /** `YYYY-MM-DD`. */
  readonly dateOfBirth: string
  readonly language: 'en' | 'cy'
  readonly assistance?: Assistance
  readonly authorities?: readonly NonNullable<Resident['authorities']>[number][]
}

const elmRoad: Address = {
  uprn: '990000000014',
  line1: '14 Elm Road',
  town: 'Wexcombe',
  postcode: 'ZX1 4QT',
}

/** All fictional: numbers from Ofcom's drama ranges, and `ZX` is not a postcode area. */
export const cast = [
  {
    id: 'cast-amara-okafor',
    title: 'Mrs',
    givenName: 'Amara',
    familyName: 'Okafor',
    phone: '+441632960142',
    phoneOnRecord: true,
    address: elmRoad,
    dateOfBirth: '1984-03-17',
    language: 'en',
    authorities: [{ party: 'third-party', name: 'Michael Okafor', detail: 'husband' }],
  },
  {
    // Shares the house and its telephone with Amara Okafor.
    id: 'cast-michael-okafor',
    title: 'Mr',
    givenName: 'Michael',
    familyName: 'Okafor',
    phone: '+441632960142',
    phoneOnRecord: true,
    address: elmRoad,
    dateOfBirth: '1981-11-02',
    language: 'en',
  },
  {
    id: 'cast-gwen-pritchard',
    title: 'Ms',
    givenName: 'Gwen',
    familyName: 'Pritchard',
    phone: '+447700900218',
    phoneOnRecord: true,
    address: {
      uprn: '990000000231',
      line1: '3 Chapel Terrace',
      town: 'Nether Wexcombe',
      postcode: 'ZX2 7LD',
    },
    dateOfBirth: '1957-08-29',
    language: 'cy',
  },
  {
    id: 'cast-tomasz-kowalczyk',
    title: 'Mr',
    givenName: 'Tomasz',
    familyName: 'Kowalczyk',
    phone: '+447700900999',
    phoneOnRecord: false,
    address: { uprn: '990000000305', line1: 'Flat 6, Tannery Court', town: 'Wexcombe', postcode: 'ZX1 1AB' },
    dateOfBirth: '1992-01-23',
    language: 'en',
    assistance: 'interpreter',
  },
  {
    id: 'cast-priya-raman',
    title: 'Dr',
    givenName: 'Priya',
    familyName: 'Raman',
    phone: '+447700900467',
    phoneOnRecord: true,
    address: { uprn: '990000000418', line1: '27 Orchard Rise', town: 'Marlow Heath', postcode: 'ZX3 2HN' },
    dateOfBirth: '1976-06-05',
    language: 'en',
  },
  {
    id: 'cast-derek-hollis',
    title: 'Mr',
    givenName: 'Derek',
    familyName: 'Hollis',
    phone: '+441632960731',
    phoneOnRecord: true,
    address: { uprn: '990000000522', line1: '8 Weavers Lane', town: 'Wexcombe', postcode: 'ZX1 6PF' },
    dateOfBirth: '1939-12-11',
    language: 'en',
    authorities: [{ party: 'councillor', name: 'Councillor Ruth Ames', detail: 'consent to casework' }],
  },
] as const satisfies readonly CastMember[]
