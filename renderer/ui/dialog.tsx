import type { ReactNode } from 'react'
import { Dialog as AriaDialog, Heading, Modal, ModalOverlay } from 'react-aria-components'

export interface DialogProps {
  readonly title: string
  readonly open: boolean
  readonly onClose: () => void
  /** For lists and forms in two columns. */
  readonly wide?: boolean
  readonly children: ReactNode
}

/** A dialog that keeps the focus and gives it back; Escape closes it. */
export function Dialog({ title, open, onClose, wide, children }: DialogProps) {
  return (
    <ModalOverlay
      className="dialog__backdrop"
      isOpen={open}
      isDismissable
      onOpenChange={(isOpen) => {
        if (!isOpen) onClose()
      }}
    >
      <Modal className={wide ? 'dialog dialog--wide' : 'dialog'}>
        <AriaDialog className="dialog__content" ref={keepFocusIn}>
          <Heading slot="title" level={1}>
            {title}
          </Heading>
          {children}
        </AriaDialog>
      </Modal>
    </ModalOverlay>
  )
}

/**
 * A control that had the focus and is gone, as a form that was sent, leaves the focus on the page behind, where neither
 * Escape nor Tab does what is expected of them. The dialog takes it.
 */
function keepFocusIn(dialog: HTMLElement | null): (() => void) | undefined {
  if (dialog === null) return undefined
  const observer = new MutationObserver(() => {
    if (document.activeElement === document.body) dialog.focus()
  })
  observer.observe(dialog, { childList: true, subtree: true })
  return () => observer.disconnect()
}
