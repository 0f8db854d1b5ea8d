import { useEffect } from 'react'
import { Button } from '#renderer/ui/button.tsx'
import { fieldWords, statusWords, valueWords } from '#renderer/ui/case-words.ts'
import { Dialog } from '#renderer/ui/dialog.tsx'
import { useNow, when } from '#renderer/ui/time.ts'
import { type EnhancedRules, levelOfField } from '#shared/cases/disclosure.ts'
import type { CaseWithTimeline } from '#shared/contract/records.ts'
import type { FieldValue } from '#shared/contract/rest.ts'
import { type Level, reaches } from '#shared/guidance/level.ts'
import { needsWords } from './identity-words.ts'
import { Timeline } from './timeline.tsx'

/** An existing case, to read during the call. */
export function CaseDialog({
  found,
  level,
  enhanced,
  onViewed,
  onClose,
}: {
  readonly found: CaseWithTimeline
  /** What the identity check counts for. */
  readonly level: Level
  readonly enhanced: EnhancedRules | undefined
  readonly onViewed: (kind: 'case', recordId: string) => void
  readonly onClose: () => void
}) {
  const now = useNow()
  const { record, timeline } = found
  useEffect(() => onViewed('case', record.id), [onViewed, record.id])
  const shown = (name: string, value: FieldValue): string => {
    const needed = levelOfField(record, name, enhanced)
    return reaches(level, needed) ? valueWords(value) : needsWords(needed)
  }
  return (
    <Dialog title={record.subject} open onClose={onClose}>
      <dl className="facts">
        <dt>Reference</dt>
        <dd className="figures">{record.reference ?? 'given when it is sent'}</dd>
        <dt>Service</dt>
        <dd>{record.serviceName}</dd>
        <dt>Status</dt>
        <dd>{statusWords[record.status]}</dd>
        <dt>Opened</dt>
        <dd>{when(record.openedAt, now)}</dd>
        {Object.entries(record.fields).map(([name, value]) => (
          <FieldRow key={name} name={name} value={shown(name, value)} />
        ))}
      </dl>
      <h2>Timeline</h2>
      {timeline.length === 0 ? (
        <p className="quiet">Nothing is recorded yet.</p>
      ) : (
        <Timeline entries={timeline} />
      )}
      <div>
        <Button look="primary" onClick={onClose}>
          Close
        </Button>
      </div>
    </Dialog>
  )
}

function FieldRow({ name, value }: { readonly name: string; readonly value: string }) {
  return (
    <>
      <dt>{fieldWords(name)}</dt>
      <dd>{value}</dd>
    </>
  )
}
