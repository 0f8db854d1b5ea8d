import { type KeyboardEvent, memo, useCallback, useEffect, useId, useMemo, useState } from 'react'
import { useStore } from 'zustand'
import { Dialog } from '#renderer/ui/dialog.tsx'
import { errorWords } from '#renderer/ui/error-words.ts'
import { useToday } from '#renderer/ui/time.ts'
import type { FindHit } from '#shared/contract/records.ts'
import { type Beyond, type FindStore, keyOf } from './find-store.ts'
import { type Disclosure, type ShownHit, shownHits } from './find-words.ts'
import { FoundOption } from './found-option.tsx'
import { SearchBox } from './search-box.tsx'

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

/**
 * One box over residents, cases and notes; what the council has beyond this desk comes below. It is not drawn with every
 * second of the desk around it.
 */
export const FindDialog = memo(function FindDialog(props: FindDialogProps) {
  const shown = useStore(props.store, (state) => state.shown)
  const { close } = props.store.getState()
  return (
    <Dialog title="Find anything" wide open={shown} onClose={close}>
      {shown ? <Finding {...props} /> : null}
    </Dialog>
  )
})

function Finding({ store, disclosure, residentAction, onResident, onCase, onNewResident }: FindDialogProps) {
  // Not the text: a key is echoed at once, and the list drawn when it has been answered.
  const found = useStore(store, (state) => state.found)
  const searched = useStore(store, (state) => state.searched)
  const beyond = useStore(store, (state) => state.beyond)
  const markedKey = useStore(store, (state) => state.markedKey)
  const { mark, close } = store.getState()
  const today = useToday()
  const listId = useId()
  const own = useMemo(() => shownHits(found.hits, disclosure, today), [found, disclosure, today])
  const further = useMemo(() => furtherHits(beyond, found.hits), [beyond, found])
  const council = useMemo(() => shownHits(further, disclosure, today), [further, disclosure, today])
  const all = [...own.shown, ...council.shown]
  const inSight = useInSight(found, markedKey === null)
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
  const onKeyDown = (event: KeyboardEvent) => {
    const step = steps[event.key]
    if (event.nativeEvent.isComposing) return
    if (step !== undefined) go(markedAt + step)
    else if (event.key !== 'Enter') return
    else if (marked !== undefined) take(marked)
    event.preventDefault()
  }
  const options = (shown: readonly ShownHit[]) =>
    shown.map((each) => (
      <FoundOption
        key={keyOf(each.hit)}
        id={optionId(each)}
        shown={each}
        marked={each === marked}
        follow={markedKey !== null}
        action={each.opens ? 'Open the case' : residentAction}
        onTake={take}
      />
    ))

  return (
    <>
      <SearchBox
        store={store}
        listId={listId}
        expanded={all.length > 0}
        {...(marked === undefined ? {} : { activeId: optionId(marked) })}
        onKeyDown={onKeyDown}
      />
      <p className="small quiet" role="status">
        {countWords(searched, own.shown.length, own.closed, found.total - found.hits.length)}
      </p>
      <div id={listId} role="listbox" aria-label="Found" className="found">
        {own.shown.length === 0 ? null : (
          // biome-ignore lint/a11y/useSemanticElements: a fieldset is no part of a listbox
          <div role="group" aria-label="On this desk">
            {options(own.shown.slice(0, inSight))}
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
        <button type="button" className="link" onClick={() => onNewResident(store.getState().text)}>
          Make a new resident
        </button>
      </p>
    </>
  )
}

/** Lines that fit into the list, and a few more. */
const linesInSight = 10
/** By then the lines in sight have been drawn, or the next key has come. */
const beforeTheRestMs = 250

/** How many lines to draw: those in sight at once, the rest when nothing is typed, or as soon as somebody goes there. */
function useInSight(found: unknown, atOnce: boolean): number {
  const [whole, setWhole] = useState<unknown>(null)
  useEffect(() => {
    const timer = setTimeout(() => setWhole(found), beforeTheRestMs)
    return () => clearTimeout(timer)
  }, [found])
  return atOnce && whole !== found ? linesInSight : Number.POSITIVE_INFINITY
}

const steps: Readonly<Record<string, number>> = { ArrowDown: 1, ArrowUp: -1, PageDown: 8, PageUp: -8 }

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
