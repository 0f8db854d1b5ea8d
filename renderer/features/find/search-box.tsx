import type { KeyboardEvent } from 'react'
import { useStore } from 'zustand'
import { Field } from '#renderer/ui/field.tsx'
import type { FindStore } from './find-store.ts'

export interface SearchBoxProps {
  readonly store: FindStore
  readonly listId: string
  readonly expanded: boolean
  /** Of the option that Enter takes. */
  readonly activeId?: string
  readonly onKeyDown: (event: KeyboardEvent) => void
}

/** What is typed; the arrow keys move the choice in the list below, which takes no focus. */
export function SearchBox({ store, listId, expanded, activeId, onKeyDown }: SearchBoxProps) {
  const text = useStore(store, (state) => state.text)
  const { type } = store.getState()
  return (
    <Field label="Name, number, postcode, address, reference, or words of a case or note">
      {(control) => (
        <input
          {...control}
          // biome-ignore lint/a11y/noAutofocus: the dialog is this box
          autoFocus
          autoComplete="off"
          spellCheck={false}
          role="combobox"
          aria-expanded={expanded}
          aria-controls={listId}
          aria-autocomplete="list"
          aria-activedescendant={activeId}
          value={text}
          onChange={(event) => type(event.target.value)}
          onKeyDown={onKeyDown}
        />
      )}
    </Field>
  )
}
