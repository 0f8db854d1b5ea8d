import { useStore } from 'zustand'
import { Button } from '#renderer/ui/button.tsx'
import { Notice } from '#renderer/ui/notice.tsx'
import { timeOfDay } from '#renderer/ui/time.ts'
import type { Desk } from './compose.ts'

/** What the adviser must know about the session: opened on the cache, practice stopped, sign-out refused. */
export function SessionNotices({ desk }: { readonly desk: Desk }) {
  const state = useStore(desk.records, ({ report }) => report?.state)
  const signOutRefused = useStore(desk.records, (records) => records.signOutRefused)
  const practice = useStore(desk.session, (session) => session.practice)
  // The telephone's own message says it already.
  const connectionTold = useStore(
    desk.calls,
    ({ snapshot }) => snapshot?.readinessProblems.includes('connection-lost') ?? false,
  )
  return (
    <>
      {practice?.name === 'failed' ? (
        <Notice
          look="danger"
          title="The practice council has stopped. It is started again by itself."
          alert
        />
      ) : null}
      {state?.name === 'behind' && state.asAt !== null && state.unsent === 0 && !connectionTold ? (
        <Notice
          look="attention"
          title={`The council’s service has not been reached since ${timeOfDay(state.since)}. You are working from this desk’s records, as at ${timeOfDay(state.asAt)}.`}
        />
      ) : null}
      {signOutRefused === null ? null : (
        <Notice
          look="attention"
          alert
          title={
            signOutRefused === 'on-call'
              ? 'You cannot sign out during a call. End the call first.'
              : 'You cannot sign out while changes are unsent. They go out as soon as the council’s service can be reached.'
          }
          actions={
            <Button onClick={() => desk.records.setState({ signOutRefused: null })}>
              Close this message
            </Button>
          }
        />
      )}
    </>
  )
}
