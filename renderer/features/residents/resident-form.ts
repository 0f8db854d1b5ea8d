import { isValid as isPostcode, toNormalised } from 'postcode'
import { normaliseNumber } from '#shared/cases/candidates.ts'
import type { Operation, Resident } from '#shared/contract/rest.ts'

/** Contact details as typed. */
export interface ResidentForm {
  readonly title: string
  readonly givenName: string
  readonly familyName: string
  /** One a line. */
  readonly phones: string
  readonly email: string
  readonly line1: string
  readonly town: string
  readonly postcode: string
  readonly uprn: string
  readonly dateOfBirth: string
  readonly language: 'en' | 'cy'
  readonly assistance: '' | NonNullable<Resident['assistance']>
}

export type FormErrors = Readonly<Partial<Record<keyof ResidentForm, string>>>
export type NewResident = Extract<Operation, { kind: 'resident.create' }>['record']
type ResidentChange = Extract<Operation, { kind: 'resident.change' }>['change']

/** A record needs a property number; this one stands for a property whose number nobody knows. */
const unknownProperty = '0'

export const isKnownProperty = (uprn: string): boolean => uprn !== unknownProperty

export const emptyForm: ResidentForm = {
  title: '',
  givenName: '',
  familyName: '',
  phones: '',
  email: '',
  line1: '',
  town: '',
  postcode: '',
  uprn: '',
  dateOfBirth: '',
  language: 'en',
  assistance: '',
}

export const formOf = (resident: Resident): ResidentForm => ({
  title: resident.title ?? '',
  givenName: resident.givenName,
  familyName: resident.familyName,
  phones: resident.phones.join('\n'),
  email: resident.email ?? '',
  line1: resident.address.line1,
  town: resident.address.town,
  postcode: resident.address.postcode,
  uprn: resident.address.uprn === unknownProperty ? '' : resident.address.uprn,
  dateOfBirth: resident.dateOfBirth ?? '',
  language: resident.language,
  assistance: resident.assistance ?? '',
})

/** What of a form differs from how it opened, as text to be kept; empty when nothing does. */
export function keptText(opened: ResidentForm, form: ResidentForm): string {
  const typed = Object.entries(form).filter(([name, value]) => value !== opened[name as keyof ResidentForm])
  return typed.length === 0 ? '' : JSON.stringify(Object.fromEntries(typed))
}

/** The form as it was left, from what was kept of it. */
export const withKept = (opened: ResidentForm, kept: string): ResidentForm =>
  kept === '' ? opened : { ...opened, ...(JSON.parse(kept) as Partial<ResidentForm>) }

const linesOf = (text: string): readonly string[] =>
  text
    .split(/[\n,;]/)
    .map((line) => line.trim())
    .filter(Boolean)

/** Telephone numbers that can be read, each once, in E.164. */
export const numbersOf = ({ phones }: ResidentForm): readonly string[] => [
  ...new Set(linesOf(phones).flatMap((line) => normaliseNumber(line) ?? [])),
]

/** What is wrong, by field; nothing when it can be saved. */
export function errorsOf(form: ResidentForm, today: string): FormErrors {
  const unread = linesOf(form.phones).filter((line) => normaliseNumber(line) === null)
  const email = form.email.trim()
  return {
    ...(form.givenName.trim() === '' ? { givenName: 'Type the first name.' } : {}),
    ...(form.familyName.trim() === '' ? { familyName: 'Type the last name.' } : {}),
    ...(unread.length > 0 ? { phones: `This is no telephone number: ${unread.join(', ')}` } : {}),
    ...(email !== '' && !/^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(email)
      ? { email: 'An email address has a name, an @ and a domain.' }
      : {}),
    ...(form.line1.trim() === '' ? { line1: 'Type the first line of the address.' } : {}),
    ...(form.town.trim() === '' ? { town: 'Type the town.' } : {}),
    ...(isPostcode(form.postcode.trim()) ? {} : { postcode: 'This is no postcode.' }),
    ...(/^\d{0,12}$/.test(form.uprn.trim()) ? {} : { uprn: 'A UPRN has up to 12 digits.' }),
    ...(form.dateOfBirth > today ? { dateOfBirth: 'This day has not come yet.' } : {}),
  }
}

/** The record that the form describes. */
export function recordOf(form: ResidentForm): NewResident {
  const { title, email, dateOfBirth, assistance } = form
  return {
    ...(title.trim() === '' ? {} : { title: title.trim() }),
    givenName: form.givenName.trim(),
    familyName: form.familyName.trim(),
    phones: [...numbersOf(form)],
    ...(email.trim() === '' ? {} : { email: email.trim() }),
    address: {
      uprn: form.uprn.trim() || unknownProperty,
      line1: form.line1.trim(),
      town: form.town.trim(),
      postcode: toNormalised(form.postcode.trim()) ?? form.postcode.trim(),
    },
    ...(dateOfBirth === '' ? {} : { dateOfBirth }),
    language: form.language,
    ...(assistance === '' ? {} : { assistance }),
  }
}

const changeable = [
  'title',
  'givenName',
  'familyName',
  'phones',
  'email',
  'address',
  'dateOfBirth',
  'language',
  'assistance',
] as const

/** Only what differs from the record, so that two people may change different fields; null when nothing does. */
export function changeOf(before: Resident, form: ResidentForm): ResidentChange | null {
  const after = recordOf(form)
  const changed = changeable.filter(
    (name) => JSON.stringify(before[name] ?? null) !== JSON.stringify(after[name] ?? null),
  )
  if (changed.length === 0) return null
  return Object.fromEntries(changed.map((name) => [name, after[name] ?? null])) as ResidentChange
}
