import { Button } from '#renderer/ui/button.tsx'
import { useNow, when } from '#renderer/ui/time.ts'
import type { Draft } from '#shared/contract/draft.ts'

export interface UnfinishedListProps {
  readonly drafts: readonly Draft[]
  readonly queueName: (queueId: string | null) => string
  readonly onResume: (contactId: string) => void
}

/** Contacts that were left before they were finished: nothing of them is lost. */
export function UnfinishedList({ drafts, queueName, onResume }: UnfinishedListProps) {
  const now = useNow()
  if (drafts.length === 0) return null
  return (
    <section className="unfinished" aria-labelledby="unfinished-heading">
      <h2 id="unfinished-heading">Unfinished contacts ({drafts.length})</h2>
      <ul>
        {drafts.map((draft) => (
          <li key={draft.contactId} className="unfinished__item">
            <span>
              {queueName(draft.queueId)}, {when(draft.startedAt, now)}
              {draft.saved === null ? ', not saved yet' : ''}
            </span>
            <Button onClick={() => onResume(draft.contactId)}>Go on with it</Button>
          </li>
        ))}
      </ul>
    </section>
  )
}
