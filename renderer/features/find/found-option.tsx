import { memo } from 'react'
import { pieces, type ShownHit } from './find-words.ts'

interface OptionProps {
  readonly id: string
  readonly shown: ShownHit
  readonly marked: boolean
  /** It was gone to by the arrows and must be in sight. */
  readonly follow: boolean
  readonly action: string
  readonly onTake: (shown: ShownHit) => void
}

/** Stays as it is while other letters are typed, or the choice goes elsewhere. */
export const FoundOption = memo(function FoundOption({
  id,
  shown,
  marked,
  follow,
  action,
  onTake,
}: OptionProps) {
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
        if (marked && follow) element?.scrollIntoView({ block: 'nearest' })
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
