import { useState } from 'react'
import { Button } from '#renderer/ui/button.tsx'
import { errorWords } from '#renderer/ui/error-words.ts'
import { Notice } from '#renderer/ui/notice.tsx'
import { duration, useNow } from '#renderer/ui/time.ts'
import type { AppError } from '#shared/kernel/app-error.ts'
import { lineWords, type PaneCalls, type PaneLine, residentHears } from './words.ts'

/** What the telephone does for this pane. */
export interface RiskTelephone {
  hangUp(lineId: string): void
  setMuted(lineId: string, muted: boolean): void
  hold(lineId: string): void
  resume(lineId: string): void
  join(lineIds: readonly string[]): void
  /** Rings the resident again; null when no number is known. */
  readonly callBack: (() => void) | null
}

export interface RiskCallsProps {
  readonly calls: PaneCalls
  readonly telephone: RiskTelephone
  readonly callError: AppError | null
  /** The telephone has no connection to the switchboard: nobody can be called from here. */
  readonly phoneDown: boolean
  readonly onDial: () => void
}

/** 999 and the resident's own call, side by side. The resident is held only when the adviser says so twice. */
export function RiskCalls({ calls, telephone, callError, phoneDown, onDial }: RiskCallsProps) {
  const { resident, emergency } = calls
  const hears = residentHears(resident, emergency)
  const operatorUp = emergency !== null && emergency.state !== 'ended'
  return (
    <section className="risk__calls" aria-label="Calls">
      {operatorUp ? (
        <div className="risk__line">
          <LineNow line={emergency} title="999" />
          <Button onClick={() => telephone.hangUp(emergency.lineId)}>End 999</Button>
        </div>
      ) : (
        <Button className="risk__dial" look="danger" shortcut="Alt 9" onClick={onDial}>
          {emergency === null ? 'Call 999 now' : 'Call 999 again'}
        </Button>
      )}
      {phoneDown && !operatorUp ? (
        <Notice
          look="danger"
          title="This telephone has no connection. Use any other telephone for 999."
          alert
        />
      ) : callError === null ? null : (
        <Notice look="danger" title="The telephone could not do that. Use any other telephone for 999." alert>
          <p>{errorWords(callError)}</p>
        </Notice>
      )}
      {resident === null || resident.state === 'ended' ? (
        <div className="risk__line">
          <p className="quiet">
            {resident === null ? 'Nobody else is on the telephone.' : 'The resident’s call has ended.'}
          </p>
          {telephone.callBack === null ? null : <Button onClick={telephone.callBack}>Ring them back</Button>}
        </div>
      ) : (
        <>
          <div className="risk__line">
            <LineNow line={resident} title={resident.who} />
            <ResidentControls resident={resident} emergency={emergency} telephone={telephone} />
          </div>
          <p className="small" role="status">
            {hears}
          </p>
        </>
      )}
    </section>
  )
}

function LineNow({ line, title }: { readonly line: PaneLine; readonly title: string }) {
  const now = useNow()
  return (
    <p>
      <strong className="figures">{title}</strong>{' '}
      <span className="figures">
        {lineWords(line)} {duration(now - line.since)}
      </span>
    </p>
  )
}

interface ResidentControlsProps {
  readonly resident: PaneLine
  readonly emergency: PaneLine | null
  readonly telephone: RiskTelephone
}

function ResidentControls({ resident, emergency, telephone }: ResidentControlsProps) {
  const [asking, setAsking] = useState(false)
  if (resident.state === 'held')
    return <Button onClick={() => telephone.resume(resident.lineId)}>Take them off hold</Button>
  if (asking)
    return (
      <fieldset className="risk__ask">
        <legend className="visually-hidden">Put them on hold?</legend>
        <p className="small">They would be alone with music, and you would not hear them.</p>
        <Button autoFocus onClick={() => setAsking(false)}>
          Stay with them
        </Button>
        <Button
          onClick={() => {
            setAsking(false)
            telephone.hold(resident.lineId)
          }}
        >
          Put them on hold
        </Button>
      </fieldset>
    )
  return (
    <div className="risk__ask">
      {emergency?.state === 'up' && !resident.joined ? (
        <Button onClick={() => telephone.join([resident.lineId, emergency.lineId])}>
          Let them hear each other
        </Button>
      ) : null}
      {resident.joined ? null : (
        <Button pressed={resident.muted} onClick={() => telephone.setMuted(resident.lineId, !resident.muted)}>
          {resident.muted ? 'Speak to them again' : 'Mute to them'}
        </Button>
      )}
      <Button onClick={() => setAsking(true)}>Hold…</Button>
    </div>
  )
}
