import { useState } from 'react'
import { useStore } from 'zustand'
import { Button } from '#renderer/ui/button.tsx'
import { errorWords } from '#renderer/ui/error-words.ts'
import { Notice } from '#renderer/ui/notice.tsx'
import { useNow, when } from '#renderer/ui/time.ts'
import type { ResidentView } from '#shared/contract/records.ts'
import type { ResidentsStore } from './residents-store.ts'

/** What can be done with the record of somebody who has been identified. */
export function RecordActions({
  store,
  view,
}: {
  readonly store: ResidentsStore
  readonly view: ResidentView
}) {
  const { openChange, openMerge, openWarnings, unmerge, busy, error, shown } = useStore(store)
  const [parting, setParting] = useState<string | null>(null)
  const now = useNow()
  const { resident } = view
  return (
    <div className="record-actions">
      <div className="record-actions__row">
        <Button className="button--small" onClick={() => openChange(view)}>
          Change details
        </Button>
        <Button className="button--small" onClick={() => openWarnings(resident.id)}>
          Warnings
        </Button>
        <Button className="button--small" onClick={() => openMerge(view)}>
          Same person twice?
        </Button>
      </div>
      {(resident.mergedFrom ?? []).map(({ mergeId, at, by }) =>
        parting === mergeId ? (
          <Notice
            key={mergeId}
            look="attention"
            title="Part the two records again?"
            alert
            actions={
              <>
                <Button
                  disabled={busy}
                  onClick={() => {
                    setParting(null)
                    void unmerge(resident.id, mergeId)
                  }}
                >
                  Part them
                </Button>
                <Button autoFocus onClick={() => setParting(null)}>
                  Leave them
                </Button>
              </>
            }
          >
            <p className="small">
              What the merge moved goes back, but for what was given to somebody else since.
            </p>
          </Notice>
        ) : (
          <p key={mergeId} className="small">
            Made of two records by {by}, {when(at, now)}.{' '}
            <button type="button" className="link" onClick={() => setParting(mergeId)}>
              Part them again
            </button>
          </p>
        ),
      )}
      {error === null || shown.name !== 'nothing' ? null : (
        <Notice look="danger" title={errorWords(error)} alert />
      )}
    </div>
  )
}
