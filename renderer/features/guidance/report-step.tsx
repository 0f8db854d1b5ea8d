import { useEffect, useRef, useState } from 'react'
import { Button } from '#renderer/ui/button.tsx'
import { Field } from '#renderer/ui/field.tsx'
import type { StepReporting } from './step-support.ts'

export interface ReportStepProps {
  readonly stepId: string
  readonly reporting: StepReporting
  readonly text: string
  readonly onType: (text: string) => void
}

const longest = 2000

/** "This step is wrong or unclear": a comment for the script's owner, which goes out when it can. */
export function ReportStep({ stepId, reporting, text, onType }: ReportStepProps) {
  const [open, setOpen] = useState(false)
  const box = useRef<HTMLTextAreaElement>(null)
  const opener = useRef<HTMLDivElement>(null)
  useEffect(() => {
    if (open) box.current?.focus()
  }, [open])

  const close = () => {
    setOpen(false)
    opener.current?.closest<HTMLElement>('.step')?.focus()
  }
  const send = async () => {
    if (text.trim() !== '' && (await reporting.onSend(stepId, text))) close()
  }
  const said = reporting.last?.stepId === stepId ? reporting.last : null

  return (
    <div ref={opener} className="report">
      {open ? (
        <>
          <Field
            label="What is wrong or unclear?"
            hint={`Goes to ${reporting.owner}. No names or addresses.`}
          >
            {(control) => (
              <textarea
                {...control}
                ref={box}
                rows={2}
                maxLength={longest}
                value={text}
                onChange={(event) => onType(event.target.value)}
                onKeyDown={(event) => {
                  event.stopPropagation()
                  if (event.key === 'Escape') close()
                  else if (event.key === 'Enter' && event.ctrlKey) {
                    event.preventDefault()
                    void send()
                  }
                }}
              />
            )}
          </Field>
          <div className="step__buttons">
            <Button shortcut="Ctrl Enter" disabled={text.trim() === ''} onClick={() => void send()}>
              Send
            </Button>
            <Button look="plain" onClick={close}>
              Not now
            </Button>
          </div>
        </>
      ) : (
        <Button
          look="plain"
          className="report__open"
          data-report-step=""
          shortcut="Alt R"
          onClick={() => setOpen(true)}
        >
          This step is wrong or unclear
        </Button>
      )}
      <p className={said?.failed === true ? 'small words--danger' : 'small quiet'} role="status">
        {said?.text ?? ''}
      </p>
    </div>
  )
}
