import { useStore } from 'zustand'
import { ConfigTrouble, SignIn } from '#renderer/features/session/index.ts'
import type { Desk } from './compose.ts'
import { LockedDesk } from './locked-desk.tsx'
import { Workplace } from './workplace.tsx'

/** What the window shows: a problem with the settings, the sign-in, or the workplace. */
export function DeskApp({ desk }: { readonly desk: Desk }) {
  const { info, session } = useStore(desk.session)
  if (info === null || session === null)
    return (
      <main className="opening">
        <h1 className="visually-hidden">Adviser Desktop</h1>
        <p role="status">Opening your desk…</p>
      </main>
    )
  if (info.configProblem !== null) return <ConfigTrouble problem={info.configProblem} />
  if (session.name === 'signed-out') return <SignIn store={desk.session} />
  return (
    <>
      <Workplace desk={desk} />
      {session.locked === undefined ? null : <LockedDesk desk={desk} />}
    </>
  )
}
