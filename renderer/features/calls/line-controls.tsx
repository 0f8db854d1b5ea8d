import { useStore } from 'zustand'
import { Button } from '#renderer/ui/button.tsx'
import { MenuButton } from '#renderer/ui/menu.tsx'
import { duration, useNow } from '#renderer/ui/time.ts'
import type { Line } from '#shared/contract/phone.ts'
import { partyWords } from './caller-words.ts'
import { consultation, isConsult, isEmergency, isHeldHere, joinableLines } from './groups.ts'
import { canBePassedOn, endsByKey } from './keys.ts'
import { passOn } from './pass-on.ts'
import type { CallsStore } from './store.ts'
import type { PromiseAbout, TelephoneStore } from './telephone.ts'

export interface LineControlsProps {
  readonly line: Line
  readonly lines: readonly Line[]
  readonly store: CallsStore
  readonly telephone: TelephoneStore
}

/** What can be done with the call in hand; the keys act on the same call. */
export function LineControls(props: LineControlsProps) {
  const { line, lines, store } = props
  const { execute } = useStore(store)
  const now = useNow()
  const hangUp = () => void execute({ name: 'hangUp', lineId: line.id })

  if (line.state.name === 'ringing') return <Ringing line={line} store={store} />
  if (line.state.name === 'dialling' || line.state.name === 'answering')
    return (
      <div className="line__controls">
        {consultation(lines) === null ? null : <ConsultControls {...props} />}
        <Button look="danger" shortcut="F2" onClick={hangUp}>
          {line.state.name === 'dialling' ? 'Cancel' : 'End'}
        </Button>
      </div>
    )

  return (
    <div className="line__controls">
      {consultation(lines) === null ? null : <ConsultControls {...props} />}
      <Talking {...props} />
      <Button look="danger" shortcut="F2" shortcutRests={!endsByKey(line, lines, now)} onClick={hangUp}>
        End call
      </Button>
    </div>
  )
}

function Ringing({ line, store }: { readonly line: Line; readonly store: CallsStore }) {
  const { execute } = useStore(store)
  const now = useNow()
  return (
    <div className="line__controls">
      {line.autoAnswerAt === null ? null : (
        <span className="small words--attention figures">
          Answered by itself in {duration(line.autoAnswerAt - now)}
        </span>
      )}
      <Button look="primary" shortcut="F2" onClick={() => void execute({ name: 'answer', lineId: line.id })}>
        Answer
      </Button>
      <Button shortcut="Ctrl F2" onClick={() => void execute({ name: 'reject', lineId: line.id })}>
        Decline
      </Button>
    </div>
  )
}

/** Pass on, join, or go back: the three ways out of asking someone. */
function ConsultControls({ line, lines, store, telephone }: LineControlsProps) {
  const { execute } = useStore(store)
  const asking = consultation(lines)
  if (asking === null) return null
  const { asked, resident } = asking
  const answered = canBePassedOn(asked)
  return (
    <>
      <Button
        look={answered ? 'primary' : 'normal'}
        shortcut="Shift F3"
        disabled={!answered}
        onClick={() =>
          void passOn(store, telephone, { name: 'completeTransfer', lineId: asked.id }, partyWords(asked))
        }
      >
        Pass on
      </Button>
      <Button
        shortcut="Shift F7"
        disabled={!answered}
        onClick={() => void execute({ name: 'merge', lineIds: [resident.id, asked.id] })}
      >
        Join all
      </Button>
      <Button
        shortcut="F7"
        onClick={() => void execute({ name: 'resume', lineId: isConsult(line) ? resident.id : asked.id })}
      >
        {isConsult(line) ? 'Back to resident' : `To ${partyWords(asked)}`}
      </Button>
    </>
  )
}

function Talking({ line, lines, store, telephone }: LineControlsProps) {
  const { execute } = useStore(store)
  const held = isHeldHere(line)
  const asking = consultation(lines) !== null
  const { open } = telephone.getState()
  const lineIds = joinableLines(lines)
  const joinable = lineIds.length > 1
  const joinAll = () => void execute({ name: 'merge', lineIds: [...lineIds] })
  return (
    <>
      <Button
        pressed={line.muted}
        shortcut="F6"
        onClick={() => void execute({ name: 'setMuted', lineId: line.id, muted: !line.muted })}
      >
        {line.muted ? 'Unmute' : 'Mute'}
      </Button>
      {asking ? null : (
        <Button
          pressed={held}
          shortcut="F4"
          onClick={() => void execute({ name: held ? 'resume' : 'hold', lineId: line.id })}
        >
          {held ? 'Resume' : 'Hold'}
        </Button>
      )}
      {joinable && isEmergency(line) ? (
        <Button shortcut="Shift F7" onClick={joinAll}>
          Join all
        </Button>
      ) : null}
      {asking ? null : (
        <Button shortcut="F3" onClick={() => open({ name: 'dial' })}>
          Transfer
        </Button>
      )}
      <MenuButton
        label="More for this call"
        groups={[
          {
            heading: 'This call',
            entries: [
              { id: 'keypad', label: 'Keypad', detail: 'Ctrl D' },
              ...(joinable ? [{ id: 'join', label: 'Join all calls', detail: 'Shift F7' }] : []),
              { id: 'promise', label: 'Promise a call back' },
              { id: 'report', label: 'Report a bad call' },
              { id: 'calls', label: 'Recent and promised calls', detail: 'F10' },
            ],
          },
        ]}
        onChoose={(id) => {
          if (id === 'keypad') open({ name: 'keypad', lineId: line.id })
          else if (id === 'join') joinAll()
          else if (id === 'promise') open({ name: 'promise', about: aboutLine(line) })
          else if (id === 'report') open({ name: 'report', contactId: line.contactId })
          else open({ name: 'calls', tab: 'recent' })
        }}
      >
        <span>More</span>
        <span aria-hidden="true">▾</span>
      </MenuButton>
    </>
  )
}

function aboutLine(line: Line): PromiseAbout {
  return {
    number: line.remote.number ?? null,
    name: '',
    residentId: null,
    caseId: null,
    contactId: line.contactId,
    queueId: line.queue?.id ?? null,
  }
}
