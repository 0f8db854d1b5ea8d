import { createStore, type StoreApi } from 'zustand/vanilla'
import type { RecordsApi } from '#shared/contract/records.ts'
import type { Alert, Me } from '#shared/contract/rest.ts'
import type { AppError } from '#shared/kernel/app-error.ts'
import type { Clock } from '#shared/kernel/clock.ts'

/** How long it stays to be read that somebody else took an alert up. */
const takenByOtherMs = 20_000
/** A desk that was loaded again shows what its supervisor took up no longer ago than this. */
const takenByMeMs = 30 * 60_000

export interface AlertsPorts {
  readonly records: Pick<RecordsApi, 'alertsHeard' | 'acknowledgeAlert'>
  readonly clock: Clock
  /** Whose desk it is; null while nobody's records are open. */
  me(): Me | null
  /** An alert was raised: the desk may be behind other windows. */
  callAttention(): void
}

export interface ShownAlert {
  readonly alert: Alert
  /** `failed`: why it could not be taken up; it still can. */
  readonly taking: 'no' | 'asking' | { readonly failed: AppError }
}

export interface AlertsState {
  /** Those of other advisers that a supervisor has to see, in the order in which they were raised. */
  readonly shown: readonly ShownAlert[]
  /** The alert whose log is open. */
  readonly logOf: string | null
  heard(alert: Alert): void
  /** Reads what was told before this desk was there. */
  refresh(): Promise<void>
  /** Without an id the one that waits longest. */
  takeUp(alertId?: string): Promise<void>
  /** Of one that was taken up. */
  close(alertId: string): void
  showLog(alertId: string | null): void
  /** Somebody else may sign in here. */
  forget(): void
}

export type AlertsStore = StoreApi<AlertsState>

export const isWaiting = ({ acknowledgedAt }: Alert): boolean => acknowledgedAt === null

/** What supervisors are told of risks to life, on their own desks. */
export function createAlertsStore({ records, clock, me, callAttention }: AlertsPorts): AlertsStore {
  const closed = new Set<string>()

  return createStore<AlertsState>()((set, get) => {
    const known = (alertId: string) => get().shown.find(({ alert }) => alert.id === alertId)

    const put = (each: ShownAlert) => {
      const others = get().shown.filter(({ alert }) => alert.id !== each.alert.id)
      const raisedAt = ({ alert }: ShownAlert) => Date.parse(alert.raisedAt)
      set({ shown: [...others, each].sort((a, b) => raisedAt(a) - raisedAt(b)) })
    }

    const remove = (alertId: string) =>
      set({
        shown: get().shown.filter(({ alert }) => alert.id !== alertId),
        logOf: get().logOf === alertId ? null : get().logOf,
      })

    /** Nobody is told of an alert that they raised themselves. */
    const concernsMe = ({ raisedById, raisedBy }: Alert): boolean => {
      const { adviser, roles = [] } = me() ?? {}
      const isMine = raisedById === undefined ? raisedBy === adviser?.name : raisedById === adviser?.id
      return roles.includes('supervisor') && !isMine
    }

    const heardWaiting = (alert: Alert) => {
      const before = known(alert.id)
      if (before !== undefined && !isWaiting(before.alert)) return
      put({ taking: 'no', ...before, alert })
      if (before === undefined) callAttention()
    }

    const heardTaken = (alert: Alert) => {
      const before = known(alert.id)
      const byMe = alert.acknowledgedBy === me()?.adviser.name
      const isRecent = clock.now() - Date.parse(alert.acknowledgedAt ?? '') < takenByMeMs
      if (before === undefined && !(byMe && isRecent)) return
      put({ alert, taking: 'no' })
      if (byMe || (before !== undefined && !isWaiting(before.alert))) return
      // Whoever reads the log goes on until they close it.
      clock.after(takenByOtherMs, () => {
        if (get().logOf !== alert.id) remove(alert.id)
      })
    }

    return {
      shown: [],
      logOf: null,

      heard(alert) {
        if (!concernsMe(alert) || closed.has(alert.id)) return
        if (isWaiting(alert)) heardWaiting(alert)
        else heardTaken(alert)
      },

      async refresh() {
        const all = await records.alertsHeard()
        set({ shown: get().shown.filter(({ alert }) => all.some(({ id }) => id === alert.id)) })
        for (const alert of all) get().heard(alert)
      },

      async takeUp(alertId) {
        const chosen = alertId ?? get().shown.find(({ alert }) => isWaiting(alert))?.alert.id
        const before = chosen === undefined ? undefined : known(chosen)
        if (before === undefined || before.taking === 'asking' || !isWaiting(before.alert)) return
        put({ ...before, taking: 'asking' })
        const answer = await records.acknowledgeAlert(before.alert.id)
        if (answer.ok) return get().heard(answer.value)
        const now = known(before.alert.id)
        if (now !== undefined) put({ ...now, taking: { failed: answer.error } })
      },

      close(alertId) {
        closed.add(alertId)
        remove(alertId)
      },

      showLog(logOf) {
        const left = known(get().logOf ?? '')?.alert
        set({ logOf })
        if (left !== undefined && !isWaiting(left) && left.acknowledgedBy !== me()?.adviser.name)
          remove(left.id)
      },

      forget() {
        closed.clear()
        set({ shown: [], logOf: null })
      },
    }
  })
}
