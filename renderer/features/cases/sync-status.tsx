import type { SyncReport } from '#shared/contract/records.ts'
import { syncWords } from './sync-words.ts'

/** Sync state in words; a change that needs attention is read out. */
export function SyncStatus({ report }: { readonly report: SyncReport | null }) {
  const words = syncWords(report)
  return (
    <p className={`sync sync--${words.tone}`} role="status">
      <span
        className={`dot dot--${words.tone}${words.tone === 'good' ? ' dot--full' : ''}`}
        aria-hidden="true"
      />
      <span>{words.text}</span>
    </p>
  )
}
