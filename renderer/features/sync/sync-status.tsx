import type { SyncReport } from '#shared/contract/records.ts'
import { syncWords } from './sync-words.ts'

/** Sync state in words, and the way to what is not sent; a change that needs attention is read out. */
export function SyncStatus({
  report,
  onOpen,
}: {
  readonly report: SyncReport | null
  readonly onOpen: () => void
}) {
  const words = syncWords(report)
  return (
    <div role="status">
      <button
        type="button"
        className={`sync sync--${words.tone}`}
        aria-haspopup="dialog"
        aria-keyshortcuts="Control+U"
        title="What is not sent yet (Ctrl U)"
        onClick={onOpen}
      >
        <span
          className={`dot dot--${words.tone}${words.tone === 'good' ? ' dot--full' : ''}`}
          aria-hidden="true"
        />
        <span>{words.text}</span>
      </button>
    </div>
  )
}
