import { Button } from '#renderer/ui/button.tsx'
import { Kbd } from '#renderer/ui/kbd.tsx'
import type { StepBodyProps } from './step-body-props.ts'
import type { HandOverEntry } from './step-support.ts'
import { chosenEntry, entryField } from './typed-fields.ts'

export type HandOverListProps = Pick<StepBodyProps, 'step' | 'typed' | 'support' | 'onType'> & {
  readonly to: readonly string[]
  /** A payment line is called and joined: the caller is not given away. */
  readonly only?: 'ask'
}

/** Whom to pass the call on to, first choice first, and the keys that do it. */
export function HandOverList({ step, typed, support, onType, to, only }: HandOverListProps) {
  const { reading, entries, progress, askWords, passOnWords, onAsk, onPassOn } = support.handOver
  const chosen = chosenEntry(step.stepId, typed, entries)
  const known = entries.some(({ name }) => name !== null)
  if (to.length === 0)
    return <p className="quiet">The script names nobody: press F3 and choose whom to call.</p>
  if (reading) return <p className="quiet">Looking up whom to pass the call on to…</p>
  return (
    <div className="step__actions">
      {progress === null ? null : (
        <p className={`words--${progress.tone} hand-over__progress`} role="status">
          {progress.underWay ? '✓ ' : ''}
          {progress.text}
        </p>
      )}
      <ul className="hand-over" aria-label="Whom to pass the call on to">
        {entries.map((entry, index) => (
          <li key={entry.id}>
            {entry.name === null ? (
              <p className="hand-over__entry hand-over__entry--unknown">
                <span>
                  <strong>{entry.id.replaceAll('-', ' ')}</strong>
                  <span className="small">
                    {' '}
                    is not in the directory. Press F3 to find them by another name.
                  </span>
                </span>
              </p>
            ) : (
              <button
                type="button"
                className={
                  entry.id === chosen ? 'hand-over__entry hand-over__entry--chosen' : 'hand-over__entry'
                }
                aria-pressed={entry.id === chosen}
                aria-keyshortcuts={String(index + 1)}
                onClick={() => onType(entryField(step.stepId), entry.id)}
              >
                <Kbd keys={String(index + 1)} />
                <EntryWords entry={entry} />
              </button>
            )}
          </li>
        ))}
      </ul>
      {chosen === null ? null : (
        <div className="step__buttons">
          {askWords === null ? null : (
            <Button shortcut="A" onClick={() => onAsk(chosen)}>
              {only === 'ask' ? `Call ${nameOf(entries, chosen)}` : askWords}
            </Button>
          )}
          {passOnWords === null || only === 'ask' ? null : (
            <Button shortcut="P" onClick={() => onPassOn(chosen)}>
              {passOnWords}
            </Button>
          )}
        </div>
      )}
      {known && askWords === null && progress === null ? (
        <p className="small quiet">The telephone cannot call anybody else just now.</p>
      ) : null}
    </div>
  )
}

const nameOf = (entries: readonly HandOverEntry[], id: string): string =>
  entries.find((entry) => entry.id === id)?.name ?? 'them'

function EntryWords({ entry }: { readonly entry: HandOverEntry }) {
  return (
    <>
      <span className="hand-over__name">
        <strong>{entry.name}</strong>
        <span className="small quiet">{entry.detail}</span>
      </span>
      {entry.presence === null ? null : (
        <span className={`small hand-over__presence words--${entry.presence.tone}`}>
          <span
            className={`dot dot--${entry.presence.tone}${entry.presence.tone === 'soft' ? '' : ' dot--full'}`}
            aria-hidden="true"
          />
          {entry.presence.text}
        </span>
      )}
    </>
  )
}
