import { useEffect } from 'react'
import { useStore } from 'zustand'
import { useNow } from '#renderer/ui/time.ts'
import type { Warning } from '#shared/contract/rest.ts'
import type { ResidentsStore } from './residents-store.ts'
import { dateWords, isOverdue, warningWords } from './words.ts'

const none: readonly Warning[] = []

/** Warnings about a resident, wherever that resident is offered or in hand; nothing when there are none. */
export function WarningMarks({
  store,
  residentId,
}: {
  readonly store: ResidentsStore
  readonly residentId: string
}) {
  const own = useStore(store, ({ warnings }) => warnings.get(residentId)) ?? none
  const ids = own.map(({ id }) => id).join(' ')
  useEffect(() => {
    for (const id of ids.split(' ')) if (id !== '') store.getState().warningShown(id)
  }, [store, ids])
  if (own.length === 0) return null
  return (
    <ul className="warning-marks" aria-label="Warnings">
      {own.map((warning) => (
        <li key={warning.id} className="warning-mark">
          <WarningFacts warning={warning} />
        </li>
      ))}
    </ul>
  )
}

/** One line for whoever arranges a visit: which warnings there are. Their reasons stand beside the resident. */
export function VisitMarks({
  store,
  residentId,
}: {
  readonly store: ResidentsStore
  readonly residentId: string
}) {
  const own = useStore(store, ({ warnings }) => warnings.get(residentId)) ?? none
  if (own.length === 0) return null
  return (
    <p className="warning-mark small">
      <strong>
        <span aria-hidden="true">⚠ </span>Before anyone visits:
      </strong>{' '}
      {own.map(({ kind }) => warningWords(kind)).join('; ')}
    </p>
  )
}

/** What it is, why, who answers for it, and until when it holds. */
export function WarningFacts({ warning }: { readonly warning: Warning }) {
  const today = new Date(useNow()).toISOString().slice(0, 10)
  const overdue = isOverdue(warning, today)
  return (
    <div className="warning-facts">
      <strong>
        <span aria-hidden="true">⚠ </span>
        {warningWords(warning.kind)}
      </strong>
      <span className="small warning-facts__reason">{warning.reason}</span>
      <span className="small">
        Owner: {warning.owner}.{' '}
        {overdue
          ? `Its review was due on ${dateWords(warning.reviewBy)}: ask the owner whether it still stands.`
          : `Review by ${dateWords(warning.reviewBy)}.`}
        {warning.expiresAt === null ? '' : ` Ends on ${dateWords(warning.expiresAt)}.`}
      </span>
    </div>
  )
}
