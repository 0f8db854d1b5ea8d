import { type KeyboardEvent, useId, useState } from 'react'
import { Field } from '#renderer/ui/field.tsx'
import type { ScriptEntry } from '#shared/contract/rest.ts'
import type { ScriptMatch, ScriptSearch } from '#shared/guidance/script-search.ts'

export interface ScriptListProps {
  readonly search: ScriptSearch
  readonly mostUsed: readonly ScriptEntry[]
  /** The script that is chosen already. */
  readonly first?: ScriptEntry | undefined
  readonly onChoose: (scriptId: string) => void
  /** Tells which one Enter would take. */
  readonly onMark?: (scriptId: string | null) => void
}

const longest = 8

/** A box for the resident's words, and the scripts that fit; before any word, those most used today. */
export function ScriptList({ search, mostUsed, first, onChoose, onMark }: ScriptListProps) {
  const [text, setText] = useState('')
  const [marked, setMarked] = useState(0)
  const listId = useId()
  const found = text.trim() === '' ? usual(mostUsed, first) : search(text).slice(0, longest)
  const current = found[Math.min(marked, found.length - 1)]

  const mark = (index: number) => {
    setMarked(index)
    onMark?.(found[index]?.scriptId ?? null)
  }
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'ArrowDown') mark(Math.min(marked + 1, found.length - 1))
    else if (event.key === 'ArrowUp') mark(Math.max(marked - 1, 0))
    else if (event.key === 'Enter' && current !== undefined) onChoose(current.scriptId)
    else return
    event.preventDefault()
  }

  return (
    <div className="scripts">
      <Field label="What the resident says" hint="In their words, such as: bin not taken">
        {(control) => (
          <input
            {...control}
            // biome-ignore lint/a11y/noAutofocus: the dialog is this box
            autoFocus
            autoComplete="off"
            role="combobox"
            aria-expanded
            aria-controls={listId}
            aria-activedescendant={current === undefined ? undefined : `${listId}-${current.scriptId}`}
            value={text}
            onKeyDown={onKeyDown}
            onChange={(event) => {
              setText(event.target.value)
              setMarked(0)
              onMark?.(search(event.target.value)[0]?.scriptId ?? null)
            }}
          />
        )}
      </Field>
      <p className="small quiet" role="status">
        {countWords(text, found.length)}
      </p>
      <div id={listId} className="scripts__list" role="listbox" aria-label="Scripts">
        {found.map((match, index) => (
          // The arrow keys move the choice from the box above, so an option itself takes no focus.
          // biome-ignore lint/a11y/useFocusableInteractive: aria-activedescendant
          // biome-ignore lint/a11y/useKeyWithClickEvents: the box above has the keys
          <div
            key={match.scriptId}
            id={`${listId}-${match.scriptId}`}
            role="option"
            aria-selected={match === current}
            className={match === current ? 'scripts__option scripts__option--chosen' : 'scripts__option'}
            onMouseDown={(event) => event.preventDefault()}
            onClick={() => {
              mark(index)
              onChoose(match.scriptId)
            }}
            ref={(element) => {
              if (match === current) element?.scrollIntoView({ block: 'nearest' })
            }}
          >
            <strong>{match.title}</strong>
            <span className="small quiet">{whyWords(match)}</span>
          </div>
        ))}
      </div>
    </div>
  )
}

function usual(mostUsed: readonly ScriptEntry[], first: ScriptEntry | undefined): readonly ScriptMatch[] {
  const entries = first === undefined ? mostUsed : [first, ...mostUsed.filter((each) => each !== first)]
  return entries.map(({ id, title, serviceName }) => ({
    scriptId: id,
    title,
    matched: { by: 'service', words: serviceName ?? '' },
  }))
}

function countWords(text: string, count: number): string {
  if (text.trim() === '') return 'Most used today. Arrow keys choose, Enter takes it.'
  if (count === 0) return 'No script fits these words. Try one other word for it, or take Other enquiry.'
  return count === 1 ? '1 script fits.' : `${count} scripts fit, the best first.`
}

const whyWords = ({ matched }: ScriptMatch): string =>
  matched.words === ''
    ? ''
    : matched.by === 'alias'
      ? `residents say: ${matched.words}`
      : matched.by === 'title'
        ? 'by its title'
        : `${matched.by === 'service' ? 'service' : 'case'}: ${matched.words}`
