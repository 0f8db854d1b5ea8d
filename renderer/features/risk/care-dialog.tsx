import { useStore } from 'zustand'
import { Button } from '#renderer/ui/button.tsx'
import { Dialog } from '#renderer/ui/dialog.tsx'
import type { RiskStore } from './risk-store.ts'

export interface CareDialogProps {
  readonly store: RiskStore
  /** A reason for Not ready that means a pause, as the council calls it; null when there is none. */
  readonly pause: { readonly label: string; readonly onTake: () => void } | null
  /** Opens the directory, to ring a supervisor. */
  readonly onCallSupervisor: () => void
  /** What the council offers its staff, and how to reach it; null when the desk was not told. */
  readonly support: string | null
}

/** After a hard call: what may help. Nothing has to be chosen. */
export function CareDialog({ store, pause, onCallSupervisor, support }: CareDialogProps) {
  const { shown, hide } = useStore(store)
  return (
    <Dialog title="That was a hard call" open={shown === 'care'} onClose={hide}>
      <p>
        The record is kept. Take the time you need before the next call. Any of these is all right, and so is
        none.
      </p>
      <div className="risk__care">
        {pause === null ? null : (
          <Button
            onClick={() => {
              pause.onTake()
              hide()
            }}
          >
            Take a pause now ({pause.label})
          </Button>
        )}
        <Button
          onClick={() => {
            hide()
            onCallSupervisor()
          }}
        >
          Talk to a supervisor
        </Button>
      </div>
      <p>
        <strong>Support for you: </strong>
        {support ?? 'your supervisor can tell you what your council offers its staff, also days later.'}
      </p>
      <div className="dialog__actions">
        <Button look="primary" onClick={hide}>
          Back to my work
        </Button>
      </div>
    </Dialog>
  )
}
