import { memo, useCallback, useId, useMemo } from 'react'
import { useStore } from 'zustand'
import { Dialog } from '#renderer/ui/dialog.tsx'
import { errorWords } from '#renderer/ui/error-words.ts'
import { Field } from '#renderer/ui/field.tsx'
import { useNow } from '#renderer/ui/time.ts'
import type { FindHit } from '#shared/contract/records.ts'
import { type Beyond, type FindStore, keyOf } from './find-store.ts'
import { type Disclosure, pieces, type ShownHit, shownHits } from './find-words.ts'

export interface FindDialogProps {
  readonly store: FindStore
  readonly disclosure: Disclosure
  /** What Enter does with a resident just now, as a button would say it. */
  readonly residentAction: string
  readonly onResident: (residentId: string) => void
  readonly onCase: (caseId: string) => void
  /** Somebody who is in no record. */
  readonly onNewResident: (text: string) => void
}

/** One box over residents, cases and notes; what the council has beyond this desk comes below. */
export function FindDialog(props: FindDialogProps) {
  const shown = useStore(props.store, (state) => state.shown)
  const { close } = props.store.getState()
  return (
    <Dialog title="Find anything" wide open={shown} onClose={close}>
      {shown ? <Finding {...props} /> : null}
    </Dialog>
  )
}

function Finding({ store, disclosure, residentAction, onResident, onCase, onNewResident }: FindDialogProps) {
  const { text, searched, found, beyond, markedKey, type, mark, close } = useStore(store)
  // The words of a hit tell its day: made again at midnight, and not every second.
  const today = new Date(useNow()).setHours(0, 0, 0, 0)
  const listId = useId()
  const own = useMemo(() => shownHits(found.hits, disclosure, today), [found, disclosure, today])
  const further = useMemo(() => furtherHits(beyond, found.hits), [beyond, found])
  const council = useMemo(() => shownHits(further, disclosure, today), [further, disclosure, today])
  const all = [...own.shown, ...council.shown]
  const marked = all.find(({ hit }) => keyOf(hit) === markedKey) ?? all[0]
  const markedAt = marked === undefined ? -1 : all.indexOf(marked)
  const optionId = ({ hit }: ShownHit) => `${listId}-${keyOf(hit)}`

  const take = useCallback(
    ({ hit: { caseId, residentId }, opens }: ShownHit) => {
      if (opens && caseId !== null) onCase(caseId)
      else if (residentId !== null) onResident(residentId)
      else return
      close()
    },
    [onCase, onResident, close],
  )
  const go = (to: number) => {
    const next = all[Math.max(0, Math.min(all.length - 1, to))]
    if (next !== undefined) mark(keyOf(next.hit))
  }
  const options = (shown: readonly ShownHit[]) =>
    shown.map((each) => (
      <Option
        key={keyOf(each.hit)}
        id={optionId(each)}
        shown={each}
        marked={each === marked}
        action={each.opens ? 'Open the case' : residentAction}
        onTake={take}
      />
    ))

  return (
    <>
      <Field label="Name, number, postcode, address, reference, or words of a case or note">
        {(control) => (
          <input
            {...control}
            // biome-ignore lint/a11y/noAutofocus: the dialog is this box
            autoFocus
            autoComplete="off"
            spellCheck={false}
            role="combobox"
            aria-expanded={all.length > 0}
            aria-controls={listId}
            aria-autocomplete="list"
            aria-activedescendant={marked === undefined ? undefined : optionId(marked)}
            value={text}
            onChange={(event) => type(event.target.value)}
            onKeyDown={(event) => {
              const step = steps[event.key]
              if (event.nativeEvent.isComposing) return
              if (step !== undefined) go(markedAt + step)
              else if (event.key !== 'Enter') return
              else if (marked !== undefined) take(marked)
              event.preventDefault()
            }}
          />
        )}
      </Field>
      <p className="small quiet" role="status">
        {countWords(searched, own.shown.length, own.closed, found.total - found.hits.length)}
      </p>
      <div id={listId} role="listbox" aria-label="Found" className="found">
        {own.shown.length === 0 ? null : (
          // biome-ignore lint/a11y/useSemanticElements: a fieldset is no part of a listbox
          <div role="group" aria-label="On this desk">
            {options(own.shown)}
          </div>
        )}
        {council.shown.length === 0 ? null : (
          // biome-ignore lint/a11y/useSemanticElements: a fieldset is no part of a listbox
          <div role="group" aria-labelledby={`${listId}-council`}>
            <p id={`${listId}-council`} className="found__from small">
              From the council, not on this desk
            </p>
            {options(council.shown)}
          </div>
        )}
      </div>
      <p className="small quiet" role="status">
        {beyondWords(beyond, further, council.closed)}
      </p>
      <p className="small">
        Nobody of these?{' '}
        <button type="button" className="link" onClick={() => onNewResident(text)}>
          Make a new resident
        </button>
      </p>
    </>
  )
}

const steps: Readonly<Record<string, number>> = { ArrowDown: 1, ArrowUp: -1, PageDown: 8, PageUp: -8 }

interface OptionProps {
  readonly id: string
  readonly shown: ShownHit
  readonly marked: boolean
  readonly action: string
  readonly onTake: (shown: ShownHit) => void
}

/** Stays as it is while other letters are typed, or the choice goes elsewhere. */
const Option = memo(function Option({ id, shown, marked, action, onTake }: OptionProps) {
  const { hit, title, marks, detail, why } = shown
  return (
    // The arrow keys move the choice from the box above, so an option itself takes no focus.
    // biome-ignore lint/a11y/useFocusableInteractive: aria-activedescendant
    // biome-ignore lint/a11y/useKeyWithClickEvents: the box above has the keys
    <div
      id={id}
      role="option"
      aria-selected={marked}
      className={marked ? 'found__option found__option--marked' : 'found__option'}
      onMouseDown={(event) => event.preventDefault()}
      onClick={() => onTake(shown)}
      ref={(element) => {
        if (marked) element?.scrollIntoView({ block: 'nearest' })
      }}
    >
      <span className="found__words">
        <strong>
          {pieces(title, marks).map(({ text, marked: isMarked }, index) =>
            isMarked ? (
              // biome-ignore lint/suspicious/noArrayIndexKey: pieces have no other name and never move
              <mark key={index}>{text}</mark>
            ) : (
              text
            ),
          )}
        </strong>
        <span className="small">{detail}</span>
      </span>
      <span className="small quiet found__why">
        {hit.kind === 'case' ? 'Case' : 'Resident'} · {why}
        {marked ? <span className="found__action"> · Enter: {action}</span> : null}
      </span>
    </div>
  )
})

const none: readonly FindHit[] = []

/** What the council answered with and this desk did not find itself. */
function furtherHits(beyond: Beyond, own: readonly FindHit[]): readonly FindHit[] {
  if (beyond.name !== 'answered') return none
  const known = new Set(own.map(keyOf))
  return beyond.hits.filter((hit) => !known.has(keyOf(hit)))
}

function countWords(searched: string, shown: number, closed: number, more: number): string {
  if (searched.length < 2) return 'Type at least two letters or digits. The arrows go through what is found.'
  const counted =
    shown === 0
      ? 'Nothing found in this desk’s records.'
      : shown === 1
        ? '1 found in this desk’s records.'
        : `${shown} found in this desk’s records.`
  const beyondCap = more > 0 ? ` ${more.toLocaleString('en-GB')} more: type more words.` : ''
  return `${counted}${beyondCap}${closedWords(closed)}`
}

const closedWords = (closed: number): string =>
  closed === 0
    ? ''
    : closed === 1
      ? ' 1 case opens after the identity check.'
      : ` ${closed} cases open after the identity check.`

function beyondWords(beyond: Beyond, further: readonly FindHit[], closed: number): string {
  switch (beyond.name) {
    case 'not-asked':
      return ''
    case 'asking':
      return 'Asking the council for more…'
    case 'failed':
      return `The council’s other records were not searched. ${errorWords(beyond.error)}`
    case 'answered':
      return further.length === 0
        ? 'The council has nothing more.'
        : `${further.length} more from the council.${closedWords(closed)}`
  }
}
