import { spokenNumber } from '#renderer/ui/telephone.ts'
import type { DuplicateReason, MergeField, Resident, Warning } from '#shared/contract/rest.ts'

export const reasonWords: Record<DuplicateReason, string> = {
  'same-number': 'same telephone number',
  'same-email': 'same email address',
  'same-name-and-postcode': 'same name and postcode',
  'sounds-alike-and-same-birthday': 'name sounds alike, same date of birth',
  'same-property-and-similar-name': 'same address and last name',
}

const kindWords: Readonly<Record<string, string>> = {
  violence: 'Risk of violence',
  'two-person-visit': 'Visits by two people only',
  communication: 'How to communicate',
  'legal-hold': 'Legal matter: do not discuss',
}

export const warningKinds = ['two-person-visit', 'violence', 'communication', 'legal-hold', 'other'] as const

/** A kind of warning that this desk does not know is still a warning. */
export const warningWords = (kind: string): string => kindWords[kind] ?? 'Other warning'

/** Whether it should have been looked at again. */
export const isOverdue = ({ reviewBy }: Warning, today: string): boolean => reviewBy < today

export const fieldNames: Record<MergeField, string> = {
  title: 'Title',
  givenName: 'First name',
  familyName: 'Last name',
  phones: 'Telephone',
  email: 'Email',
  address: 'Address',
  dateOfBirth: 'Date of birth',
  language: 'Language',
  assistance: 'Help with calls',
  authorities: 'Who may speak for them',
}

export const assistanceNames: Record<NonNullable<Resident['assistance']>, string> = {
  relay: 'Relay UK',
  interpreter: 'An interpreter',
  'sign-language': 'British Sign Language by video',
}

const plainDate = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short', year: 'numeric' })

/** `3 Nov 2026` of `2026-11-03`. */
export const dateWords = (date: string): string => plainDate.format(new Date(`${date}T12:00:00Z`))

/** A field of a record as people read it. */
export function residentWords(resident: Resident, field: MergeField): string {
  switch (field) {
    case 'phones':
      return resident.phones.map(spokenNumber).join(', ') || 'none'
    case 'address': {
      const { line1, town, postcode } = resident.address
      return `${line1}, ${town} ${postcode}`
    }
    case 'dateOfBirth':
      return resident.dateOfBirth === undefined ? 'none' : dateWords(resident.dateOfBirth)
    case 'language':
      return resident.language === 'cy' ? 'Welsh' : 'English'
    case 'assistance':
      return resident.assistance === undefined ? 'none' : assistanceNames[resident.assistance]
    case 'authorities':
      return resident.authorities?.map(({ name }) => name).join(', ') || 'nobody'
    default:
      return resident[field] ?? 'none'
  }
}
