import { useStore } from 'zustand'
import { Button } from '#renderer/ui/button.tsx'
import { tellingOf } from '#shared/cases/risk.ts'
import type { SyncState } from '#shared/contract/records.ts'
import type { RiskStore } from './risk-store.ts'
import { tellingWords } from './words.ts'

/** Whether a supervisor knows, in words. */
export function Supervisors({ store, sync }: { readonly store: RiskStore; readonly sync: SyncState | null }) {
  const { record, alert, tell } = useStore(store)
  const telling = tellingOf(record?.toldAt ?? null, alert, sync)
  const { text, tone } = tellingWords(telling)
  return (
    <section className="risk__line risk__supervisors" aria-label="Supervisors">
      <p role="status">
        <strong>Supervisors</strong> <span className={`words--${tone}`}>{text}</span>
      </p>
      {telling.name === 'not-asked' ? (
        <Button shortcut="Alt 0" onClick={() => void tell()}>
          Tell them now
        </Button>
      ) : null}
    </section>
  )
}
