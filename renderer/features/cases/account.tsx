import { useStore } from 'zustand'
import { Button } from '#renderer/ui/button.tsx'
import { type AccountLine, accountLines } from '#shared/guidance/notes.ts'
import { editsOf } from './contact-account.ts'
import type { ContactStore } from './contact-state.ts'

/** The account of the contact: written by the script, each line open to the adviser's own words. */
export function Account({ store }: { readonly store: ContactStore }) {
  const { draft, view, editLine, restoreLine } = useStore(store)
  if (draft === null || view === null) return null
  const lines = accountLines(view.noteLines, editsOf(draft))
  if (lines.length === 0) return null
  return (
    <section className="case__section" aria-labelledby="account">
      <h3 id="account">Account of the contact</h3>
      <p className="small quiet">Written by the script and saved at the end. Change any line.</p>
      <ul className="account">
        {lines.map((line, index) => (
          <li
            key={line.key}
            className={line.edited ? 'account__item account__item--edited' : 'account__item'}
          >
            <textarea
              className="account__line small"
              aria-label={`Line ${index + 1} of the account`}
              rows={1}
              maxLength={2000}
              value={line.text}
              onChange={(event) => editLine(line.key, event.target.value.replaceAll('\n', ' '))}
            />
            {line.edited ? <EditedLine line={line} onRestore={() => restoreLine(line.key)} /> : null}
          </li>
        ))}
      </ul>
    </section>
  )
}

function EditedLine({ line, onRestore }: { readonly line: AccountLine; readonly onRestore: () => void }) {
  return (
    <p className="account__mark small">
      <span className={line.outdated ? 'words--attention' : 'quiet'}>{editedWords(line)}</span>
      <Button look="plain" className="button--small" onClick={onRestore}>
        {line.composed === null ? 'Remove' : 'Use the script’s words'}
      </Button>
    </p>
  )
}

function editedWords({ text, composed, outdated }: AccountLine): string {
  if (composed === null) return 'Your words. The script no longer writes this line.'
  if (outdated) return `Your words. The script now writes: ${composed}`
  return text.trim() === '' ? 'Left out.' : 'Your words.'
}
