import { useState } from 'react'
import { ListBox, ListBoxItem } from 'react-aria-components'
import { useStore } from 'zustand'
import { Button } from '#renderer/ui/button.tsx'
import { Dialog } from '#renderer/ui/dialog.tsx'
import { errorWords } from '#renderer/ui/error-words.ts'
import { Notice } from '#renderer/ui/notice.tsx'
import { ago, timeOfDay, useNow } from '#renderer/ui/time.ts'
import type { SyncReport, UnsentOperation } from '#shared/contract/records.ts'
import { InSight } from './in-sight.tsx'
import { subjectWords, titleOf } from './operation-words.ts'
import { deskWords, syncWords } from './sync-words.ts'
import { UnsentDetail } from './unsent-detail.tsx'
import type { UnsentStore } from './unsent-store.ts'

/** More than a day's work of an adviser; the file of all holds the rest. */
const mostListed = 200

export interface UnsentDialogProps {
  readonly store: UnsentStore
  readonly report: SyncReport | null
}

/** What was saved on this desk and the council does not have, with what can be done about it. */
export function UnsentDialog({ store, report }: UnsentDialogProps) {
  const { shown, close } = useStore(store)
  return (
    <Dialog title="Not sent yet" wide open={shown} onClose={close}>
      {shown ? <Content store={store} report={report} /> : null}
    </Dialog>
  )
}

function Content({ store, report }: UnsentDialogProps) {
  const { rows, chosenId, busy, said, error, undoable, exportedTo, close, tryNow, undo, exportAll } =
    useStore(store)
  const [asking, setAsking] = useState(false)
  const chosen = rows?.find(({ operation }) => operation.id === chosenId)
  const isEmpty = rows !== null && rows.length === 0

  return (
    <>
      <SyncSentence report={report} />
      {rows === null ? <p role="status">Reading what is not sent…</p> : null}
      {isEmpty ? <p>Everything that was saved on this desk has been sent.</p> : null}
      {rows !== null && rows.length > 0 ? (
        <div className="unsent">
          <UnsentList store={store} rows={rows} />
          {chosen === undefined ? null : <UnsentDetail key={chosenId} store={store} row={chosen} />}
        </div>
      ) : null}
      {error === null ? null : <Notice look="danger" title={errorWords(error)} alert />}
      {exportedTo === null ? null : (
        <Notice look="good" title="Written to a file on this computer" alert>
          <p className="small unsent__path">{exportedTo}</p>
          <p className="small">It holds personal data. Delete it when it has been dealt with.</p>
        </Notice>
      )}
      {undoable === null ? null : (
        <Notice
          title={undoable.words}
          alert
          actions={
            <Button disabled={busy} onClick={() => void undo()}>
              Bring it back
            </Button>
          }
        />
      )}
      <p className="small quiet" role="status">
        {said}
      </p>
      {asking ? (
        <InSight>
          <Notice
            look="attention"
            title="The file holds personal data in plain words"
            alert
            actions={
              <>
                <Button
                  look="primary"
                  autoFocus
                  onClick={() => {
                    setAsking(false)
                    void exportAll()
                  }}
                >
                  Write the file
                </Button>
                <Button onClick={() => setAsking(false)}>Do not write it</Button>
              </>
            }
          >
            <p className="small">
              Everybody who can open the file can read it. It is for typing the work in elsewhere when this
              desk cannot send it. Nothing is taken off this list.
            </p>
          </Notice>
        </InSight>
      ) : null}
      <div className="dialog__actions">
        {isEmpty ? null : (
          <>
            <Button look="primary" disabled={busy} onClick={() => void tryNow()}>
              Try now
            </Button>
            <Button disabled={busy || rows === null} onClick={() => setAsking(true)}>
              Write all to a file…
            </Button>
          </>
        )}
        <Button onClick={close}>Close</Button>
      </div>
    </>
  )
}

/** The whole of sync, and when the next try is. */
function SyncSentence({ report }: { readonly report: SyncReport | null }) {
  const now = useNow()
  const { text, tone } = syncWords(report)
  const nextTryAt = report?.state.name === 'behind' ? report.state.nextTryAt : null
  return (
    <>
      <p className={`words--${tone}`}>
        {text}.
        {nextTryAt === null
          ? ''
          : nextTryAt <= now
            ? ' Trying now.'
            : ` The next try is in ${Math.ceil((nextTryAt - now) / 1000)} s.`}
      </p>
      {deskWords(report).map(({ short, sentence }) => (
        <p key={short} className="words--attention">
          {sentence}
        </p>
      ))}
    </>
  )
}

function UnsentList({
  store,
  rows,
}: {
  readonly store: UnsentStore
  readonly rows: readonly UnsentOperation[]
}) {
  const { chosenId, names, choose } = useStore(store)
  const now = useNow()
  const listed = rows.slice(0, mostListed)
  return (
    <div className="unsent__side">
      <ListBox
        className="unsent__list"
        aria-label="In the order they were saved"
        autoFocus="first"
        selectionMode="single"
        selectionBehavior="replace"
        disallowEmptySelection
        selectedKeys={chosenId === null ? [] : [chosenId]}
        onSelectionChange={(keys) => {
          const [key] = keys === 'all' ? [] : [...keys]
          if (key !== undefined) choose(String(key))
        }}
      >
        {listed.map((row, index) => (
          <ListBoxItem
            key={row.operation.id}
            id={row.operation.id}
            className="unsent__row"
            textValue={`${index + 1}. ${titleOf(row.operation)}`}
          >
            <span>
              <span className="figures">{index + 1}.</span> <strong>{titleOf(row.operation)}</strong>
            </span>
            <span className="small unsent__about">{subjectWords(row.operation, names)}</span>
            <span className={`small figures ${rowTone(row)}`}>
              {rowWords(row)} · {timeOfDay(row.savedAt)}, {ago(now - row.savedAt)}
            </span>
          </ListBoxItem>
        ))}
      </ListBox>
      {rows.length > listed.length ? (
        <p className="small quiet">
          And {(rows.length - listed.length).toLocaleString('en-GB')} more; the file holds them all.
        </p>
      ) : null}
    </div>
  )
}

function rowWords({ standing, tries }: UnsentOperation): string {
  switch (standing.name) {
    case 'waiting':
      return tries === 0 ? 'Not tried yet' : tries === 1 ? 'Tried once' : `Tried ${tries} times`
    case 'blocked':
      return 'Waits for another'
    case 'conflict':
      return 'Clashes: decide'
    case 'refused':
      return 'Not taken: decide'
  }
}

const rowTone = ({ standing }: UnsentOperation): string =>
  standing.name === 'conflict' || standing.name === 'refused' ? 'words--attention' : 'quiet'
