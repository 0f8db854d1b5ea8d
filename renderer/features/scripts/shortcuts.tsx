import { useEffect } from 'react'
import { useStore } from 'zustand'
import { Button } from '#renderer/ui/button.tsx'
import type { ScriptsStore } from './scripts-store.ts'

/** For a contact that has no script yet: the six most used today, and the search. */
export function ScriptShortcuts({ store }: { readonly store: ScriptsStore }) {
  const { mostUsed, choose, find, refresh } = useStore(store)
  useEffect(() => void refresh(), [refresh])
  return (
    <section className="shortcuts" aria-labelledby="shortcuts-heading">
      <h2 id="shortcuts-heading">What is it about?</h2>
      <p className="quiet">No script belongs to this contact yet. These are used most today.</p>
      <ul className="options">
        {mostUsed.map((entry) => (
          <li key={entry.id}>
            <button type="button" className="option" onClick={() => void choose(entry.id)}>
              {entry.title}
            </button>
          </li>
        ))}
      </ul>
      <div>
        <Button look="primary" shortcut="Ctrl Shift K" onClick={find}>
          Find another by the resident’s words
        </Button>
      </div>
    </section>
  )
}

export interface ScriptChangeProps {
  readonly store: ScriptsStore
  /** Scripts that were begun in this contact and left. */
  readonly earlier: readonly { readonly scriptId: string; readonly title: string }[]
}

/** During a contact: another script, or back to one whose answers are kept. */
export function ScriptChange({ store, earlier }: ScriptChangeProps) {
  const { find, choose } = useStore(store)
  return (
    <div className="script-change">
      {earlier.map(({ scriptId, title }) => (
        <Button key={scriptId} className="button--small" onClick={() => void choose(scriptId)}>
          Back to {title}
        </Button>
      ))}
      <Button className="button--small" shortcut="Ctrl Shift K" onClick={find}>
        Another script
      </Button>
    </div>
  )
}
