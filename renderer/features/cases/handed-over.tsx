import { Notice } from '#renderer/ui/notice.tsx'
import { timeOfDay } from '#renderer/ui/time.ts'
import type { Draft } from '#shared/contract/draft.ts'

/** What the colleague who passed the call on left for it. */
export function HandedOver({ draft }: { readonly draft: Draft }) {
  const { handedOver, given } = draft
  if (handedOver === null) return null
  const { by, reason, at } = handedOver
  if (by === null)
    return (
      <Notice look="attention" title="A colleague passed this call on">
        <p className="small">
          What they wrote is not here yet, and is asked for again while you talk. Nobody has been identified:
          ask as on any call.
        </p>
      </Notice>
    )
  return (
    <Notice title={`${by} passed this call on${at === null ? '' : ` at ${timeOfDay(at)}`}`}>
      {given === null ? <p className="small">Nobody has been identified: ask as on any call.</p> : null}
      <p className="small">{reason === '' ? 'They gave no reason.' : `Passed on because: ${reason}`}</p>
    </Notice>
  )
}
