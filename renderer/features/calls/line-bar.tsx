import { useStore } from 'zustand'
import { Button } from '#renderer/ui/button.tsx'
import { spokenNumber } from '#renderer/ui/telephone.ts'
import { duration, useNow } from '#renderer/ui/time.ts'
import type { Line } from '#shared/contract/phone.ts'
import { type CallsStore, isUp, lineInHand } from './store.ts'
import { lineTrouble, lineWords } from './words.ts'

/** Who is on the telephone, as far as the number tells. */
export function callerWords(line: Line): string {
  if (line.remote.number !== undefined) return spokenNumber(line.remote.number)
  return line.remote.withheld ? 'Number withheld' : (line.remote.displayName ?? 'Unknown caller')
}

/** The lines, with the controls of each. */
export function LineBar({ store }: { readonly store: CallsStore }) {
  const { snapshot } = useStore(store)
  const lines = snapshot?.lines.filter(isUp) ?? []
  const inHand = lineInHand(lines)
  return (
    <section className="lines" aria-label="Calls">
      {lines.length === 0 ? <p className="quiet">No call</p> : null}
      {lines.map((line) => (
        <LineStrip key={line.id} line={line} store={store} inHand={line === inHand} />
      ))}
    </section>
  )
}

function LineStrip({
  line,
  store,
  inHand,
}: {
  readonly line: Line
  readonly store: CallsStore
  readonly inHand: boolean
}) {
  const trouble = lineTrouble(line)
  return (
    <div className={`line line--${line.state.name}`}>
      <div className="line__who">
        <strong className="figures">{callerWords(line)}</strong>
        {line.queue === null ? null : <span>{line.queue.name}</span>}
      </div>
      <div className="line__state small">
        {trouble === null ? (
          <span>
            {lineWords(line)} <LineTime line={line} />
          </span>
        ) : (
          <span className={`line__trouble line__trouble--${trouble.tone}`} role="alert">
            {trouble.text}
          </span>
        )}
        {line.waitedMs === null || trouble !== null ? null : (
          <span className="quiet figures">waited {duration(line.waitedMs)}</span>
        )}
      </div>
      <LineControls line={line} store={store} inHand={inHand} />
    </div>
  )
}

function LineTime({ line }: { readonly line: Line }) {
  const now = useNow()
  const since =
    line.state.name === 'active'
      ? line.times.answeredAt
      : line.state.name === 'ended'
        ? null
        : line.state.since
  return since === null ? null : <span className="figures">{duration(now - since)}</span>
}

function LineControls({
  line,
  store,
  inHand,
}: {
  readonly line: Line
  readonly store: CallsStore
  readonly inHand: boolean
}) {
  const { execute } = useStore(store)
  const key = (shortcut: string) => (inHand ? { shortcut } : {})
  const hangUp = () => void execute({ name: 'hangUp', lineId: line.id })

  if (line.state.name === 'ringing')
    return (
      <div className="line__controls">
        <Button
          look="primary"
          {...key('F2')}
          onClick={() => void execute({ name: 'answer', lineId: line.id })}
        >
          Answer
        </Button>
        <Button onClick={() => void execute({ name: 'reject', lineId: line.id })}>Decline</Button>
      </div>
    )
  if (line.state.name === 'dialling' || line.state.name === 'answering')
    return (
      <div className="line__controls">
        <Button look="danger" {...key('F2')} onClick={hangUp}>
          {line.state.name === 'dialling' ? 'Cancel' : 'End'}
        </Button>
      </div>
    )

  const held = line.state.name === 'held' && line.state.by !== 'resident'
  return (
    <div className="line__controls">
      <Button
        pressed={line.muted}
        {...key('F6')}
        onClick={() => void execute({ name: 'setMuted', lineId: line.id, muted: !line.muted })}
      >
        {line.muted ? 'Unmute' : 'Mute'}
      </Button>
      <Button
        pressed={held}
        {...key('F4')}
        onClick={() => void execute({ name: held ? 'resume' : 'hold', lineId: line.id })}
      >
        {held ? 'Resume' : 'Hold'}
      </Button>
      <Button look="danger" {...key('F2')} onClick={hangUp}>
        End call
      </Button>
    </div>
  )
}
