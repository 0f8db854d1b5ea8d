import { useEffect, useRef } from 'react'
import { Button } from '#renderer/ui/button.tsx'
import { Kbd } from '#renderer/ui/kbd.tsx'
import type { RunView } from '#shared/guidance/view.ts'

interface FinishedNoteProps {
  readonly view: RunView
  /** Somebody is still on the telephone. */
  readonly onCall: boolean
  readonly onBack: () => void
}

/** After the last step: what was promised, and what is left to do. */
export function FinishedNote({ view, onCall, onBack }: FinishedNoteProps) {
  const section = useRef<HTMLElement>(null)
  useEffect(() => section.current?.focus(), [])
  return (
    <section ref={section} className="step" tabIndex={-1} aria-label="Script finished">
      <h3 className="step__title">{view.outcome?.title ?? 'The script is finished'}</h3>
      {view.outcome === null || view.outcome.promises.length === 0 ? null : (
        <>
          <p>Promised to the caller:</p>
          <ul className="step__promises">
            {view.outcome.promises.map((promise) => (
              <li key={promise}>{promise}</li>
            ))}
          </ul>
        </>
      )}
      <p className="quiet">
        Save the work <Kbd keys="Ctrl S" />
        {onCall ? (
          <>
            , say goodbye and end the call <Kbd keys="F2" />
          </>
        ) : null}
        , then finish the contact <Kbd keys="F9" />.
      </p>
      <div>
        <Button look="plain" onClick={onBack}>
          Back into the script
        </Button>
      </div>
    </section>
  )
}
