import { useStore } from 'zustand'
import { Button } from '#renderer/ui/button.tsx'
import { Dialog } from '#renderer/ui/dialog.tsx'
import type { RiskStore } from './risk-store.ts'

export interface CareDialogProps {
  readonly store: RiskStore
  /** A reason for Not ready that means a pause, as the council calls it; null when there is none. */
  readonly pause: { readonly label: string; readonly onTake: () => void } | null
  /** The telephone is still in use. */
  readonly onCall: boolean
  /** Opens the directory, to ring a supervisor. */
  readonly onCallSupervisor: () => void
  /** What the council offers its staff, and how to reach it; null when the desk was not told. */
  readonly support: string | null
}

/** After a hard call: what may help. Nothing has to be chosen. */
export function CareDialog({ store, pause, onCall, onCallSupervisor, support }: CareDialogProps) {
  const { shown, hide } = useStore(store)
  return (
    <Dialog title="That was a hard call" open={shown === 'care'} onClose={hide}>
      <p>
        The record is closed and kept. Take the time you need before the next call: any of these is all right,
        and so is none.
        {onCall ? ' Your call is still up, and goes on.' : ''}
      </p>
      <ul className="risk__care">
        {pause === null ? null : (
          <li>
            <div>
              <strong>Take a pause</strong>
              <p className="small quiet">
                {onCall ? 'Once this call is over, no' : 'No'} call comes to you until you are Ready again.
                Shown to others as {pause.label}.
              </p>
            </div>
            <Button
              onClick={() => {
                pause.onTake()
                hide()
              }}
            >
              {onCall ? 'Pause after this call' : 'Pause now'}
            </Button>
          </li>
        )}
        <li>
          <div>
            <strong>Talk to a supervisor</strong>
            <p className="small quiet">About the call, or about how you are.</p>
          </div>
          <Button
            onClick={() => {
              hide()
              onCallSupervisor()
            }}
          >
            Ring a supervisor…
          </Button>
        </li>
        <li>
          <div>
            <strong>Support for you</strong>
            <p>
              {support ?? 'Your supervisor can tell you what your council offers its staff, also days later.'}
            </p>
          </div>
        </li>
      </ul>
      <div className="dialog__actions">
        <Button look="primary" onClick={hide}>
          Back to my work
        </Button>
      </div>
    </Dialog>
  )
}
