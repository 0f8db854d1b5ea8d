import { useEffect, useState } from 'react'
import { useStore } from 'zustand'
import { CareDialog, RiskPane, SupervisorAlerts } from '#renderer/features/risk/index.ts'
import { Button } from '#renderer/ui/button.tsx'
import { Notice } from '#renderer/ui/notice.tsx'
import { timeOfDay } from '#renderer/ui/time.ts'
import { isLive } from '#shared/calls/line.ts'
import type { PhoneCommand } from '#shared/contract/phone.ts'
import type { AppError } from '#shared/kernel/app-error.ts'
import type { Desk } from './compose.ts'
import { paneCalls } from './risk-calls.ts'
import { knownPerson, personOfRecord } from './risk-ports.ts'

/** The pane for a risk to life, over whatever is open; one key, from anywhere. */
export function RiskToLife({ desk }: { readonly desk: Desk }) {
  const { snapshot, execute } = useStore(desk.calls)
  const { me, report } = useStore(desk.records)
  const { contactId } = useStore(desk.risk)
  const { draft, resident, number } = useStore(desk.contact)
  const [callError, setCallError] = useState<AppError | null>(null)
  useRiskKey(desk)

  const calls = paneCalls(snapshot?.lines ?? [], contactId)
  const atRisk = personOfRecord({ draft, resident, number }, contactId)
  const { number: theirNumber } = atRisk
  const pause = me?.notReadyReasons.find(({ code }) => code === 'break')

  const run = async (command: PhoneCommand) => {
    const done = await execute(command)
    setCallError(done ? null : desk.calls.getState().error)
    return done
  }
  const dial = () => {
    const kept = calls.resident?.state === 'up' ? [calls.resident.lineId] : []
    const { write, tell } = desk.risk.getState()
    void run({ name: 'dial', target: { kind: 'emergency', number: '999' }, beside: kept }).then((done) => {
      if (!done) void write('999 could not be called from this desk')
    })
    void write('Calling 999')
    void tell()
  }

  return (
    <>
      <RiskPane
        store={desk.risk}
        calls={calls}
        known={knownPerson(atRisk)}
        council={me?.council.name ?? 'the council'}
        adviser={me?.adviser.name ?? ''}
        sync={report?.state ?? null}
        callError={callError}
        phoneDown={snapshot !== null && snapshot.registration.name !== 'registered'}
        onDial={dial}
        telephone={{
          hangUp: (lineId) => void run({ name: 'hangUp', lineId }),
          setMuted: (lineId, muted) => void run({ name: 'setMuted', lineId, muted }),
          hold: (lineId) => void run({ name: 'hold', lineId }),
          resume: (lineId) => void run({ name: 'resume', lineId }),
          join: (lineIds) => void run({ name: 'merge', lineIds: [...lineIds] }),
          callBack:
            theirNumber === null
              ? null
              : () => void run({ name: 'dial', target: { kind: 'number', number: theirNumber } }),
        }}
      />
      <CareDialog
        store={desk.risk}
        pause={
          pause === undefined
            ? null
            : {
                label: pause.label,
                onTake: () =>
                  void execute({
                    name: 'requestAgentState',
                    request: { name: 'not-ready', reason: pause.code },
                  }),
              }
        }
        onCall={snapshot?.lines.some(isLive) ?? false}
        onCallSupervisor={() => desk.telephone.getState().open({ name: 'dial', text: 'supervisor' })}
        support={me?.council.facts.staffSupport?.text ?? null}
      />
    </>
  )
}

/** The pane itself has the key while it is open: words in it may be half written. */
function useRiskKey(desk: Desk): void {
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent) => {
      const plain = !event.ctrlKey && !event.altKey && !event.shiftKey && !event.metaKey
      if (event.key !== 'F12' || !plain || desk.risk.getState().shown === 'pane') return
      event.preventDefault()
      event.stopPropagation()
      desk.risk.getState().toggle()
    }
    // Before anything else, so that no dialog in between can keep the key to itself.
    window.addEventListener('keydown', onKeyDown, true)
    return () => window.removeEventListener('keydown', onKeyDown, true)
  }, [desk])
}

/** While a record is open and the pane is not. */
export function RiskNotice({ desk }: { readonly desk: Desk }) {
  const { record, shown, contactId, toggle } = useStore(desk.risk)
  const { snapshot } = useStore(desk.calls)
  if (record === null || record.endedAt !== null || shown === 'pane') return null
  const { emergency } = paneCalls(snapshot?.lines ?? [], contactId)
  const operator = emergency !== null && emergency.state !== 'ended'
  return (
    <Notice
      look="danger"
      title={`Risk to life: the record begun at ${timeOfDay(record.begunAt)} is open.${operator ? ' 999 is on the line.' : ''}`}
      actions={
        <Button shortcut="F12" onClick={toggle}>
          Go to it
        </Button>
      }
    />
  )
}

/** What other advisers told this supervisor of. Not there under the lock, so that it is read out once it opens. */
export function AlertsHere({ desk }: { readonly desk: Desk }) {
  const { session } = useStore(desk.session)
  const { me } = useStore(desk.records)
  if (me === null || session?.name !== 'signed-in' || session.locked !== undefined) return null
  return (
    <SupervisorAlerts
      store={desk.alerts}
      myName={me.adviser.name}
      onRing={(name) => desk.telephone.getState().open({ name: 'dial', text: name })}
    />
  )
}
