import type { RefObject } from 'react'
import { useStore } from 'zustand'
import { Button } from '#renderer/ui/button.tsx'
import { Field } from '#renderer/ui/field.tsx'
import { Kbd } from '#renderer/ui/kbd.tsx'
import { usualEvents } from '#shared/cases/risk.ts'
import { LogLines } from './log-lines.tsx'
import type { RiskStore } from './risk-store.ts'

export interface RiskLogProps {
  readonly store: RiskStore
  readonly box: RefObject<HTMLTextAreaElement | null>
  /** The adviser wanted to leave while words were in the box. */
  readonly unsaved: boolean
}

/** What happened, second by second, and what to write next. */
export function RiskLog({ store, box, unsaved }: RiskLogProps) {
  const { log, typed, type, write } = useStore(store)
  const text = typed.line ?? ''
  const writeText = async () => {
    if (text.trim() === '') return
    type('line', '')
    if (!(await write(text)) && (store.getState().typed.line ?? '') === '') type('line', text)
  }
  return (
    <section className="risk__log" aria-labelledby="risk-log">
      <h2 id="risk-log">What happened</h2>
      <LogLines lines={log} />
      <div className="risk__write">
        <Field
          label="Write what is said or happens"
          error={
            unsaved ? 'These words are not kept yet. Press Enter to keep them, or empty the box.' : undefined
          }
        >
          {(control) => (
            <textarea
              {...control}
              ref={box}
              rows={1}
              value={text}
              onChange={(event) => type('line', event.target.value)}
              onKeyDown={(event) => {
                if (event.key !== 'Enter' || event.shiftKey) return
                event.preventDefault()
                void writeText()
              }}
            />
          )}
        </Field>
        <Button shortcut="Enter" disabled={text.trim() === ''} onClick={() => void writeText()}>
          Keep this line
        </Button>
      </div>
      <div className="risk__usual">
        {usualEvents.map((event, index) => (
          <button
            key={event}
            type="button"
            className="risk__event small"
            aria-keyshortcuts={`Alt+${index + 1}`}
            onClick={() => void write(event)}
          >
            <Kbd keys={`Alt ${index + 1}`} /> {event}
          </button>
        ))}
      </div>
    </section>
  )
}
