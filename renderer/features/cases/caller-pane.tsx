import { useState } from 'react'
import { Button } from '#renderer/ui/button.tsx'
import { Notice } from '#renderer/ui/notice.tsx'
import { spokenNumber } from '#renderer/ui/telephone.ts'
import { timeOfDay, useNow, when } from '#renderer/ui/time.ts'
import type { Candidate, CaseWithTimeline, ResidentView } from '#shared/contract/records.ts'
import type { IdentityCheck } from '#shared/contract/rest.ts'
import { CaseDialog } from './case-dialog.tsx'
import { statusWords } from './case-words.ts'

export interface CallerPaneProps {
  /** The caller's number as shown to people; null when withheld or unknown. */
  readonly number: string | null
  readonly withheld: boolean
  readonly candidates: readonly Candidate[]
  readonly chosenId: string | null
  readonly identity: IdentityCheck | null
  /** Loaded when a resident is chosen; shown only after the identity check. */
  readonly resident: ResidentView | null
  readonly onChoose: (residentId: string | null) => void
  readonly onFind: () => void
  /** Nobody can be chosen before the call is answered. */
  readonly canChoose: boolean
}

/** Who may be calling. Names and addresses to choose from; nothing is opened before the identity check. */
export function CallerPane(props: CallerPaneProps) {
  const checked = props.identity !== null && props.identity.level !== 'none'
  if (checked && props.resident !== null)
    return <CheckedResident view={props.resident} identity={props.identity} onFind={props.onFind} />
  return <Candidates {...props} />
}

function Candidates(props: CallerPaneProps) {
  return (
    <div className="caller">
      <h2>Who may be calling</h2>
      <p className="small quiet">{numberWords(props)}</p>
      <ul className="caller__list">
        {props.candidates.map((candidate) => (
          <li key={candidate.residentId}>
            <CandidateChoice
              candidate={candidate}
              chosen={candidate.residentId === props.chosenId}
              canChoose={props.canChoose}
              onChoose={props.onChoose}
            />
          </li>
        ))}
      </ul>
      <div>
        <Button shortcut="Ctrl K" disabled={!props.canChoose} onClick={props.onFind}>
          {props.candidates.length === 0 ? 'Find a resident' : 'Someone else'}
        </Button>
      </div>
      {props.chosenId === null ? null : (
        <Notice title="Details open after the identity check">
          <p className="small">
            Ask the questions of the script first. Until then nothing of their record is shown.
          </p>
        </Notice>
      )}
    </div>
  )
}

function numberWords({ number, withheld, candidates }: CallerPaneProps): string {
  if (withheld) return 'The number is withheld. That is normal: ask for the name.'
  if (number === null) return 'The number is not known.'
  if (candidates.length === 0) return `Nobody is recorded with ${number}.`
  return candidates.length === 1
    ? `One person is recorded with ${number}. The caller may be someone else.`
    : `${candidates.length} people are recorded with ${number}.`
}

interface CandidateChoiceProps {
  readonly candidate: Candidate
  readonly chosen: boolean
  readonly canChoose: boolean
  readonly onChoose: (residentId: string | null) => void
}

function CandidateChoice({ candidate, chosen, canChoose, onChoose }: CandidateChoiceProps) {
  return (
    <button
      type="button"
      className={chosen ? 'choice choice--chosen' : 'choice'}
      aria-pressed={chosen}
      disabled={!canChoose}
      onClick={() => onChoose(chosen ? null : candidate.residentId)}
    >
      <strong>{candidate.name}</strong>
      <span className="small">{candidate.address}</span>
      {candidate.language === 'cy' ? <span className="small">Prefers Welsh</span> : null}
      {chosen ? <span className="small choice__mark">Chosen, identity not checked</span> : null}
    </button>
  )
}

function CheckedResident(props: {
  readonly view: ResidentView
  readonly identity: IdentityCheck | null
  readonly onFind: () => void
}) {
  const { resident, cases, asAt } = props.view
  const [openId, setOpenId] = useState<string | null>(null)
  const open = cases.find((each) => each.record.id === openId)
  const current = cases.filter(isCurrent)
  const earlier = cases.filter((each) => !isCurrent(each))

  return (
    <div className="caller">
      <h2>Caller</h2>
      <p className="caller__name">
        {resident.title === undefined ? '' : `${resident.title} `}
        {resident.givenName} {resident.familyName}
      </p>
      {props.identity === null ? null : (
        <p className="small caller__checked">
          <span aria-hidden="true">✓ </span>Identity: {props.identity.level}, {timeOfDay(props.identity.at)}
        </p>
      )}
      <dl className="facts small">
        <dt>Address</dt>
        <dd>
          {resident.address.line1}, {resident.address.town} {resident.address.postcode.replace(' ', '\u00a0')}
        </dd>
        <dt>Telephone</dt>
        <dd className="figures">{resident.phones.map(spokenNumber).join(', ') || 'none'}</dd>
        <dt>Language</dt>
        <dd>{resident.language === 'cy' ? 'Welsh' : 'English'}</dd>
      </dl>
      <CaseList
        title={`Open cases (${current.length})`}
        none="No open cases."
        cases={current}
        onOpen={setOpenId}
      />
      {earlier.length === 0 ? null : (
        <CaseList title={`Earlier cases (${earlier.length})`} none="" cases={earlier} onOpen={setOpenId} />
      )}
      {asAt === null ? null : <p className="small quiet">As at {timeOfDay(asAt)}</p>}
      {open === undefined ? null : <CaseDialog found={open} onClose={() => setOpenId(null)} />}
    </div>
  )
}

const isCurrent = (each: CaseWithTimeline): boolean =>
  each.record.status !== 'resolved' && each.record.status !== 'closed'

interface CaseListProps {
  readonly title: string
  readonly none: string
  readonly cases: readonly CaseWithTimeline[]
  readonly onOpen: (caseId: string) => void
}

function CaseList({ title, none, cases, onOpen }: CaseListProps) {
  const now = useNow()
  return (
    <section className="caller__cases">
      <h3>{title}</h3>
      {cases.length === 0 ? <p className="small quiet">{none}</p> : null}
      <ul className="caller__list">
        {cases.map(({ record, pending }) => (
          <li key={record.id}>
            <button type="button" className="choice" onClick={() => onOpen(record.id)}>
              <strong>{record.subject}</strong>
              <span className="small">
                {statusWords[record.status]}, opened {when(record.openedAt, now)}
                {pending ? ', not sent yet' : ''}
              </span>
            </button>
          </li>
        ))}
      </ul>
    </section>
  )
}
