import type { ReactNode } from 'react'

export interface NoticeProps {
  readonly look?: 'plain' | 'good' | 'attention' | 'danger'
  readonly title: string
  readonly children?: ReactNode
  readonly actions?: ReactNode
  /** Read out at once by screen readers. */
  readonly alert?: boolean
}

/** A message with what to do about it. The title says in words what the colour says. */
export function Notice({ look = 'plain', title, children, actions, alert }: NoticeProps) {
  return (
    <div
      className={look === 'plain' ? 'notice' : `notice notice--${look}`}
      role={alert ? 'alert' : undefined}
    >
      <p className="notice__title">{title}</p>
      {children}
      {actions === undefined ? null : <div className="notice__actions">{actions}</div>}
    </div>
  )
}
