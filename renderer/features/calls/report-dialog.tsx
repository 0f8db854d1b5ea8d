import { useState } from 'react'
import { useStore } from 'zustand'
import { Button } from '#renderer/ui/button.tsx'
import { Dialog } from '#renderer/ui/dialog.tsx'
import { errorWords } from '#renderer/ui/error-words.ts'
import { Field } from '#renderer/ui/field.tsx'
import { Notice } from '#renderer/ui/notice.tsx'
import { duration, timeOfDay, timeToSecond } from '#renderer/ui/time.ts'
import type { CallReport } from '#shared/contract/call-report.ts'
import { reportSentences } from './report-words.ts'
import type { CallsStore } from './store.ts'
import type { TelephoneStore } from './telephone.ts'

export interface ReportDialogProps {
  readonly store: CallsStore
  readonly telephone: TelephoneStore
  readonly contactId: string
}

/** What happened on a call, in plain English, and the adviser's own words about it, kept in a file for IT. */
export function ReportDialog({ store, telephone, contactId }: ReportDialogProps) {
  const { reports, close } = useStore(telephone)
  const { execute, error, snapshot } = useStore(store)
  const [chosen, setChosen] = useState(contactId)
  const [comment, setComment] = useState('')
  const [outcome, setOutcome] = useState<'none' | 'saving' | 'saved' | 'failed'>('none')
  const report = reports.find((each) => each.contactId === chosen) ?? reports[0]
  const saved = snapshot?.lastReport ?? null

  const save = async () => {
    if (report === undefined || outcome === 'saving') return
    setOutcome('saving')
    const done = await execute({
      name: 'reportBadCall',
      contactId: report.contactId,
      comment: comment.trim(),
    })
    setOutcome(done ? 'saved' : 'failed')
  }

  return (
    <Dialog title="Report a bad call" open wide onClose={close}>
      {report === undefined ? (
        <p className="quiet" role="status">
          No call of this shift is recorded yet.
        </p>
      ) : (
        <>
          <Field label="Call">
            {(control) => (
              <select
                {...control}
                value={report.contactId}
                onChange={(event) => {
                  setChosen(event.target.value)
                  setOutcome('none')
                }}
              >
                {reports.map((each) => (
                  <option key={each.callId} value={each.contactId}>
                    {callWords(each)}
                  </option>
                ))}
              </select>
            )}
          </Field>
          <section className="report">
            <h2>What was noticed</h2>
            <ul className="report__found">
              {reportSentences(report).map((sentence) => (
                <li key={sentence}>{sentence}</li>
              ))}
            </ul>
            <details>
              <summary>Everything that happened ({report.events.length})</summary>
              <ol className="report__events small figures">
                {report.events.map((event, index) => (
                  // biome-ignore lint/suspicious/noArrayIndexKey: the record only ever grows at its end
                  <li key={index}>
                    <span>{timeToSecond(event.at)}</span> {event.what}
                  </li>
                ))}
              </ol>
            </details>
          </section>
          <Field
            label="In your own words"
            hint="What did you or the caller hear? No names or numbers, please."
          >
            {(control) => (
              <textarea
                {...control}
                rows={3}
                maxLength={1000}
                value={comment}
                onChange={(event) => setComment(event.target.value)}
              />
            )}
          </Field>
          {outcome === 'saved' && saved?.contactId === report.contactId ? (
            <Notice look="good" title={`The report is kept on this computer as ${saved.file}.`} alert>
              <p className="small">
                It is in the folder <span className="report__folder">{saved.folder}</span> and holds no names,
                numbers or anything said. IT can take it from there.
              </p>
            </Notice>
          ) : null}
          {outcome === 'failed' && error !== null ? (
            <Notice look="danger" title={errorWords(error)} alert />
          ) : null}
        </>
      )}
      <div className="dialog__actions">
        {report === undefined ? null : (
          <Button look={outcome === 'saved' ? 'normal' : 'primary'} onClick={() => void save()}>
            {outcome === 'saved' ? 'Save again' : 'Save the report'}
          </Button>
        )}
        <Button onClick={close}>Close</Button>
      </div>
    </Dialog>
  )
}

function callWords(report: CallReport): string {
  const way = report.direction === 'inbound' ? 'Call in' : 'Call out'
  const lasted =
    report.endedAt === null ? 'going on' : `lasted ${duration(report.endedAt - report.startedAt)}`
  return `${way} at ${timeOfDay(report.startedAt)}, ${lasted}`
}
