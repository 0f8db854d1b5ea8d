import { useStore } from 'zustand'
import { isUp, LineBar, OtherCalls, StateMenu } from '#renderer/features/calls/index.ts'
import { isUnhurried } from '#renderer/features/cases/index.ts'
import { NetworkSwitch, PracticeMenu } from '#renderer/features/practice/index.ts'
import { SyncStatus } from '#renderer/features/sync/index.ts'
import { MenuButton } from '#renderer/ui/menu.tsx'
import type { Line } from '#shared/contract/phone.ts'
import type { Desk } from './compose.ts'

export interface TopBarProps {
  readonly desk: Desk
  readonly onDisplay: () => void
  readonly onDevices: () => void
}

/** My state, the calls, sync in words, and the adviser's own menu. */
export function TopBar({ desk, onDisplay, onDevices }: TopBarProps) {
  const { me, report } = useStore(desk.records)
  const { practice, session } = useStore(desk.session)
  const { snapshot } = useStore(desk.calls)
  const { draft, resident } = useStore(desk.contact)
  const language = draft?.language ?? resident?.resident.language ?? 'en'
  const lines = snapshot?.lines ?? []
  const name = session?.name === 'signed-in' ? session.adviser.name : ''

  const choose = (id: string) => {
    if (id === 'display') onDisplay()
    else if (id === 'devices') onDevices()
    else if (id === 'report') desk.telephone.getState().open({ name: 'report', contactId: '' })
    else if (id === 'lock') void desk.session.getState().lock()
    else if (id === 'keys') desk.telephone.getState().open({ name: 'keys' })
    else void signOut(desk)
  }

  return (
    <header className="top-bar">
      <h1 className="visually-hidden">Adviser Desktop</h1>
      <StateMenu
        store={desk.calls}
        telephone={desk.telephone}
        reasons={me?.notReadyReasons ?? []}
        unhurried={draft !== null && isUnhurried(draft.assistance, language)}
      />
      <OtherCalls store={desk.calls} />
      <div className="top-bar__end">
        <SyncStatus report={report} onOpen={() => desk.unsent.getState().open()} />
        <div className="top-bar__own">
          {practice?.name === 'running' ? (
            <>
              <PracticeMenu gateway={desk.practice} onRecord={lines.some(isOnRecord)} />
              <NetworkSwitch
                cut={practice.networkCut}
                onChange={(cut) => void desk.practice.setNetworkCut(cut)}
              />
            </>
          ) : null}
          <MenuButton
            label={`${name}: sound devices, display and sign out`}
            groups={[
              {
                heading: name,
                entries: [
                  { id: 'devices', label: 'Sound devices and answering' },
                  { id: 'display', label: 'Display: colours and text size' },
                  { id: 'keys', label: 'Keys', detail: 'F1' },
                  { id: 'report', label: 'Report a bad call' },
                  { id: 'lock', label: 'Lock the desk' },
                  { id: 'sign-out', label: 'Sign out' },
                ],
              },
            ]}
            onChoose={choose}
          >
            <span>{initials(name)}</span>
            <span aria-hidden="true">▾</span>
          </MenuButton>
        </div>
      </div>
      <LineBar store={desk.calls} telephone={desk.telephone} />
    </header>
  )
}

const isOnRecord = (line: Line): boolean =>
  isUp(line) && line.status !== null && line.status.recording.name !== 'none'

function initials(name: string): string {
  const words = name.split(' ').filter(Boolean)
  return `${words[0]?.charAt(0) ?? ''}${words.length > 1 ? (words.at(-1)?.charAt(0) ?? '') : ''}`
}

/** Signing out is refused during a call and while work is unsent: both would be lost to the adviser. */
async function signOut(desk: Desk): Promise<void> {
  const lines = desk.calls.getState().snapshot?.lines ?? []
  const report = desk.records.getState().report
  const unsent = report === null ? 0 : report.needsAttention.length + unsentOf(report.state)
  const reason = lines.some(isUp) ? 'on-call' : unsent > 0 ? 'unsent' : null
  if (reason !== null) desk.records.setState({ signOutRefused: reason })
  else await desk.session.getState().signOut()
}

function unsentOf(state: NonNullable<ReturnType<Desk['records']['getState']>['report']>['state']): number {
  return state.name === 'sending' || state.name === 'behind' ? state.unsent : 0
}
