import type { CaseSummary, ResidentSummary } from '#shared/cases/record-reader.ts'
import { statusOf, type Version } from './versions-of-records.ts'

/*
 * Summaries as the directory keeps them: JSON arrays, without what is in a column. Texts that are the same in many
 * are named by their place in the chunk's dictionary.
 */

type ResidentText = readonly [
  id: string,
  title: string | null,
  givenName: string,
  familyName: string,
  line1: string,
  town: number,
  postcode: string,
  language: ResidentSummary['language'],
  hasWarnings: 0 | 1,
]

type CaseText = readonly [
  id: string,
  reference: string | null,
  residentId: string | null,
  serviceCode: number,
  serviceName: number,
  subject: string,
  queueId: number | null,
  openedAt: number,
]

/** Timeline entries and contacts are only shown whole: they have none. A deleted record has its id. */
export function summaryText(version: Version, place: (text: string) => number): string {
  if (!version.record) return JSON.stringify([version.id])
  if (version.kind === 'resident') {
    const { id, title, givenName, familyName, address, language, warnings } = version.record
    const text: ResidentText = [
      id,
      title ?? null,
      givenName,
      familyName,
      address.line1,
      place(address.town),
      address.postcode,
      language,
      (warnings ?? []).length > 0 ? 1 : 0,
    ]
    return JSON.stringify(text)
  }
  if (version.kind === 'case') {
    const { id, reference, residentId, serviceCode, serviceName, subject, queueId, openedAt } = version.record
    const text: CaseText = [
      id,
      reference,
      residentId,
      serviceCode,
      place(serviceName),
      subject,
      queueId === null ? null : place(queueId),
      Date.parse(openedAt),
    ]
    return JSON.stringify(text)
  }
  return ''
}

export function residentOfText(json: string, strings: readonly string[], updatedAt: number): ResidentSummary {
  const [id, title, givenName, familyName, line1, town, postcode, language, hasWarnings] = JSON.parse(
    json,
  ) as ResidentText
  return {
    id,
    title,
    givenName,
    familyName,
    line1,
    town: strings[town] ?? '',
    postcode,
    language,
    hasWarnings: hasWarnings === 1,
    updatedAt,
  }
}

export function caseOfText(
  json: string,
  strings: readonly string[],
  columns: { readonly updatedAt: number; readonly status: number; readonly assignedTo: string | null },
): CaseSummary {
  const [id, reference, residentId, serviceCode, serviceName, subject, queueId, openedAt] = JSON.parse(
    json,
  ) as CaseText
  return {
    id,
    reference,
    residentId,
    serviceCode,
    serviceName: strings[serviceName] ?? '',
    subject,
    status: statusOf(columns.status),
    queueId: queueId === null ? null : (strings[queueId] ?? null),
    assignedTo: columns.assignedTo,
    openedAt,
    updatedAt: columns.updatedAt,
  }
}

/** Of any summary that is not empty. */
export function idOfText(json: string): string {
  const [id] = JSON.parse(json) as readonly [string]
  return id
}
