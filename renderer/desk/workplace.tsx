import { useCallback, useRef, useState } from 'react'
import { flushSync } from 'react-dom'
import { useStore } from 'zustand'
import {
  checkState,
  KeyHints,
  lineInHand,
  linesOf,
  PhoneNotices,
  TelephonePanels,
} from '#renderer/features/calls/index.ts'
import {
  CallerPane,
  CasePane,
  Circumstances,
  HandedOver,
  handOverWords,
} from '#renderer/features/cases/index.ts'
import {
  RecordActions,
  ResidentsDialogs,
  VisitMarks,
  WarningMarks,
} from '#renderer/features/residents/index.ts'
import { DevicesDialog, SettingsDialog } from '#renderer/features/settings/index.ts'
import { UnsentDialog } from '#renderer/features/sync/index.ts'
import { spokenNumber } from '#renderer/ui/telephone.ts'
import { ChoosingDialogs } from './choosing.tsx'
import type { Desk } from './compose.ts'
import { Finding } from './finding.tsx'
import { MiddlePane } from './middle-pane.tsx'
import { AlertsHere, RiskNotice, RiskToLife } from './risk-to-life.tsx'
import { SessionNotices } from './session-notices.tsx'
import { TopBar } from './top-bar.tsx'
import { useDeskKeys } from './use-desk-keys.ts'
import { type Layout, useLayout } from './use-layout.ts'
import './desk.css'

type Pane = 'caller' | 'guide' | 'case'
const paneNames: Record<Pane, string> = { caller: 'Caller', guide: 'Guidance', case: 'Case' }
const panes: readonly Pane[] = ['caller', 'guide', 'case']

/** The desk of a signed-in adviser: top bar, three panes, and what the keys do. */
export function Workplace({ desk }: { readonly desk: Desk }) {
  const layout = useLayout()
  const [shown, setShown] = useState<Pane>('guide')
  const [displayOpen, setDisplayOpen] = useState(false)
  const [devicesOpen, setDevicesOpen] = useState(false)
  const refs = useRef<Partial<Record<Pane, HTMLElement | null>>>({})

  const goTo = useCallback((pane: Pane) => {
    flushSync(() => setShown(pane))
    const element = refs.current[pane]
    const step =
      element?.querySelector<HTMLElement>('[data-step-focus]:enabled') ??
      element?.querySelector<HTMLElement>('.step')
    ;(step ?? element)?.focus()
  }, [])

  useDeskKeys(desk, {
    find: () => desk.find.getState().open(),
    goTo: (index) => {
      const pane = panes[index]
      if (pane !== undefined) goTo(pane)
    },
  })

  const visible = (pane: Pane): boolean => isVisible(pane, layout, shown)
  const paneProps = (pane: Pane) => ({
    ref: (element: HTMLElement | null) => {
      refs.current[pane] = element
    },
    className: `pane pane--${pane}`,
    tabIndex: -1,
    'aria-label': paneNames[pane],
    hidden: !visible(pane),
  })

  return (
    <div className={`desk desk--${layout}`}>
      <TopBar desk={desk} onDisplay={() => setDisplayOpen(true)} onDevices={() => setDevicesOpen(true)} />
      <aside className="desk__notices" aria-label="Messages">
        <AlertsHere desk={desk} />
        <RiskNotice desk={desk} />
        <SessionNotices desk={desk} />
        <TelephoneNotices desk={desk} />
      </aside>
      {layout === 'three' ? null : <PaneSwitch layout={layout} shown={shown} onShow={goTo} />}
      <div className={`desk__panes desk__panes--${layout}`}>
        <section {...paneProps('caller')}>
          <CallerSide desk={desk} onFind={() => desk.find.getState().open()} />
        </section>
        <main {...paneProps('guide')}>
          <MiddlePane desk={desk} onDevices={() => setDevicesOpen(true)} />
        </main>
        <section {...paneProps('case')}>
          <CaseSide desk={desk} />
        </section>
      </div>
      <KeyHints />
      <Finding desk={desk} />
      <SettingsDialog store={desk.settings} open={displayOpen} onClose={() => setDisplayOpen(false)} />
      {devicesOpen ? <Devices desk={desk} onClose={() => setDevicesOpen(false)} /> : null}
      <ResidentsDialogs store={desk.residents} />
      <Unsent desk={desk} />
      <Panels desk={desk} />
      <ChoosingDialogs desk={desk} />
      <RiskToLife desk={desk} />
    </div>
  )
}

/** With two panes the guidance always stays; the other place is the caller's or the case's. */
function isVisible(pane: Pane, layout: Layout, shown: Pane): boolean {
  if (layout === 'three') return true
  if (layout === 'one') return pane === shown
  return pane === 'guide' || pane === (shown === 'guide' ? 'case' : shown)
}

interface PaneSwitchProps {
  readonly layout: Layout
  readonly shown: Pane
  readonly onShow: (pane: Pane) => void
}

function PaneSwitch({ layout, shown, onShow }: PaneSwitchProps) {
  return (
    <nav className="pane-switch" aria-label="Parts of the desk">
      {panes.map((pane) => (
        <button
          key={pane}
          type="button"
          className={
            isVisible(pane, layout, shown) ? 'pane-switch__tab pane-switch__tab--shown' : 'pane-switch__tab'
          }
          aria-pressed={isVisible(pane, layout, shown)}
          onClick={() => onShow(pane)}
        >
          {paneNames[pane]}
        </button>
      ))}
    </nav>
  )
}

function CallerSide({ desk, onFind }: { readonly desk: Desk; readonly onFind: () => void }) {
  const contact = useStore(desk.contact)
  const { draft, candidates, resident, number, withheld, chooseResident } = contact
  const ringingCandidates = useStore(desk.records, (state) => state.ringingCandidates)
  const me = useStore(desk.records, (state) => state.me)
  const ringing = useStore(desk.calls, (state) => lineInHand(linesOf(state)))

  if (draft === null && ringing?.state.name !== 'ringing')
    return (
      <div className="caller">
        <h2>Who may be calling</h2>
        <p className="quiet">
          When the telephone rings, the people recorded with the number are listed here.
        </p>
      </div>
    )
  const shownNumber = draft === null ? (ringing?.remote.number ?? null) : number
  return (
    <div className="caller-side">
      {draft === null ? null : <HandedOver draft={draft} />}
      {draft === null ? null : (
        <Circumstances draft={draft} onSpeaker={contact.setSpeaker} onAssistance={contact.setAssistance} />
      )}
      <CallerPane
        number={shownNumber === null ? null : spokenNumber(shownNumber)}
        withheld={draft === null ? (ringing?.remote.withheld ?? false) : withheld}
        byTelephone={draft === null || draft.channel === 'telephone'}
        candidates={draft === null ? ringingCandidates : candidates}
        chosenId={draft?.residentId ?? null}
        identity={draft?.identity ?? null}
        endedAt={draft?.endedAt ?? null}
        enhanced={me?.council.enhanced}
        resident={resident}
        canChoose={draft !== null}
        onChoose={(residentId) => void chooseResident(residentId)}
        onFind={onFind}
        onCall={(number) => desk.telephone.getState().open({ name: 'dial', text: spokenNumber(number) })}
        onRanOut={contact.lookAgain}
        onCheckAgain={contact.checkAgain}
        checkBehind={contact.view?.answered.some(({ kind }) => kind === 'verify') === true}
        marks={(residentId) => <WarningMarks store={desk.residents} residentId={residentId} />}
        onViewed={desk.viewed}
        recordActions={(view) => <RecordActions store={desk.residents} view={view} />}
      />
    </div>
  )
}

function CaseSide({ desk }: { readonly desk: Desk }) {
  const report = useStore(desk.records, (state) => state.report)
  const me = useStore(desk.records, (state) => state.me)
  return (
    <CasePane
      store={desk.contact}
      files={desk.files}
      sync={report}
      dispositions={me?.dispositions ?? []}
      marks={(residentId) => <VisitMarks store={desk.residents} residentId={residentId} />}
      enhanced={me?.council.enhanced}
    />
  )
}

/** The check has its own list between calls; during a contact the strip above the panes tells of it. */
function TelephoneNotices({ desk }: { readonly desk: Desk }) {
  const { snapshot } = useStore(desk.calls)
  const { draft } = useStore(desk.contact)
  const checkShown = draft === null && checkState(snapshot?.check ?? null) === 'failed'
  return <PhoneNotices store={desk.calls} checkShown={checkShown} />
}

function Devices({ desk, onClose }: { readonly desk: Desk; readonly onClose: () => void }) {
  const { snapshot, error } = useStore(desk.calls)
  if (snapshot === null) return null
  return (
    <DevicesDialog
      report={snapshot.devices}
      headset={snapshot.headset}
      headsetEvents={snapshot.headsetEvents}
      autoAnswer={snapshot.autoAnswer}
      error={error}
      gateway={desk.devices}
      onClose={onClose}
    />
  )
}

function Unsent({ desk }: { readonly desk: Desk }) {
  const report = useStore(desk.records, (state) => state.report)
  return <UnsentDialog store={desk.unsent} report={report} />
}

function Panels({ desk }: { readonly desk: Desk }) {
  const { view, draft, resident } = useStore(desk.contact)
  const me = useStore(desk.records, (state) => state.me)
  const language = draft?.language ?? resident?.resident.language ?? 'en'
  return (
    <TelephonePanels
      store={desk.calls}
      telephone={desk.telephone}
      paying={view?.current?.kind === 'pay'}
      queueName={(id) => me?.queues.find((queue) => queue.id === id)?.name}
      along={draft === null ? [] : handOverWords(draft, language, Date.now())}
      language={language}
    />
  )
}
