import type { Clock } from '#shared/kernel/clock.ts'
import type { Log } from '#shared/kernel/log.ts'
import type { Alerts, RaisedAlert } from './council/alerts.ts'

/** How long somebody takes to read an alert and to take it up. */
const takesUpAfterMs = 4_000

export interface SupervisorOptions {
  readonly alerts: Alerts
  readonly name: string
  readonly clock: Clock
  readonly log: Log
}

/** A supervisor who sees every alert at once, and a little later takes up what no supervisor at a desk was told of. */
export function startSupervisor({ alerts, name, clock, log }: SupervisorOptions): { stop(): Promise<void> } {
  const pending = new Map<string, () => void>()
  const failed = () => log.error('supervisor/alert-not-taken-up')

  const takeUp = async (alertId: string) => {
    const told = (await alerts.read(alertId))?.alert.toldTo ?? []
    if (told.every((each) => each === name)) await alerts.acknowledge(alertId, name)
  }

  const see = ({ alert }: RaisedAlert) => {
    if (alert.acknowledgedAt !== null || pending.has(alert.id)) return
    pending.set(
      alert.id,
      clock.after(takesUpAfterMs, () => {
        pending.delete(alert.id)
        takeUp(alert.id).catch(failed)
      }),
    )
    alerts.shown(alert.id, name).catch(failed)
  }

  const stopListening = alerts.onNews(see)
  // What was raised before the council was stopped.
  alerts.open().then((all) => all.forEach(see), failed)
  return {
    stop: async () => {
      stopListening()
      for (const cancel of pending.values()) cancel()
    },
  }
}
