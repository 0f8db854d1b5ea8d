import type { ComponentProps, ReactNode } from 'react'
import { Kbd } from './kbd.tsx'

export interface ButtonProps extends Omit<ComponentProps<'button'>, 'type'> {
  readonly look?: 'normal' | 'primary' | 'danger' | 'plain'
  /** For switches such as Mute: says so to a screen reader and shows it. */
  readonly pressed?: boolean
  /** The key that does the same, shown on the button and told to a screen reader. */
  readonly shortcut?: string
  /** The key does nothing just now: it is not shown, and keeps its place. */
  readonly shortcutRests?: boolean
  readonly submit?: boolean
  readonly children: ReactNode
}

/** A button that says what happens. */
export function Button({
  look = 'normal',
  pressed,
  shortcut,
  shortcutRests = false,
  submit,
  children,
  className,
  ...rest
}: ButtonProps) {
  const classes = [
    'button',
    look === 'normal' ? '' : `button--${look}`,
    pressed ? 'button--pressed' : '',
    className ?? '',
  ]
  return (
    <button
      {...rest}
      type={submit ? 'submit' : 'button'}
      className={classes.filter(Boolean).join(' ')}
      aria-pressed={pressed}
      aria-keyshortcuts={
        shortcutRests ? undefined : shortcut?.replaceAll('Ctrl', 'Control').replaceAll(' ', '+')
      }
    >
      <span>{children}</span>
      {shortcut === undefined ? null : <Kbd keys={shortcut} resting={shortcutRests} />}
    </button>
  )
}
