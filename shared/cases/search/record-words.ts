import type { CaseRecord, FieldValue, Resident, TimelineEntry } from '../../contract/rest.ts'
import type { FoundIn } from './found.ts'
import { dialledDigits, postcodeWord } from './text.ts'

/** Where words are found, in the order of `fieldOf`'s numbers. */
export const fields = [
  'name',
  'number',
  'postcode',
  'reference',
  'subject',
  'uprn',
  'email',
  'address',
  'service',
  'field',
  'note',
] as const satisfies readonly FoundIn[]

/** A field as a number, small enough for four bits. */
export const fieldOf = Object.fromEntries(fields.map((name, number) => [name, number])) as Readonly<
  Record<FoundIn, number>
>

/** Takes what can be searched of a record, field by field. */
export interface FieldSink {
  text(field: number, text: string): void
  /** Digits as dialled from within the country. */
  phone(digits: string): void
}

/** What a resident is found by. Not by the date of birth, which is for identity checks. */
export function tellResident(record: Resident, sink: FieldSink): void {
  if (record.title) sink.text(fieldOf.name, record.title)
  sink.text(fieldOf.name, record.givenName)
  sink.text(fieldOf.name, record.familyName)
  for (const phone of record.phones) sink.phone(dialledDigits(phone))
  const { postcode, line1, town, uprn } = record.address
  sink.text(fieldOf.postcode, postcode)
  const word = postcodeWord(postcode)
  if (word !== null) {
    sink.text(fieldOf.postcode, word)
    // However it is spaced, its halves are words.
    if (!postcode.includes(' ')) sink.text(fieldOf.postcode, `${word.slice(0, -3)} ${word.slice(-3)}`)
  }
  sink.text(fieldOf.address, line1)
  sink.text(fieldOf.address, town)
  sink.text(fieldOf.uprn, uprn)
  if (record.email) sink.text(fieldOf.email, record.email)
}

export function tellCase(record: CaseRecord, sink: FieldSink): void {
  if (record.reference !== null) sink.text(fieldOf.reference, record.reference)
  sink.text(fieldOf.subject, record.subject)
  sink.text(fieldOf.service, record.serviceName)
  for (const name in record.fields) tellValue(record.fields[name], sink)
}

/** What people wrote; changes of status are found by the status. */
export function tellNote(record: TimelineEntry, sink: FieldSink): void {
  if (record.kind === 'note' || record.kind === 'contact' || record.kind === 'risk') {
    sink.text(fieldOf.note, record.text)
  }
}

const months = 'january february march april may june july august september october november december'.split(
  ' ',
)
const isoDate = /^\d{4}-(\d\d)-\d\d$/

function tellValue(value: FieldValue | undefined, sink: FieldSink): void {
  if (typeof value === 'number') sink.text(fieldOf.field, String(value))
  else if (typeof value === 'string') {
    sink.text(fieldOf.field, value)
    if (value.length === 10) {
      const month = months[Number(isoDate.exec(value)?.[1]) - 1]
      if (month) sink.text(fieldOf.field, month)
    }
  } else if (Array.isArray(value)) for (const each of value) sink.text(fieldOf.field, each)
}
