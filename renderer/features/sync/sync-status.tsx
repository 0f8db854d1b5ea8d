import type { SyncReport } from '#shared/contract/records.ts'
import { deskWords, syncWords } from './sync-words.ts'

/** Sync state in words, and the way to what is not sent; a change that needs attention is read out. */
export function SyncStatus({
  report,
  onOpen,
}: {
  readonly report: SyncReport | null
  readonly onOpen: () => void
}) {
  const words = syncWords(report)
  const wrong = deskWords(report)
  const text = [words.text, ...wrong.map(({ short }) => short)].join(' · ')
  const tone = wrong.length > 0 && words.tone !== 'attention' ? 'attention' : words.tone
  return (
    <div role="status">
      <button
        type="button"
        className={`sync sync--${tone}`}
        aria-haspopup="dialog"
        aria-keyshortcuts="Control+U"
        title="What is not sent yet (Ctrl U)"
        onClick={onOpen}
      >
        <span className={`dot dot--${tone}${tone === 'good' ? ' dot--full' : ''}`} aria-hidden="true" />
        <span>{text}</span>
      </button>
    </div>
  )
}
