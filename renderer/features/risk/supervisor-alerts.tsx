import { type RefObject, useLayoutEffect, useRef } from 'react'
import { useStore } from 'zustand'
import { Button } from '#renderer/ui/button.tsx'
import { Dialog } from '#renderer/ui/dialog.tsx'
import { errorWords } from '#renderer/ui/error-words.ts'
import { ago, timeToSecond, useNow } from '#renderer/ui/time.ts'
import type { Alert } from '#shared/contract/rest.ts'
import { type AlertsStore, isWaiting, type ShownAlert } from './alerts-store.ts'
import { LogLines } from './log-lines.tsx'
import { alertFacts, alertTitle, newestEvent, takenWords } from './words.ts'

export interface SupervisorAlertsProps {
  readonly store: AlertsStore
  readonly myName: string
  /** Opens the directory at the adviser’s name, to ring them. */
  readonly onRing: (name: string) => void
}

/**
 * Risks to life that other advisers told of, above all panes. It covers no call and takes no focus; the attribute
 * tells dialogs to let it be read and used beside them.
 */
export function SupervisorAlerts({ store, myName, onRing }: SupervisorAlertsProps) {
  const { shown, logOf } = useStore(store)
  const strip = useRef<HTMLElement>(null)
  useRoomForDialogs(strip, shown.length > 0)
  if (shown.length === 0) return null
  const next = shown.find(({ alert }) => isWaiting(alert))
  const read = shown.find(({ alert }) => alert.id === logOf)?.alert
  return (
    <>
      <section ref={strip} className="alerts" aria-label="Risks to life" data-react-aria-top-layer="true">
        {shown.map((each) => (
          <OneAlert
            key={each.alert.id}
            store={store}
            each={each}
            hasKey={each === next}
            myName={myName}
            onRing={onRing}
          />
        ))}
      </section>
      {read === undefined ? null : <AlertLog alert={read} onClose={() => store.getState().showLog(null)} />}
    </>
  )
}

/** Dialogs stand below the strip, however much it says: neither may cover the other. */
function useRoomForDialogs(strip: RefObject<HTMLElement | null>, isThere: boolean): void {
  useLayoutEffect(() => {
    const element = strip.current
    if (!isThere || element === null) return
    const root = document.documentElement.style
    const observer = new ResizeObserver(() =>
      root.setProperty('--alerts-end', `${element.getBoundingClientRect().bottom}px`),
    )
    observer.observe(element)
    return () => {
      observer.disconnect()
      root.removeProperty('--alerts-end')
    }
  }, [strip, isThere])
}

interface OneAlertProps extends SupervisorAlertsProps {
  readonly each: ShownAlert
  /** The desk’s key takes up this one. */
  readonly hasKey: boolean
}

function OneAlert({ store, each, hasKey, myName, onRing }: OneAlertProps) {
  const { takeUp, close, showLog } = useStore(store)
  const { alert, taking } = each
  const taken = takenWords(alert, myName)
  const mine = alert.acknowledgedBy === myName
  return (
    <article className={taken === null ? 'alerts__one' : 'alerts__one alerts__one--taken'}>
      <div className="alerts__words">
        <p className="alerts__title">
          {/* Only this is read out: what changes every minute or with every line would be read out again. */}
          <span role="alert">{taken ?? alertTitle(alert)}</span> {taken === null ? <Age of={alert} /> : null}
        </p>
        {taken === null || mine ? <Facts alert={alert} /> : null}
        {typeof taking === 'string' ? null : (
          <p role="alert">
            It could not be taken up from here. {errorWords(taking.failed)} Go to them now, and try again.
          </p>
        )}
      </div>
      <div className="alerts__actions">
        {taken === null ? (
          <Button
            {...(hasKey ? { shortcut: 'Ctrl F12' } : {})}
            disabled={taking === 'asking'}
            onClick={() => void takeUp(alert.id)}
          >
            {taking === 'asking' ? 'Being taken up…' : 'Take it up'}
          </Button>
        ) : null}
        {mine ? <Button onClick={() => onRing(alert.raisedBy)}>Ring them</Button> : null}
        {alert.log === undefined ? null : <Button onClick={() => showLog(alert.id)}>Open the log</Button>}
        {taken === null ? null : <Button onClick={() => close(alert.id)}>Close</Button>}
      </div>
    </article>
  )
}

function Age({ of: { raisedAt } }: { readonly of: Alert }) {
  return <span className="alerts__age">({ago(useNow() - Date.parse(raisedAt))})</span>
}

function Facts({ alert: { log } }: { readonly alert: Alert }) {
  if (log === undefined)
    return <p>This service does not send what is known of the person. Ask the adviser.</p>
  const newest = newestEvent(log)
  return (
    <dl className="alerts__facts">
      {alertFacts(log).map(({ label, text }) => (
        <div key={label}>
          <dt>{label}</dt>
          <dd>{text}</dd>
        </div>
      ))}
      {newest === undefined ? null : (
        <div>
          <dt>Newest line, {timeToSecond(newest.at)}</dt>
          <dd>{newest.text}</dd>
        </div>
      )}
    </dl>
  )
}

function AlertLog({ alert, onClose }: { readonly alert: Alert; readonly onClose: () => void }) {
  const log = alert.log ?? []
  return (
    <Dialog title={`Risk to life: the log of ${alert.raisedBy}`} open wide onClose={onClose}>
      <dl className="facts">
        {alertFacts(log).flatMap(({ label, text }) => [
          <dt key={`${label} label`}>{label}</dt>,
          <dd key={label}>{text}</dd>,
        ])}
      </dl>
      <div className="alerts__log">
        <LogLines lines={log} />
      </div>
      <p className="small quiet">New lines come by themselves as they are written.</p>
      <div className="dialog__actions">
        <Button look="primary" onClick={onClose}>
          Close the log
        </Button>
      </div>
    </Dialog>
  )
}
