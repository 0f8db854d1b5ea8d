import { useState } from 'react'
import { Button } from '#renderer/ui/button.tsx'
import { errorWords } from '#renderer/ui/error-words.ts'
import { Field } from '#renderer/ui/field.tsx'
import { Notice } from '#renderer/ui/notice.tsx'
import type { PracticeStatus } from '#shared/contract/ipc.ts'
import type { AppError } from '#shared/kernel/app-error.ts'
import type { Result } from '#shared/kernel/result.ts'
import './practice.css'

export interface PracticeGateway {
  call(scenarioId: string | undefined): Promise<Result<unknown>>
  setNetworkCut(cut: boolean): Promise<Result<unknown>>
}

export interface PracticePanelProps {
  readonly status: Extract<PracticeStatus, { name: 'running' }>
  readonly gateway: PracticeGateway
  /** Callers wait in the queue until the adviser is Ready. */
  readonly ready: boolean
}

/** The trainer's controls: let a simulated resident call. */
export function PracticePanel({ status, gateway, ready }: PracticePanelProps) {
  const [scenario, setScenario] = useState('')
  const [waiting, setWaiting] = useState(false)
  const [error, setError] = useState<AppError | null>(null)

  const run = async (work: Promise<Result<unknown>>) => {
    setWaiting(true)
    const result = await work
    setError(result.ok ? null : result.error)
    setWaiting(false)
  }

  return (
    <section className="practice" aria-labelledby="practice-heading">
      <h2 id="practice-heading">Practice</h2>
      {error === null ? null : <Notice look="danger" title={errorWords(error)} alert />}
      <div className="practice__call">
        <Field label="Resident’s story">
          {(control) => (
            <select {...control} value={scenario} onChange={(event) => setScenario(event.target.value)}>
              <option value="">The next one in turn</option>
              {status.scenarios.map((each) => (
                <option key={each.id} value={each.id}>
                  {each.title}
                </option>
              ))}
            </select>
          )}
        </Field>
        <Button
          look="primary"
          disabled={waiting}
          onClick={() => void run(gateway.call(scenario === '' ? undefined : scenario))}
        >
          Let a resident call
        </Button>
      </div>
      {ready ? null : <p className="small quiet">The caller waits in the queue until you are Ready.</p>}
    </section>
  )
}

/** Cuts every connection of the practice council and switchboard, so that an outage can be practised. */
export function NetworkSwitch(props: { readonly cut: boolean; readonly onChange: (cut: boolean) => void }) {
  return (
    <Button pressed={props.cut} onClick={() => props.onChange(!props.cut)}>
      {props.cut ? 'Restore the network' : 'Cut the network'}
    </Button>
  )
}
