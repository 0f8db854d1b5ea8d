import { dateAndTime } from '#renderer/ui/time.ts'
import type { UnsentOperation } from '#shared/contract/records.ts'
import { type Names, partsOf, subjectWords, titleOf } from './operation-words.ts'
import { standingWords } from './standing-words.ts'

/** Everything that is not sent, so that somebody can type it in elsewhere. `at` in milliseconds since 1970. */
export function exportText(
  rows: readonly UnsentOperation[],
  names: Names,
  about: { readonly at: number; readonly adviser: string; readonly council: string },
): string {
  const head = [
    'WORK THAT IS NOT SENT YET',
    'This file holds personal data in plain words. Delete it when it has been dealt with.',
    '',
    `Written ${dateAndTime(about.at)} for ${about.adviser}, ${about.council}.`,
    `${rows.length === 1 ? '1 change' : `${rows.length} changes`}, in the order they were saved.`,
  ]
  const entries = rows.flatMap((row, index) => [
    '',
    `${index + 1}. ${titleOf(row.operation)}: ${subjectWords(row.operation, names)}`,
    `   Saved ${dateAndTime(row.savedAt)}. ${standingWords(row, rows, names)}`,
    ...partsOf(row.operation, names).map(
      ({ label, words }) => `   ${label}: ${words.replaceAll('\n', '\n      ')}`,
    ),
    `   Identifier: ${row.operation.id}`,
  ])
  return `${[...head, ...entries].join('\r\n')}\r\n`
}
