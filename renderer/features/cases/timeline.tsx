import { useNow, when } from '#renderer/ui/time.ts'
import type { TimelineEntry } from '#shared/contract/rest.ts'

const kindWords: Record<TimelineEntry['kind'], string> = {
  note: 'Note',
  contact: 'Contact',
  status: 'Status',
  system: 'System',
  risk: 'Risk to life',
}

export interface TimelineProps {
  readonly entries: readonly TimelineEntry[]
  /** Entries saved on this desk that the council has not confirmed yet. */
  readonly pendingIds?: ReadonlySet<string>
}

/** What happened, newest first. */
export function Timeline({ entries, pendingIds }: TimelineProps) {
  const now = useNow()
  const sorted = entries.toSorted((a, b) => b.at.localeCompare(a.at))
  return (
    <ol className="timeline">
      {sorted.map((entry) => (
        <li key={entry.id} className="timeline__entry">
          <p className="small quiet">
            <time dateTime={entry.at}>{when(entry.at, now)}</time> · {kindWords[entry.kind]}
            {entry.by === null ? '' : ` · ${entry.by}`}
            {pendingIds?.has(entry.id) ? (
              <strong className="timeline__pending"> · not sent yet</strong>
            ) : null}
          </p>
          <p className="timeline__text">{entry.text}</p>
        </li>
      ))}
    </ol>
  )
}
