import { useEffect } from 'react'
import { useStore } from 'zustand'
import { Button } from '#renderer/ui/button.tsx'
import { duration, useNow } from '#renderer/ui/time.ts'
import type { Line } from '#shared/contract/phone.ts'
import { partyWords } from './caller-words.ts'
import { consultation, isConsult, isHeldHere, numbered, shownCalls } from './groups.ts'
import { LineControls } from './line-controls.tsx'
import { holdNote, mutedNote, type Note, qualityWords, transferNote } from './line-notes.ts'
import { useNamedLines } from './named-lines.ts'
import { passOn } from './pass-on.ts'
import { QualityChip } from './quality-chip.tsx'
import { RecordingChip } from './recording-chip.tsx'
import type { CallsStore } from './store.ts'
import type { TelephoneStore } from './telephone.ts'
import { endWords, lineTrouble, lineWords } from './words.ts'

export interface LineBarProps {
  readonly store: CallsStore
  readonly telephone: TelephoneStore
}

/** The call in hand, and whoever is joined with it, with everything that can be done with it. */
export function LineBar({ store, telephone }: LineBarProps) {
  const lines = useNamedLines(store, telephone)
  const voicemail = useStore(store, ({ snapshot }) => snapshot?.voicemail ?? null)
  const promised = useStore(telephone, (state) => state.promised.length)
  const { main } = shownCalls(lines)
  return (
    <section className="lines" aria-label="Call in hand">
      {main.length === 0 ? (
        <NoCall telephone={telephone} promised={promised} voicemail={voicemail} />
      ) : main.length === 1 ? (
        main.map((line) => (
          <MainStrip key={line.id} line={line} lines={lines} store={store} telephone={telephone} />
        ))
      ) : (
        <JoinedStrip lines={main} store={store} telephone={telephone} />
      )}
    </section>
  )
}

function NoCall(props: {
  readonly telephone: TelephoneStore
  readonly promised: number
  readonly voicemail: { readonly newMessages: number } | null
}) {
  const { open } = props.telephone.getState()
  const messages = props.voicemail?.newMessages ?? 0
  return (
    <div className="line line--none">
      <p className="quiet">No call</p>
      <div className="line__controls">
        {messages === 0 ? null : (
          <Button onClick={() => open({ name: 'calls', tab: 'voicemail' })}>
            {messages === 1 ? '1 new voicemail' : `${messages} new voicemails`}
          </Button>
        )}
        {props.promised === 0 ? null : (
          <Button onClick={() => open({ name: 'calls', tab: 'promised' })}>
            {props.promised === 1 ? '1 promised call' : `${props.promised} promised calls`}
          </Button>
        )}
        <Button shortcut="F10" onClick={() => open({ name: 'calls', tab: 'recent' })}>
          Calls
        </Button>
        <Button shortcut="F3" onClick={() => open({ name: 'dial' })}>
          Call someone
        </Button>
      </div>
    </div>
  )
}

interface StripProps extends LineBarProps {
  readonly line: Line
  readonly lines: readonly Line[]
}

function MainStrip({ line, lines, store, telephone }: StripProps) {
  const asking = consultation(lines)
  const askedHere = asking !== null && asking.asked.id === line.id
  return (
    <div className={`line line--${line.state.name}`}>
      <div className="line__who">
        <strong className="figures">
          {askedHere ? 'Asking ' : ''}
          {partyWords(line)}
        </strong>
        {line.queue === null ? null : <span>{line.queue.name}</span>}
      </div>
      <div className="line__state small">
        <LineNow line={line} />
        {asking === null ? (
          <Waited line={line} />
        ) : (
          <PartnerNow line={askedHere ? asking.resident : asking.asked} resident={askedHere} />
        )}
      </div>
      <Chips line={line} store={store} asking={asking !== null} />
      <LineControls line={line} lines={lines} store={store} telephone={telephone} />
    </div>
  )
}

function Waited({ line }: { readonly line: Line }) {
  return line.waitedMs === null ? null : (
    <span className="quiet figures">waited {duration(line.waitedMs)}</span>
  )
}

function PartnerNow({ line, resident }: { readonly line: Line; readonly resident: boolean }) {
  const now = useNow()
  const held = holdNote(line, now)
  return (
    <span className={`figures words--${held?.tone ?? 'soft'}`}>
      {resident ? 'Resident' : partyWords(line)}: {held?.text.toLowerCase() ?? lineWords(line).toLowerCase()}
    </span>
  )
}

/** What matters most about the line just now: trouble first, then holding, muting, passing on, then its state. */
export function LineNow({ line }: { readonly line: Line }) {
  const now = useNow()
  const trouble = lineTrouble(line)
  const note: Note | null = trouble ?? transferNote(line) ?? holdNote(line, now) ?? mutedNote(line)
  if (note === null)
    return (
      <span className="figures">
        {lineWords(line)} <LineTime line={line} now={now} />
      </span>
    )
  const urgent = trouble !== null || (line.speakingWhileMuted && line.state.name === 'active')
  return (
    <span className={`figures line__note words--${note.tone}`} role={urgent ? 'alert' : undefined}>
      {note.text}
    </span>
  )
}

function LineTime({ line, now }: { readonly line: Line; readonly now: number }) {
  const since =
    line.state.name === 'active'
      ? line.times.answeredAt
      : line.state.name === 'ended'
        ? null
        : line.state.since
  return since === null ? null : duration(now - since)
}

interface ChipsProps {
  readonly line: Line
  readonly store: CallsStore
  /** While someone is asked there are more buttons, and good sound needs no word. */
  readonly asking: boolean
}

function Chips({ line, store, asking }: ChipsProps) {
  if (line.state.name !== 'active' && line.state.name !== 'held') return null
  const crowded = asking || line.status?.recording.name === 'paused'
  const quiet = crowded && line.quality !== null && qualityWords(line.quality).level === 'Good'
  return (
    <div className="line__chips">
      {line.transfer?.name === 'failed' ? <TransferUnderstood line={line} store={store} /> : null}
      <RecordingChip line={line} store={store} />
      {quiet ? null : <QualityChip line={line} />}
    </div>
  )
}

function TransferUnderstood({ line, store }: { readonly line: Line; readonly store: CallsStore }) {
  return (
    <Button
      className="button--small"
      onClick={() => void store.getState().execute({ name: 'dismissTransfer', lineId: line.id })}
    >
      Understood
    </Button>
  )
}

function JoinedStrip({ lines, store, telephone }: LineBarProps & { readonly lines: readonly Line[] }) {
  const { execute } = useStore(store)
  const [first] = lines
  const now = useNow()
  if (first === undefined) return null
  const muted = lines.every((line) => line.muted)
  const endAll = () => {
    for (const line of lines) void execute({ name: 'hangUp', lineId: line.id })
  }
  return (
    <div className="line line--active line--joined">
      <div className="line__who">
        <strong>You and {lines.length} others, joined</strong>
        <span className={`figures${muted ? ' words--attention' : ''}`}>
          {muted ? 'You are muted' : 'Everybody hears everybody'}{' '}
          {duration(now - (first.times.answeredAt ?? now))}
        </span>
      </div>
      <ul className="line__joined">
        {lines.map((line) => (
          <li key={line.id}>
            <span className="figures">{partyWords(line)}</span>
            <Button
              className="button--small"
              aria-label={`Speak with ${partyWords(line)} alone`}
              onClick={() => void execute({ name: 'split', lineId: line.id })}
            >
              Alone
            </Button>
            <Button
              className="button--small"
              aria-label={`Take ${partyWords(line)} out and end that call`}
              onClick={() => void execute({ name: 'hangUp', lineId: line.id })}
            >
              Take out
            </Button>
          </li>
        ))}
      </ul>
      <div className="line__chips">
        <RecordingChip line={lines.find((line) => !isConsult(line)) ?? first} store={store} />
      </div>
      <div className="line__controls">
        <Button
          pressed={muted}
          shortcut="F6"
          onClick={() => void execute({ name: 'setMuted', lineId: first.id, muted: !muted })}
        >
          {muted ? 'Unmute' : 'Mute'}
        </Button>
        <LeaveJoined lines={lines} store={store} telephone={telephone} />
        <Button shortcut="F3" onClick={() => telephone.getState().open({ name: 'dial' })}>
          Call
        </Button>
        <Button look="danger" shortcut="F2" onClick={endAll}>
          End all
        </Button>
      </div>
    </div>
  )
}

/** Leaves the others talking with each other: the one asked is handed the resident. */
function LeaveJoined({ lines, store, telephone }: LineBarProps & { readonly lines: readonly Line[] }) {
  const asked = lines.find(
    (line) =>
      line.purpose.name === 'consult' &&
      lines.some((each) => line.purpose.name === 'consult' && each.id === line.purpose.forLineId),
  )
  if (asked === undefined || lines.length !== 2) return null
  return (
    <Button
      onClick={() =>
        void passOn(store, telephone, { name: 'completeTransfer', lineId: asked.id }, partyWords(asked))
      }
    >
      Leave them talking
    </Button>
  )
}

/** Every call that is not in hand: waiting ones with Answer and Decline, held ones with their time. */
export function OtherCalls({ store, telephone }: LineBarProps) {
  const lines = useNamedLines(store, telephone)
  const { others, over } = shownCalls(lines)
  const order = numbered(lines)
  const waiting = others.find((line) => line.state.name === 'ringing')
  const nextHeld = others.find(isHeldHere)
  return (
    <section className="other-calls" aria-label="Other calls">
      {others.map((line) => (
        <OtherStrip
          key={line.id}
          line={line}
          store={store}
          shortcut={
            line === waiting ? 'Shift F2' : line === nextHeld ? 'F7' : `Alt Shift ${order.indexOf(line) + 1}`
          }
        />
      ))}
      {over.map((line) => (
        <OverStrip key={line.id} line={line} store={store} />
      ))}
    </section>
  )
}

function OtherStrip(props: { readonly line: Line; readonly store: CallsStore; readonly shortcut: string }) {
  const { line, store, shortcut } = props
  const { execute } = useStore(store)
  const who = partyWords(line)
  const ringing = line.state.name === 'ringing'
  return (
    <div className={`line line--small line--${line.state.name}`} role={ringing ? 'alert' : undefined}>
      <div className="line__who">
        <strong className="figures">
          {ringing ? 'Waiting: ' : ''}
          {who}
        </strong>
        <span className="small">
          {line.queue === null ? null : <>{line.queue.name} · </>}
          <LineNow line={line} />
        </span>
      </div>
      <div className="line__controls">
        {ringing ? (
          <>
            <Button
              look="primary"
              className="button--small"
              shortcut={shortcut}
              onClick={() => void execute({ name: 'answer', lineId: line.id })}
            >
              Answer
            </Button>
            <Button
              className="button--small"
              shortcut="Ctrl F2"
              onClick={() => void execute({ name: 'reject', lineId: line.id })}
            >
              Decline
            </Button>
          </>
        ) : (
          <>
            {line.transfer?.name === 'failed' ? <TransferUnderstood line={line} store={store} /> : null}
            {isHeldHere(line) ? (
              <Button
                className="button--small"
                shortcut={shortcut}
                onClick={() => void execute({ name: 'resume', lineId: line.id })}
              >
                {isConsult(line) ? `Speak with ${who}` : 'Take back'}
              </Button>
            ) : (
              <>
                {line.state.name === 'active' ? (
                  <Button
                    className="button--small"
                    aria-label={`Put ${who} on hold`}
                    onClick={() => void execute({ name: 'hold', lineId: line.id })}
                  >
                    Hold
                  </Button>
                ) : null}
                <Button
                  className="button--small"
                  aria-label={`End the call with ${who}`}
                  onClick={() => void execute({ name: 'hangUp', lineId: line.id })}
                >
                  End
                </Button>
              </>
            )}
          </>
        )}
      </div>
    </div>
  )
}

const overShownMs = 12_000

/** How a call that is nobody's contact ended, for a moment. */
function OverStrip({ line, store }: { readonly line: Line; readonly store: CallsStore }) {
  const { execute } = useStore(store)
  const now = useNow()
  const endedAt = line.state.name === 'ended' ? line.state.at : now
  const gone = now - endedAt > overShownMs
  useEffect(() => {
    if (gone) void execute({ name: 'dismissLine', lineId: line.id })
  }, [gone, execute, line.id])
  if (line.state.name !== 'ended') return null
  return (
    <div className="line line--small line--ended">
      <div className="line__who" role="status">
        <strong className="figures">{partyWords(line)}</strong>
        <span className="small quiet">{endWords[line.state.reason]}</span>
      </div>
      <div className="line__controls">
        <Button
          className="button--small"
          onClick={() => void execute({ name: 'dismissLine', lineId: line.id })}
        >
          Close
        </Button>
      </div>
    </div>
  )
}
