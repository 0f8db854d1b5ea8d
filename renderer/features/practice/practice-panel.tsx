import { useState } from 'react'
import { Button } from '#renderer/ui/button.tsx'
import { errorWords } from '#renderer/ui/error-words.ts'
import { Field } from '#renderer/ui/field.tsx'
import { MenuButton } from '#renderer/ui/menu.tsx'
import { Notice } from '#renderer/ui/notice.tsx'
import type { PracticeStatus } from '#shared/contract/ipc.ts'
import type { CallStatus } from '#shared/contract/rest.ts'
import type { AppError } from '#shared/kernel/app-error.ts'
import type { Result } from '#shared/kernel/result.ts'
import './practice.css'

export interface PracticeGateway {
  call(scenarioId: string | undefined): Promise<Result<unknown>>
  setNetworkCut(cut: boolean): Promise<Result<unknown>>
  /** In the calls that are on record. */
  supervise(supervisor: CallStatus['supervisor']): Promise<Result<unknown>>
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

const supervisorEntries: readonly { readonly id: CallStatus['supervisor']; readonly label: string }[] = [
  { id: 'listening', label: 'A supervisor listens' },
  { id: 'advising', label: 'The supervisor speaks to you' },
  { id: 'speaking', label: 'The supervisor speaks to everybody' },
  { id: 'none', label: 'The supervisor leaves' },
]

export interface PracticeMenuProps {
  readonly gateway: PracticeGateway
  /** There is a call for a supervisor to join. */
  readonly onRecord: boolean
}

/** The trainer's controls that are at hand at any time: another call, and a supervisor in the call that goes on. */
export function PracticeMenu({ gateway, onRecord }: PracticeMenuProps) {
  const choose = (id: string) => {
    const supervisor = supervisorEntries.find((entry) => entry.id === id)?.id
    void (supervisor === undefined ? gateway.call(undefined) : gateway.supervise(supervisor))
  }
  return (
    <MenuButton
      label="Practice: resident or supervisor"
      className="button practice-mark"
      groups={[
        { heading: 'Practice', entries: [{ id: 'call', label: 'Let a resident call' }] },
        {
          heading: 'In this call',
          entries: supervisorEntries.map((entry) => ({ ...entry, disabled: !onRecord })),
        },
      ]}
      onChoose={choose}
    >
      <span>Practice</span>
      <span aria-hidden="true">▾</span>
    </MenuButton>
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
