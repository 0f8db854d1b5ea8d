import { useStore } from 'zustand'
import { LineBar, linesOf, OtherCalls, StateMenu } from '#renderer/features/calls/index.ts'
import { isUnhurried } from '#renderer/features/cases/index.ts'
import { NetworkSwitch, PracticeMenu } from '#renderer/features/practice/index.ts'
import { SyncStatus } from '#renderer/features/sync/index.ts'
import { MenuButton } from '#renderer/ui/menu.tsx'
import { isLive } from '#shared/calls/line.ts'
import type { Line } from '#shared/contract/phone.ts'
import type { Desk } from './compose.ts'

export interface TopBarProps {
  readonly desk: Desk
  readonly onDisplay: () => void
  readonly onDevices: () => void
}

/** My state, the calls, sync in words, and the adviser's own menu: each drawn anew for what it shows alone. */
export function TopBar({ desk, onDisplay, onDevices }: TopBarProps) {
  return (
    <header className="top-bar">
      <h1 className="visually-hidden">Adviser Desktop</h1>
      <MyState desk={desk} />
      <OtherCalls store={desk.calls} telephone={desk.telephone} />
      <div className="top-bar__end">
        <Sync desk={desk} />
        <div className="top-bar__own">
          <Practice desk={desk} />
          <OwnMenu desk={desk} onDisplay={onDisplay} onDevices={onDevices} />
        </div>
      </div>
      <LineBar store={desk.calls} telephone={desk.telephone} />
    </header>
  )
}

function MyState({ desk }: { readonly desk: Desk }) {
  const reasons = useStore(desk.records, ({ me }) => me?.notReadyReasons ?? noReasons)
  const unhurried = useStore(desk.contact, ({ draft, resident }) => {
    const language = draft?.language ?? resident?.resident.language ?? 'en'
    return draft !== null && isUnhurried(draft.assistance, language)
  })
  return <StateMenu store={desk.calls} telephone={desk.telephone} reasons={reasons} unhurried={unhurried} />
}

const noReasons = [] as const

function Sync({ desk }: { readonly desk: Desk }) {
  const report = useStore(desk.records, (state) => state.report)
  return <SyncStatus report={report} onOpen={() => desk.unsent.getState().open()} />
}

function Practice({ desk }: { readonly desk: Desk }) {
  const practice = useStore(desk.session, (state) => state.practice)
  const onRecord = useStore(desk.calls, (state) => linesOf(state).some(isOnRecord))
  if (practice?.name !== 'running') return null
  return (
    <>
      <PracticeMenu gateway={desk.practice} onRecord={onRecord} />
      <NetworkSwitch cut={practice.networkCut} onChange={(cut) => void desk.practice.setNetworkCut(cut)} />
    </>
  )
}

function OwnMenu({ desk, onDisplay, onDevices }: TopBarProps) {
  const name = useStore(desk.session, ({ session }) =>
    session?.name === 'signed-in' ? session.adviser.name : '',
  )
  const choose = (id: string) => {
    if (id === 'display') onDisplay()
    else if (id === 'devices') onDevices()
    else if (id === 'report') desk.telephone.getState().open({ name: 'report', contactId: '' })
    else if (id === 'lock') void desk.session.getState().lock()
    else if (id === 'keys') desk.telephone.getState().open({ name: 'keys' })
    else void signOut(desk)
  }
  return (
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
  )
}

const isOnRecord = (line: Line): boolean =>
  isLive(line) && line.status !== null && line.status.recording.name !== 'none'

function initials(name: string): string {
  const words = name.split(' ').filter(Boolean)
  return `${words[0]?.charAt(0) ?? ''}${words.length > 1 ? (words.at(-1)?.charAt(0) ?? '') : ''}`
}

/** Signing out is refused during a call and while work is unsent: both would be lost to the adviser. */
async function signOut(desk: Desk): Promise<void> {
  const lines = desk.calls.getState().snapshot?.lines ?? []
  const report = desk.records.getState().report
  const unsent = report === null ? 0 : report.needsAttention.length + unsentOf(report.state)
  const reason = lines.some(isLive) ? 'on-call' : unsent > 0 ? 'unsent' : null
  if (reason !== null) desk.records.setState({ signOutRefused: reason })
  else await desk.session.getState().signOut()
}

function unsentOf(state: NonNullable<ReturnType<Desk['records']['getState']>['report']>['state']): number {
  return state.name === 'sending' || state.name === 'behind' ? state.unsent : 0
}
