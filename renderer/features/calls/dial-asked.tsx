import { useStore } from 'zustand'
import { Button } from '#renderer/ui/button.tsx'
import { Dialog } from '#renderer/ui/dialog.tsx'
import { Notice } from '#renderer/ui/notice.tsx'
import { isLive } from '#shared/calls/line.ts'
import { spokenOn } from './dial-plan.ts'
import { emergencyWords, targetKindWords, targetWords } from './dial-words.ts'
import type { CallsStore } from './store.ts'
import type { TelephoneStore } from './telephone.ts'

/** A link from outside the desk wants to call someone: nothing is dialled before the adviser says so. */
export function DialAsked({
  store,
  telephone,
}: {
  readonly store: CallsStore
  readonly telephone: TelephoneStore
}) {
  const { asked, ask } = useStore(telephone)
  const { snapshot, execute } = useStore(store)
  if (asked === null) return null
  const close = () => ask(null)
  const lines = snapshot?.lines ?? []
  const beside = asked.kind === 'emergency' ? spokenOn(lines).slice(0, 3) : []
  return (
    <Dialog title={`Call ${targetWords(asked)}?`} open onClose={close}>
      <p>
        A link on this computer asks to call <strong className="figures">{targetWords(asked)}</strong> (
        {targetKindWords(asked)}).
      </p>
      {lines.some(isLive) && beside.length === 0 ? <p>Your present call is put on hold.</p> : null}
      {asked.kind === 'emergency' ? (
        <Notice look="attention" title={emergencyWords.title}>
          {emergencyWords.lines.map((line) => (
            <p key={line}>{line}</p>
          ))}
        </Notice>
      ) : null}
      <div className="dialog__actions">
        <Button
          look="primary"
          autoFocus
          onClick={() => {
            close()
            void execute({ name: 'dial', target: asked, ...(beside.length === 0 ? {} : { beside }) })
          }}
        >
          Call
        </Button>
        <Button onClick={close}>Do not call</Button>
      </div>
    </Dialog>
  )
}
