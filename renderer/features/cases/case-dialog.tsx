import { Button } from '#renderer/ui/button.tsx'
import { Dialog } from '#renderer/ui/dialog.tsx'
import { useNow, when } from '#renderer/ui/time.ts'
import type { CaseWithTimeline } from '#shared/contract/records.ts'
import { fieldWords, statusWords, valueWords } from './case-words.ts'
import { Timeline } from './timeline.tsx'

/** An existing case, to read during the call. */
export function CaseDialog({
  found,
  onClose,
}: {
  readonly found: CaseWithTimeline
  readonly onClose: () => void
}) {
  const now = useNow()
  const { record, timeline } = found
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
          <FieldRow key={name} name={name} value={valueWords(value)} />
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
