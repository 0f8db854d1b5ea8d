import type { Duplicate } from './likely-duplicates.ts'
import { reasonWords } from './words.ts'

/** Somebody who may be the same person, and why, as one entry of a list. */
export function DuplicateWords({ name, address, likely, reasons }: Duplicate) {
  return (
    <span className="rows__words">
      <strong>{name}</strong>
      <span className="small">{address}</span>
      <span className="small words--attention">
        {likely ? 'Very likely: ' : ''}
        {reasons.map((reason) => reasonWords[reason]).join('; ')}
      </span>
    </span>
  )
}
