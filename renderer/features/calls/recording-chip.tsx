import { useStore } from 'zustand'
import { Button } from '#renderer/ui/button.tsx'
import { useNow } from '#renderer/ui/time.ts'
import type { Line } from '#shared/contract/phone.ts'
import { recordingNote } from './line-notes.ts'
import type { CallsStore } from './store.ts'

/** What the recorder does, as it confirmed, and the button that asks it to pause. */
export function RecordingChip({ line, store }: { readonly line: Line; readonly store: CallsStore }) {
  const { execute } = useStore(store)
  const now = useNow()
  const note = recordingNote(line, now)
  if (note === null || line.state.name === 'ended') return null
  return (
    <div className="recording">
      <span
        className={`small figures words--${note.tone}`}
        role={note.tone === 'danger' ? 'alert' : undefined}
      >
        {note.text}
      </span>
      <Button
        className="button--small"
        aria-keyshortcuts="Shift+F6"
        title="Shift F6"
        disabled={line.recordingRequest?.outcome === 'waiting'}
        onClick={() => void execute({ name: 'setRecordingPaused', lineId: line.id, paused: !note.paused })}
      >
        {note.paused ? 'Record again' : 'Pause'}
      </Button>
    </div>
  )
}
