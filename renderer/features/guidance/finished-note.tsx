import { useEffect, useRef } from 'react'
import { Button } from '#renderer/ui/button.tsx'
import type { RunView } from '#shared/guidance/view.ts'

/** After the last step: what was promised, and what is left to do. */
export function FinishedNote({ view, onBack }: { readonly view: RunView; readonly onBack: () => void }) {
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
        Save the work, end the call when you have said goodbye, then finish the wrap-up.
      </p>
      <div>
        <Button look="plain" onClick={onBack}>
          Back into the script
        </Button>
      </div>
    </section>
  )
}
