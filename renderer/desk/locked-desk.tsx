import { useStore } from 'zustand'
import { isWaiting } from '#renderer/features/risk/index.ts'
import { LockScreen } from '#renderer/features/session/index.ts'
import { Button } from '#renderer/ui/button.tsx'
import { Notice } from '#renderer/ui/notice.tsx'
import { duration, useNow } from '#renderer/ui/time.ts'
import { isLive } from '#shared/calls/line.ts'
import type { Line } from '#shared/contract/phone.ts'
import type { Desk } from './compose.ts'

/** The lock over the desk, with the calls that were up when it came: they go on. */
export function LockedDesk({ desk }: { readonly desk: Desk }) {
  const { session } = useStore(desk.session)
  const lines = useStore(desk.calls).snapshot?.lines ?? []
  const isAlertWaiting = useStore(desk.alerts).shown.some(({ alert }) => isWaiting(alert))
  if (session?.name !== 'signed-in' || session.locked === undefined) return null
  const ringing = lines.filter((line) => line.state.name === 'ringing').length
  return (
    <LockScreen store={desk.session} name={session.adviser.name} why={session.locked}>
      {lines.filter(isLive).map((line) => (
        <CallUnderLock key={line.id} line={line} desk={desk} />
      ))}
      {isAlertWaiting ? (
        <Notice
          look="danger"
          title="A risk to life waits for a supervisor. Unlock the desk to see it."
          alert
        />
      ) : null}
      {ringing > 0 ? <p role="status">A call is ringing. Unlock the desk to answer it.</p> : null}
    </LockScreen>
  )
}

function CallUnderLock({ line, desk }: { readonly line: Line; readonly desk: Desk }) {
  const { execute } = useStore(desk.calls)
  const now = useNow()
  const { state } = line
  const held = state.name === 'held'
  return (
    <section className="lock__call" aria-label="Your call">
      <p>
        <strong>Your call goes on</strong>
        {held ? ' (on hold)' : ''}
        {line.times.answeredAt === null ? null : (
          <span className="figures">, {duration(now - line.times.answeredAt)}</span>
        )}
      </p>
      <div className="lock__controls">
        <Button onClick={() => void execute({ name: 'setMuted', lineId: line.id, muted: !line.muted })}>
          {line.muted ? 'Unmute' : 'Mute'}
        </Button>
        <Button onClick={() => void execute({ name: held ? 'resume' : 'hold', lineId: line.id })}>
          {held ? 'Resume' : 'Hold'}
        </Button>
        <Button look="danger" onClick={() => void execute({ name: 'hangUp', lineId: line.id })}>
          End call
        </Button>
      </div>
    </section>
  )
}
