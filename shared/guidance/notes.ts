/*
 * The account of a contact: lines that the script writes from its answers, each of which the adviser may put in other
 * words. A line that was changed keeps its words when answers change, and says what the script would write now.
 */

/** A line the script writes. `key` stays the same while answers change. */
export interface NoteLine {
  readonly key: string
  readonly text: string
}

/** The adviser's words for a line. `of` is what the script had written there. Empty text leaves the line out. */
export interface NoteEdit {
  readonly text: string
  readonly of: string
}

export type NoteEdits = Readonly<Record<string, NoteEdit>>

export interface AccountLine {
  readonly key: string
  /** What will be saved. */
  readonly text: string
  /** What the script writes; null when its answers no longer lead to the line. */
  readonly composed: string | null
  readonly edited: boolean
  /** The script writes something else since the adviser changed the line. */
  readonly outdated: boolean
}

/** Every line of the account, those the script no longer writes but the adviser has changed last. */
export function accountLines(lines: readonly NoteLine[], edits: NoteEdits): readonly AccountLine[] {
  const written = lines.map(({ key, text }): AccountLine => {
    const edit = Object.hasOwn(edits, key) ? edits[key] : undefined
    return edit === undefined
      ? { key, text, composed: text, edited: false, outdated: false }
      : { key, text: edit.text, composed: text, edited: true, outdated: edit.of !== text }
  })
  const keys = new Set(lines.map(({ key }) => key))
  const left = Object.entries(edits)
    .filter(([key, { text }]) => !keys.has(key) && text.trim() !== '')
    .map(([key, { text }]): AccountLine => ({ key, text, composed: null, edited: true, outdated: true }))
  return [...written, ...left]
}

/** The account as it is saved. */
export function accountText(lines: readonly NoteLine[], edits: NoteEdits): string {
  return accountLines(lines, edits)
    .map(({ text }) => text.trim())
    .filter((text) => text !== '')
    .join('\n')
}

/** The edits after the adviser typed `text` on a line: words the script writes itself are no edit. */
export function withEdit(
  lines: readonly NoteLine[],
  edits: NoteEdits,
  key: string,
  text: string,
): Record<string, NoteEdit> {
  const composed = lines.find((line) => line.key === key)?.text
  const others = Object.fromEntries(Object.entries(edits).filter(([other]) => other !== key))
  if (composed === text || (composed === undefined && text.trim() === '')) return others
  return { ...others, [key]: { text, of: composed ?? edits[key]?.of ?? '' } }
}

/** The edits without the one of this line: what the script writes is used again. */
export function withoutEdit(edits: NoteEdits, key: string): Record<string, NoteEdit> {
  return Object.fromEntries(Object.entries(edits).filter(([other]) => other !== key))
}
