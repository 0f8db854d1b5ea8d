import type { ReactNode } from 'react'
import { useStore } from 'zustand'
import { Button } from '#renderer/ui/button.tsx'
import { statusWords } from '#renderer/ui/case-words.ts'
import { errorWords, unreachableWords } from '#renderer/ui/error-words.ts'
import { Field } from '#renderer/ui/field.tsx'
import { Notice } from '#renderer/ui/notice.tsx'
import { timeToSecond } from '#renderer/ui/time.ts'
import { type EnhancedRules, levelOfCase } from '#shared/cases/disclosure.ts'
import type { Draft } from '#shared/contract/draft.ts'
import type { CaseWithTimeline, SyncReport } from '#shared/contract/records.ts'
import type { TimelineEntry } from '#shared/contract/rest.ts'
import { type Level, reaches } from '#shared/guidance/level.ts'
import type { RunView } from '#shared/guidance/view.ts'
import { Account } from './account.tsx'
import type { ContactStore, SaveState } from './contact-state.ts'
import { Files } from './files.tsx'
import type { FilesStore } from './files-store.ts'
import { needsWords } from './identity-words.ts'
import { Timeline } from './timeline.tsx'
import { useLevel } from './use-level.ts'

export interface CasePaneProps {
  readonly store: ContactStore
  readonly files: FilesStore
  readonly sync: SyncReport | null
  readonly dispositions: readonly { readonly code: string; readonly label: string }[]
  /** What somebody who visits must know. */
  readonly marks: (residentId: string) => ReactNode
  /** What the council opens to an enhanced identity check only. */
  readonly enhanced: EnhancedRules | undefined
}

/** The case being written, what was written during the contact, and how it ended. */
export function CasePane({ store, files, sync, dispositions, marks, enhanced }: CasePaneProps) {
  const { draft, view, knownCase, timeline, saveState, unsaved, save } = useStore(store)
  const level = useLevel(draft?.identity ?? null, draft?.endedAt ?? null)
  if (draft === null)
    return (
      <div className="case">
        <h2>Case</h2>
        <p className="quiet">During a call its case, notes and timeline are written here.</p>
      </div>
    )
  const pending = new Set(sync?.pendingIds ?? [])
  const masked = maskOf(knownCase, draft, level, enhanced)

  return (
    <div className="case">
      <header className="case__head">
        <h2>Case</h2>
        <Button
          look={unsaved ? 'primary' : 'normal'}
          shortcut="Ctrl S"
          disabled={saveState.name === 'saving'}
          onClick={() => void save()}
        >
          {saveState.name === 'saving' ? 'Saving…' : 'Save'}
        </Button>
        <SavedWords
          draft={draft}
          saveState={saveState}
          unsaved={unsaved}
          sent={!pending.has(draft.contactId)}
          why={sync?.state.name === 'behind' ? unreachableWords[sync.state.reason] : null}
        />
      </header>
      {draft.residentId === null ? null : marks(draft.residentId)}
      <CaseFacts view={view} known={knownCase} masked={masked} />
      {saveState.name === 'failed' ? (
        <Notice look="danger" title={errorWords(saveState.error)} alert />
      ) : null}
      <NoteBox store={store} draft={draft} />
      <Files
        store={files}
        caseId={draft.caseId}
        listed={masked === null ? (knownCase?.record.attachments ?? []) : []}
      />
      <Disposition store={store} draft={draft} dispositions={dispositions} />
      <TimelineOf
        entries={masked === null ? (knownCase?.timeline ?? []) : []}
        also={timeline}
        pending={pending}
        masked={masked}
      />
      <Account store={store} />
    </div>
  )
}

/** A case from before this contact opens with the identity check only; one made in it is known to whoever speaks. */
function maskOf(
  known: CaseWithTimeline | null,
  draft: Draft,
  level: Level,
  enhanced: EnhancedRules | undefined,
): Level | null {
  if (known === null || Date.parse(known.record.openedAt) >= draft.startedAt) return null
  const needed = levelOfCase(known.record, enhanced)
  return reaches(level, needed) ? null : needed
}

interface SavedWordsProps {
  readonly draft: Draft
  readonly saveState: SaveState
  readonly unsaved: boolean
  readonly sent: boolean
  /** Why nothing can be sent just now. */
  readonly why: string | null
}

function SavedWords(props: SavedWordsProps) {
  return (
    <p className="small quiet" role="status">
      {savedWords(props)}
    </p>
  )
}

function savedWords({ draft, saveState, unsaved, sent, why }: SavedWordsProps): string {
  if (saveState.name === 'saving') return 'Saving…'
  if (draft.saved === null) return 'Draft, kept on this desk'
  const saved = `Saved ${timeToSecond(draft.saved.at)}`
  if (unsaved) return `${saved}, changed since`
  if (sent) return `${saved}, sent`
  return why === null ? `${saved}, not sent yet` : `${saved}, not sent yet: ${why}`
}

function CaseFacts({
  view,
  known,
  masked,
}: {
  readonly view: RunView | null
  readonly known: CaseWithTimeline | null
  /** Level that the case needs and nobody has been identified to; null when it is open. */
  readonly masked: Level | null
}) {
  if (view === null) return null
  const { subject, fieldWords, fieldLabels, status } = view.caseDraft
  return (
    <section className="case__section">
      <p className="case__subject">{subject}</p>
      <dl className="facts small">
        <dt>Reference</dt>
        <dd className="figures">
          {masked !== null
            ? needsWords(masked)
            : known === null
              ? 'no case made yet'
              : (known.record.reference ?? 'given when it is sent')}
        </dd>
        <dt>Status</dt>
        <dd>{masked === null ? statusWords[known?.record.status ?? status] : needsWords(masked)}</dd>
        {Object.entries(fieldWords).map(([name, words]) => (
          <FactRow key={name} label={fieldLabels[name] ?? name} words={words} />
        ))}
      </dl>
      {Object.keys(fieldWords).length === 0 ? (
        <p className="small quiet">The answers of the script fill the case.</p>
      ) : null}
    </section>
  )
}

function FactRow({ label, words }: { readonly label: string; readonly words: string }) {
  return (
    <>
      <dt>{label}</dt>
      <dd>{words}</dd>
    </>
  )
}

function NoteBox({ store, draft }: { readonly store: ContactStore; readonly draft: Draft }) {
  const { type, addNote, saveState } = useStore(store)
  const text = draft.typed.note ?? ''
  return (
    <section className="case__section">
      <Field label="Note">
        {(control) => (
          <textarea
            {...control}
            rows={3}
            value={text}
            placeholder="In your own words"
            aria-keyshortcuts="Control+Enter"
            onChange={(event) => type('note', event.target.value)}
            onKeyDown={(event) => {
              if (event.key !== 'Enter' || !event.ctrlKey) return
              event.preventDefault()
              event.stopPropagation()
              void addNote()
            }}
          />
        )}
      </Field>
      <div>
        <Button
          shortcut="Ctrl Enter"
          disabled={text.trim() === '' || saveState.name === 'saving'}
          onClick={() => void addNote()}
        >
          Save note
        </Button>
      </div>
    </section>
  )
}

interface DispositionProps {
  readonly store: ContactStore
  readonly draft: Draft
  readonly dispositions: CasePaneProps['dispositions']
}

function Disposition({ store, draft, dispositions }: DispositionProps) {
  const { setDisposition } = useStore(store)
  return (
    <section className="case__section">
      <Field
        label="How the contact ended"
        {...(draft.disposition === null ? { hint: 'Suggested by the script at its end' } : {})}
      >
        {(control) => (
          <select
            {...control}
            value={draft.disposition ?? ''}
            onChange={(event) => setDisposition(event.target.value)}
          >
            <option value="" disabled>
              Choose
            </option>
            {dispositions.map((each) => (
              <option key={each.code} value={each.code}>
                {each.label}
              </option>
            ))}
          </select>
        )}
      </Field>
    </section>
  )
}

interface TimelineOfProps {
  readonly entries: readonly TimelineEntry[]
  readonly also: readonly TimelineEntry[]
  readonly pending: ReadonlySet<string>
  readonly masked: Level | null
}

function TimelineOf({ entries, also, pending, masked }: TimelineOfProps) {
  const all = [...new Map([...entries, ...also].map((entry) => [entry.id, entry])).values()]
  return (
    <section className="case__section">
      <h3>Timeline</h3>
      {masked === null ? null : <p className="small masked">Earlier entries. {needsWords(masked)}</p>}
      {all.length === 0 ? (
        <p className="small quiet">Notes appear here once they are saved.</p>
      ) : (
        <Timeline entries={all} pendingIds={pending} />
      )}
    </section>
  )
}
