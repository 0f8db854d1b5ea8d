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
        <AriaDialog className="dialog__content">
          <Heading slot="title" level={1}>
            {title}
          </Heading>
          {children}
        </AriaDialog>
      </Modal>
    </ModalOverlay>
  )
}
