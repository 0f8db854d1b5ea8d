import type { CaseStatus, FieldValue } from '#shared/contract/rest.ts'

export const statusWords: Record<CaseStatus, string> = {
  open: 'Open',
  'in-progress': 'In progress',
  'waiting-for-resident': 'Waiting for the resident',
  resolved: 'Resolved',
  closed: 'Closed',
}

/** A case field's value as people read it. */
export function valueWords(value: FieldValue): string {
  if (value === null || value === '') return 'not known'
  if (typeof value === 'boolean') return value ? 'Yes' : 'No'
  if (Array.isArray(value)) return value.join(', ')
  return String(value)
}

/** `assistedCollection` or `assisted-collection` → `Assisted collection`, for fields without a label of their own. */
export function fieldWords(name: string): string {
  const words = name
    .replaceAll(/([a-z])([A-Z])/g, '$1 $2')
    .replaceAll(/[-_]/g, ' ')
    .toLowerCase()
  return words.charAt(0).toUpperCase() + words.slice(1)
}
