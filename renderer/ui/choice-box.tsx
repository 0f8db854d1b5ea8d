import { type KeyboardEvent, type MouseEvent, type ReactNode, useId } from 'react'
import { Field } from './field.tsx'

export interface ChoiceBoxProps<T> {
  readonly label: string
  readonly hint?: string | undefined
  /** What the list is called to those who hear it. */
  readonly listLabel: string
  readonly text: string
  readonly options: readonly T[]
  /** Place of the marked option; past the end it is the last. */
  readonly marked: number
  readonly idOf: (option: T) => string
  readonly onText: (text: string) => void
  readonly onMark: (index: number) => void
  /** Keys other than the arrows, with the marked option. Answers whether the key did something. */
  readonly onKey: (event: KeyboardEvent, option: T | undefined) => boolean
  readonly onClick: (option: T, index: number) => void
  /** What an option shows. */
  readonly show: (option: T) => ReactNode
  /** Between the box and the list. */
  readonly between?: ReactNode
  /** After the list, in one frame with it. */
  readonly beside?: ReactNode
  readonly listClass?: string
  readonly frameClass?: string
}

/** The one that Enter would take. */
export const markedOption = <T,>(options: readonly T[], marked: number): T | undefined =>
  options[Math.min(marked, options.length - 1)]

/** A box to type in and the list of what fits; the arrow keys of the box choose from the list, which takes no focus. */
export function ChoiceBox<T>(props: ChoiceBoxProps<T>) {
  const { options, marked, idOf, onMark } = props
  const listId = useId()
  const current = markedOption(options, marked)
  const optionId = (option: T) => `${listId}-${idOf(option)}`

  const onKeyDown = (event: KeyboardEvent) => {
    const last = options.length - 1
    if (event.key === 'ArrowDown') onMark(Math.min(marked + 1, last))
    else if (event.key === 'ArrowUp') onMark(Math.max(Math.min(marked, last) - 1, 0))
    else if (!props.onKey(event, current)) return
    event.preventDefault()
    event.stopPropagation()
  }

  const list = (
    <div
      id={listId}
      className={props.listClass === undefined ? 'choices' : `choices ${props.listClass}`}
      role="listbox"
      aria-label={props.listLabel}
    >
      {options.map((option, index) => (
        // biome-ignore lint/a11y/useFocusableInteractive: aria-activedescendant
        // biome-ignore lint/a11y/useKeyWithClickEvents: the box above has the keys
        <div
          key={idOf(option)}
          id={optionId(option)}
          role="option"
          aria-selected={option === current}
          className={option === current ? 'choices__option choices__option--marked' : 'choices__option'}
          onMouseDown={keepFocus}
          onClick={() => props.onClick(option, index)}
          ref={(element) => {
            if (option === current) element?.scrollIntoView({ block: 'nearest' })
          }}
        >
          {props.show(option)}
        </div>
      ))}
    </div>
  )

  return (
    <>
      <Field label={props.label} hint={props.hint}>
        {(control) => (
          <input
            {...control}
            // biome-ignore lint/a11y/noAutofocus: the dialog is this box
            autoFocus
            autoComplete="off"
            role="combobox"
            aria-expanded
            aria-controls={listId}
            aria-activedescendant={current === undefined ? undefined : optionId(current)}
            value={props.text}
            onKeyDown={onKeyDown}
            onChange={(event) => props.onText(event.target.value)}
          />
        )}
      </Field>
      {props.between}
      {props.frameClass === undefined ? (
        list
      ) : (
        <div className={props.frameClass}>
          {list}
          {props.beside}
        </div>
      )}
    </>
  )
}

/** The focus stays in the box, so that Enter goes on working after a click on an option. */
const keepFocus = (event: MouseEvent) => event.preventDefault()
