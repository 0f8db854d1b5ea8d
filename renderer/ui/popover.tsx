import type { ReactNode } from 'react'
import { Button, Dialog, DialogTrigger, Popover } from 'react-aria-components'

export interface PopoverButtonProps {
  readonly label: string
  readonly className?: string
  readonly children: ReactNode
  /** What the popover shows; its title is `label`. */
  readonly content: ReactNode
}

/** A button that opens a small panel beside it; Escape and a click elsewhere close it. */
export function PopoverButton({ label, className = 'button', children, content }: PopoverButtonProps) {
  return (
    <DialogTrigger>
      <Button className={className} aria-label={label}>
        {children}
      </Button>
      <Popover placement="bottom start" offset={4}>
        <Dialog className="popover" aria-label={label}>
          {content}
        </Dialog>
      </Popover>
    </DialogTrigger>
  )
}
