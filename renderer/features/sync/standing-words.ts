import { unreachableWords } from '#renderer/ui/error-words.ts'
import { timeOfDay } from '#renderer/ui/time.ts'
import type { UnsentOperation } from '#shared/contract/records.ts'
import type { Problem } from '#shared/contract/rest.ts'
import { type Names, subjectWords, titleOf } from './operation-words.ts'

/** What the council says by code, and what helps. Others are told in the council's own words. */
const refusalWords: Readonly<Record<string, string>> = {
  'operation/malformed': 'The council’s service could not read it. Copy the words into a note, and tell IT.',
  'operation/unstorable': 'It holds characters that cannot be kept. Type the words again.',
  'operation/reused-id': 'The council’s service takes it for another change. Send it again.',
  'resident/unknown': 'The council does not know this resident any more.',
  'case/unknown': 'The council does not know this case. It may have been removed.',
  'case/exists': 'The council has a case with this identifier already.',
  'case/unknown-version':
    'It was based on a version of the case that the council does not know. Send it again.',
  'contact/incomplete': 'The channel or the beginning of the contact is missing.',
  'callback/incomplete': 'The number or the times of the promised call are missing.',
  'resident/exists': 'The council has a resident with this identifier already.',
  'resident/merged': 'This record was merged into another. Open the other one and make the change there.',
  'resident/unknown-version': 'It was based on a version that the council does not know. Send it again.',
  'resident/changed':
    'Somebody changed one of the two records meanwhile. Look at both again, then merge them.',
  'merge/same-resident': 'The two are one record already.',
  'merge/unknown': 'The council does not know this merge.',
  'merge/undone-already': 'The two records were parted already.',
  'merge/later-merge': 'There was another merge since. Undo that one first.',
  'warning/unknown': 'The council does not know this warning any more.',
  'timeline/exists': 'The council has this entry already.',
  'cases/request-invalid':
    'The council’s service could not read it. Copy the words into a note, and tell IT.',
}

/** Why the council would not take a change, for people. */
export function refusedWords({ code, title, detail }: Problem): string {
  const known = code === undefined ? undefined : refusalWords[code]
  return known ?? [title, detail].filter(Boolean).join('. ')
}

/** How one change stands, in one sentence or two. */
export function standingWords(row: UnsentOperation, rows: readonly UnsentOperation[], names: Names): string {
  const { standing } = row
  switch (standing.name) {
    case 'waiting':
      return triesWords(row)
    case 'blocked': {
      const first = rows.find(({ operation }) => operation.id === standing.byOperationId)
      return first === undefined
        ? 'Waits for an earlier change.'
        : `Waits for: ${titleOf(first.operation)}, ${subjectWords(first.operation, names)}.`
    }
    case 'conflict':
      return standing.fields.length === 1
        ? 'Somebody else changed the same field. Decide which stands.'
        : `Somebody else changed the same ${standing.fields.length} fields. Decide which stand.`
    case 'refused':
      return `Not taken by the council: ${refusedWords(standing.problem)}`
  }
}

function triesWords({ tries, lastFailure }: UnsentOperation): string {
  if (lastFailure === null) return 'Goes out next.'
  const times = tries === 1 ? 'Tried once' : `Tried ${tries} times`
  return `${times}, last at ${timeOfDay(lastFailure.at)}: ${unreachableWords[lastFailure.reason]}.`
}
