import { useEffect, useId, useState } from 'react'
import { useStore } from 'zustand'
import { Button } from '#renderer/ui/button.tsx'
import { errorWords, unreachableWords } from '#renderer/ui/error-words.ts'
import { Notice } from '#renderer/ui/notice.tsx'
import { useNow, when } from '#renderer/ui/time.ts'
import type { AttachmentView } from '#shared/contract/records.ts'
import type { CaseRecord } from '#shared/contract/rest.ts'
import type { FilesStore } from './files-store.ts'

type Attachment = NonNullable<CaseRecord['attachments']>[number]

export interface FilesProps {
  readonly store: FilesStore
  /** Null until the case is made. */
  readonly caseId: string | null
  /** What the council lists; none before the identity check that opens the case. */
  readonly listed: readonly Attachment[]
}

/** Files of the case: chosen, dropped or pasted; kept encrypted on this desk until they are sent. */
export function Files({ store, caseId, listed }: FilesProps) {
  const { kept, notTaken, error, savedTo, follow, add } = useStore(store)
  const [dragging, setDragging] = useState(false)
  const inputId = useId()
  useEffect(() => follow(caseId), [follow, caseId])
  const own = kept.filter((view) => !listed.some((each) => isSame(view, each)))
  const take = (files: FileList | null | undefined) => {
    if (files && files.length > 0) void add([...files])
  }
  if (caseId === null)
    return (
      <section className="case__section">
        <h3>Files</h3>
        <p className="small quiet">Save the case first; then files can be added to it.</p>
      </section>
    )
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: the button does the same for the keyboard
    <section
      className={dragging ? 'case__section files files--dragging' : 'case__section files'}
      onDragOver={(event) => {
        event.preventDefault()
        setDragging(true)
      }}
      onDragLeave={() => setDragging(false)}
      onDrop={(event) => {
        event.preventDefault()
        setDragging(false)
        take(event.dataTransfer.files)
      }}
      onPaste={(event) => take(event.clipboardData.files)}
    >
      <h3>Files</h3>
      <div className="files__add">
        <label className="button button--small files__button" htmlFor={inputId}>
          Add files…
        </label>
        <input
          id={inputId}
          className="visually-hidden files__input"
          type="file"
          multiple
          accept=".pdf,.jpg,.jpeg,.png,.webp,.heic,.txt"
          onChange={({ target }) => {
            take(target.files)
            target.value = ''
          }}
        />
        <span className="small quiet">or drop or paste them here. Pictures, PDF and text, up to 25 MB.</span>
      </div>
      <ul className="rows">
        {own.map((view) => (
          <KeptFile key={view.id} store={store} view={view} />
        ))}
        {listed.map((attachment) => (
          <ListedFile key={attachment.id} store={store} attachment={attachment} />
        ))}
      </ul>
      {notTaken.map(({ name, why }) => (
        <Notice key={name} look="attention" title={`${name}: ${whyWords(why)}`} alert />
      ))}
      {error === null ? null : <Notice look="danger" title={errorWords(error)} alert />}
      {savedTo === null ? null : (
        <Notice look="good" title="Written to a file on this computer" alert>
          <p className="small files__path">{savedTo}</p>
          <p className="small">Delete it when you have seen it.</p>
        </Notice>
      )}
    </section>
  )
}

/** One that was sent has a name of the council's until the records are opened again. */
const isSame = ({ id, name, sizeBytes, state }: AttachmentView, listed: Attachment): boolean =>
  id === listed.id || (state.name === 'sent' && name === listed.name && sizeBytes === listed.sizeBytes)

function KeptFile({ store, view }: { readonly store: FilesStore; readonly view: AttachmentView }) {
  const { cancel, retry } = useStore(store)
  const { state, name, sizeBytes, sentBytes } = view
  return (
    <li>
      <span className="rows__words">
        <strong>{name}</strong>
        <span className={`small ${state.name === 'refused' ? 'words--attention' : 'quiet'}`}>
          {sizeWords(sizeBytes)}, {keptWords(view)}
        </span>
        {state.name === 'sending' ? (
          <progress value={sentBytes} max={sizeBytes} aria-label={`${name}: sent`} />
        ) : null}
      </span>
      {state.name === 'refused' ? (
        <Button className="button--small" onClick={() => void retry(view.id)}>
          Try again
        </Button>
      ) : null}
      {state.name === 'sent' ? null : (
        <Button className="button--small" look="plain" onClick={() => void cancel(view.id)}>
          {state.name === 'refused' ? 'Remove' : 'Do not send'}
        </Button>
      )}
    </li>
  )
}

function ListedFile({ store, attachment }: { readonly store: FilesStore; readonly attachment: Attachment }) {
  const { save } = useStore(store)
  const now = useNow()
  const { id, name, sizeBytes, by, at, deleted } = attachment
  return (
    <li>
      <span className="rows__words">
        <strong>{name}</strong>
        <span className="small quiet">
          {deleted ? 'Deleted' : `${sizeWords(sizeBytes)}, at the council`}, {by}, {when(at, now)}
        </span>
      </span>
      {deleted ? null : (
        <Button className="button--small" onClick={() => void save(id)}>
          Save a copy
        </Button>
      )}
    </li>
  )
}

/** `812 kB`, `3.4 MB`. */
export const sizeWords = (bytes: number): string =>
  bytes < 1_000_000
    ? `${Math.max(1, Math.round(bytes / 1_000))} kB`
    : `${(bytes / 1_000_000).toLocaleString('en-GB', { maximumFractionDigits: 1 })} MB`

/** How a file stands that is not at the council yet. */
export function keptWords({ state, sentBytes, sizeBytes }: AttachmentView): string {
  switch (state.name) {
    case 'waiting':
      return state.reason === null
        ? 'kept encrypted on this desk until it is sent'
        : `kept encrypted on this desk, goes on by itself: ${unreachableWords[state.reason]}`
    case 'sending':
      return `sending, ${Math.floor((100 * sentBytes) / Math.max(1, sizeBytes))} %`
    case 'sent':
      return 'sent'
    case 'refused':
      return `not taken: ${whyWords(state.why)}`
  }
}

const refusals: Readonly<Record<string, string>> = {
  'upload/too-large': 'it is larger than 25 MB',
  'upload/empty': 'there is nothing in it',
  'upload/type-refused': 'only pictures, PDF and text are taken',
  'upload/case-unknown': 'the council does not know the case',
  'upload/lost-on-this-desk': 'its copy on this desk is gone; add it again',
  'upload/not-taken': 'the council would not take it',
}

const whyWords = (why: string): string => refusals[why] ?? `the council would not take it (${why})`
