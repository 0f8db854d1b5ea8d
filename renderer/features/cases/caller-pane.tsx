import { type ReactNode, useEffect, useState } from 'react'
import { Button } from '#renderer/ui/button.tsx'
import { statusWords } from '#renderer/ui/case-words.ts'
import { Notice } from '#renderer/ui/notice.tsx'
import { spokenNumber } from '#renderer/ui/telephone.ts'
import { timeOfDay, useNow, when } from '#renderer/ui/time.ts'
import { type EnhancedRules, levelOfCase } from '#shared/cases/disclosure.ts'
import { isOpenCase } from '#shared/cases/record-reader.ts'
import type { Candidate, CaseWithTimeline, ResidentView } from '#shared/contract/records.ts'
import type { IdentityCheck } from '#shared/contract/rest.ts'
import { type Level, reaches } from '#shared/guidance/level.ts'
import { CaseDialog } from './case-dialog.tsx'
import { checkWords, needsWords } from './identity-words.ts'
import { useLevel } from './use-level.ts'

export interface CallerPaneProps {
  /** The caller's number as shown to people; null when withheld or unknown. */
  readonly number: string | null
  readonly withheld: boolean
  /** False for an email, a letter or a visit. */
  readonly byTelephone: boolean
  readonly candidates: readonly Candidate[]
  readonly chosenId: string | null
  readonly identity: IdentityCheck | null
  /** When the call ended: from then on a check does not run out. Milliseconds since 1970. */
  readonly endedAt: number | null
  /** What the council opens to an enhanced check only. */
  readonly enhanced: EnhancedRules | undefined
  /** The check ran out; what follows from that has to be worked out again. */
  readonly onRanOut: () => void
  readonly onCheckAgain: () => void
  /** The script has a check behind it that can be opened again; otherwise it asks for one itself, or needs none. */
  readonly checkBehind: boolean
  /** Loaded when a resident is chosen; shown only after the identity check. */
  readonly resident: ResidentView | null
  readonly onChoose: (residentId: string | null) => void
  readonly onFind: () => void
  /** Calls a number of theirs, after the adviser has seen it. E.164. */
  readonly onCall: (number: string) => void
  /** What else is to be known of somebody before they are spoken with. */
  readonly marks: (residentId: string) => ReactNode
  /** The record is before the adviser's eyes. */
  readonly onViewed: (kind: 'resident' | 'case', recordId: string) => void
  /** What else can be seen and done once somebody is identified. */
  readonly recordActions: (view: ResidentView) => ReactNode
  /** Nobody can be chosen before the call is answered. */
  readonly canChoose: boolean
}

/** Who may be calling. Names and addresses to choose from; nothing is opened before the identity check. */
export function CallerPane(props: CallerPaneProps) {
  const { identity, endedAt, onRanOut } = props
  const level = useLevel(identity, endedAt)
  const ranOut = identity !== null && identity.level !== 'none' && level === 'none'
  useEffect(() => {
    if (ranOut) onRanOut()
  }, [ranOut, onRanOut])
  if (level !== 'none' && props.resident !== null)
    return <CheckedResident {...props} view={props.resident} level={level} />
  return <Candidates {...props} ranOut={ranOut} />
}

function Candidates(props: CallerPaneProps & { readonly ranOut: boolean }) {
  return (
    <div className="caller">
      <h2>{props.byTelephone ? 'Who may be calling' : 'Who it is from'}</h2>
      <p className="small quiet">{numberWords(props)}</p>
      <ul className="caller__list">
        {props.candidates.map((candidate) => (
          <li key={candidate.residentId} className="caller__candidate">
            <CandidateChoice
              candidate={candidate}
              chosen={candidate.residentId === props.chosenId}
              canChoose={props.canChoose}
              onChoose={props.onChoose}
            />
            {props.marks(candidate.residentId)}
          </li>
        ))}
      </ul>
      <div>
        <Button shortcut="Ctrl K" disabled={!props.canChoose} onClick={props.onFind}>
          {props.candidates.length === 0 ? 'Find a resident' : 'Someone else'}
        </Button>
      </div>
      {props.chosenId === null ? null : (
        <Notice
          look={props.ranOut ? 'attention' : 'plain'}
          title={props.ranOut ? 'The identity check has run out' : 'Details open after the identity check'}
          {...(props.ranOut && props.checkBehind
            ? { actions: <Button onClick={props.onCheckAgain}>Check again</Button> }
            : {})}
        >
          <p className="small">
            {needsWords('standard')}. Ask the questions of the script first. Until then nothing of their
            record is shown.
          </p>
        </Notice>
      )}
    </div>
  )
}

function numberWords({ number, withheld, candidates, byTelephone }: CallerPaneProps): string {
  if (!byTelephone) return 'Find them by name, address, number or email.'
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

function CheckedResident(props: CallerPaneProps & { readonly view: ResidentView; readonly level: Level }) {
  const { identity, level, enhanced } = props
  const { resident, cases, asAt } = props.view
  const [openId, setOpenId] = useState<string | null>(null)
  const mayOpen = (each: CaseWithTimeline) => reaches(level, levelOfCase(each.record, enhanced))
  const open = cases.find((each) => each.record.id === openId && mayOpen(each))
  const { onViewed } = props
  useEffect(() => onViewed('resident', resident.id), [onViewed, resident.id])
  const current = cases.filter(({ record }) => isOpenCase(record))
  const earlier = cases.filter(({ record }) => !isOpenCase(record))
  const list = { onOpen: setOpenId, mayOpen }

  return (
    <div className="caller">
      <h2>Caller</h2>
      <p className="caller__name">
        {resident.title === undefined ? '' : `${resident.title} `}
        {resident.givenName} {resident.familyName}
      </p>
      {identity === null ? null : (
        <div className="caller__check">
          <p className="small caller__checked">
            <span aria-hidden="true">✓ </span>
            {checkWords(identity)}
          </p>
          <Button look="plain" className="button--small" onClick={props.onCheckAgain}>
            Check again
          </Button>
        </div>
      )}
      {props.marks(resident.id)}
      <dl className="facts small">
        <dt>Address</dt>
        <dd>
          {resident.address.line1}, {resident.address.town} {resident.address.postcode.replace(' ', '\u00a0')}
        </dd>
        <dt>Telephone</dt>
        <dd className="figures caller__phones">
          {resident.phones.length === 0 ? 'none' : null}
          {resident.phones.map((number) => (
            <button key={number} type="button" className="link" onClick={() => props.onCall(number)}>
              <span className="visually-hidden">Call </span>
              {spokenNumber(number)}
            </button>
          ))}
        </dd>
        <dt>Language</dt>
        <dd>{resident.language === 'cy' ? 'Welsh' : 'English'}</dd>
      </dl>
      <CaseList title={`Open cases (${current.length})`} none="No open cases." cases={current} {...list} />
      {earlier.length === 0 ? null : (
        <CaseList title={`Earlier cases (${earlier.length})`} none="" cases={earlier} {...list} />
      )}
      {props.recordActions(props.view)}
      {asAt === null ? null : <p className="small quiet">As at {timeOfDay(asAt)}</p>}
      {open === undefined ? null : (
        <CaseDialog
          found={open}
          level={level}
          enhanced={enhanced}
          onViewed={onViewed}
          onClose={() => setOpenId(null)}
        />
      )}
    </div>
  )
}

interface CaseListProps {
  readonly title: string
  readonly none: string
  readonly cases: readonly CaseWithTimeline[]
  readonly onOpen: (caseId: string) => void
  readonly mayOpen: (each: CaseWithTimeline) => boolean
}

function CaseList({ title, none, cases, onOpen, mayOpen }: CaseListProps) {
  const now = useNow()
  return (
    <section className="caller__cases">
      <h3>{title}</h3>
      {cases.length === 0 ? <p className="small quiet">{none}</p> : null}
      <ul className="caller__list">
        {cases.map((each) => (
          <li key={each.record.id}>
            {mayOpen(each) ? (
              <button type="button" className="choice" onClick={() => onOpen(each.record.id)}>
                <strong>{each.record.subject}</strong>
                <span className="small">
                  {statusWords[each.record.status]}, opened {when(each.record.openedAt, now)}
                  {each.pending ? ', not sent yet' : ''}
                </span>
              </button>
            ) : (
              <p className="choice masked">
                <strong>A case that is kept closed</strong>
                <span className="small">{needsWords('enhanced')}</span>
              </p>
            )}
          </li>
        ))}
      </ul>
    </section>
  )
}
