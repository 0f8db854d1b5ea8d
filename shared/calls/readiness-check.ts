import type { ReadinessCheck, ReadinessItem } from '../contract/phone.ts'
import { assertNever } from '../kernel/assert-never.ts'

export type CheckedItem = ReadinessCheck['items'][number]
export type Verdict = Pick<CheckedItem, 'figure'> & { readonly outcome: 'passed' | 'warning' | 'failed' }

/** What was found out about one item. null: it could not be found out in the time there is. */
export type Measurement =
  /** `peak`: the loudest sample heard (0…1) while listening for a few seconds. */
  | { readonly item: 'microphone'; readonly live: boolean; readonly peak: number | null }
  /** `outputs`: how many loudspeakers the browser lists. */
  | { readonly item: 'speaker'; readonly outputs: number }
  | { readonly item: 'registration'; readonly registered: boolean }
  /** Two connections of this machine to each other through the ICE servers that calls use. */
  | {
      readonly item: 'media-path'
      readonly candidates: number
      /** The council names a TURN server; whether it gave an address. */
      readonly relayWanted: boolean
      readonly relayFound: boolean
      readonly connected: boolean
    }
  /** The slower of backend and switchboard, each at the best of a few tries. */
  | { readonly item: 'round-trip'; readonly ms: number | null }
  /** How far this machine's clock is ahead of the backend's. */
  | { readonly item: 'clock'; readonly aheadMs: number | null }
  | { readonly item: 'disk'; readonly freeMb: number | null }
  /** Since the backend last confirmed the records; a cache older than the lease does not open. */
  | { readonly item: 'cache-age'; readonly hours: number | null; readonly leaseHours: number }

/**
 * The round trip that counts, of the one to the council's backend and the one to the switchboard, in milliseconds: the
 * slower. With one of them unknown nothing is known, unless the other is slow enough to speak of in itself.
 */
export function slowerRoundTrip(councilMs: number | null, switchboardMs: number | null): number | null {
  if (councilMs !== null && switchboardMs !== null) return Math.max(councilMs, switchboardMs)
  const ms = councilMs ?? switchboardMs
  return ms !== null && ms > thresholds.roundTripMs.warning ? ms : null
}

/** In the order in which they are shown. */
export const readinessItems = [
  'microphone',
  'speaker',
  'registration',
  'media-path',
  'round-trip',
  'clock',
  'disk',
  'cache-age',
] as const satisfies readonly ReadinessItem[]

/**
 * From where on an item is worth a warning, and from where on it stops an adviser. Round trip: conversation suffers
 * above 400 ms (ITU-T G.114 allows 400 ms one way at most) and cannot be held with two seconds. Clock: identity
 * tokens tolerate minutes, times in records are wrong from the first. Disk: a day's records take some 50 MB.
 */
export const thresholds = {
  roundTripMs: { warning: 400, failed: 2_000 },
  clockMs: { warning: 60_000, failed: 300_000 },
  freeMb: { warning: 500, failed: 50 },
  cacheHours: { warning: 24 },
  /**
   * Every real microphone makes some noise: digital silence is one that is switched off at the headset. A warning and
   * no more, because some noise suppression makes a quiet room just as silent.
   */
  silentPeak: 1e-5,
} as const

/** What cannot be measured is a warning: only a fault that was found stops anybody. */
export function judge(found: Measurement): Verdict {
  switch (found.item) {
    case 'microphone':
      if (!found.live) return verdict('failed')
      return verdict(found.peak !== null && found.peak >= thresholds.silentPeak ? 'passed' : 'warning')
    case 'speaker':
      return verdict(found.outputs > 0 ? 'passed' : 'failed')
    case 'registration':
      return verdict(found.registered ? 'passed' : 'failed')
    case 'media-path':
      if (found.candidates === 0) return verdict('failed')
      return verdict(found.connected && (found.relayFound || !found.relayWanted) ? 'passed' : 'warning')
    case 'round-trip':
      return graded(found.ms, thresholds.roundTripMs)
    case 'clock':
      return {
        ...graded(found.aheadMs === null ? null : Math.abs(found.aheadMs), thresholds.clockMs),
        figure: found.aheadMs,
      }
    case 'disk':
      if (found.freeMb === null) return verdict('warning')
      return verdict(
        found.freeMb < thresholds.freeMb.failed
          ? 'failed'
          : found.freeMb < thresholds.freeMb.warning
            ? 'warning'
            : 'passed',
        found.freeMb,
      )
    case 'cache-age':
      return graded(found.hours, { ...thresholds.cacheHours, failed: found.leaseHours })
    default:
      return assertNever(found)
  }
}

/** `above` the limits it is a warning, or has failed. */
function graded(
  figure: number | null,
  above: { readonly warning: number; readonly failed: number },
): Verdict {
  if (figure === null || figure > above.warning) {
    return verdict(figure !== null && figure > above.failed ? 'failed' : 'warning', figure)
  }
  return verdict('passed', figure)
}

function verdict(outcome: Verdict['outcome'], figure: number | null = null): Verdict {
  return { outcome, figure }
}

/** A check that has just begun; `at` is milliseconds since 1970. */
export function newCheck(at: number): ReadinessCheck {
  return {
    startedAt: at,
    finishedAt: null,
    items: readinessItems.map((item) => ({ item, outcome: 'running', figure: null })),
    override: null,
  }
}

/** With one item measured; the last one finishes the check. */
export function withMeasured(check: ReadinessCheck, found: Measurement, at: number): ReadinessCheck {
  const items = check.items.map((each) => (each.item === found.item ? { ...each, ...judge(found) } : each))
  const finished = items.every(({ outcome }) => outcome !== 'running' && outcome !== 'waiting')
  return { ...check, items, finishedAt: finished ? at : null }
}

export function failedItems(check: ReadinessCheck): ReadinessItem[] {
  return check.items.filter(({ outcome }) => outcome === 'failed').map(({ item }) => item)
}

/** Whether the adviser may go to work: `running` until every item is known, `failed` until overridden with a reason. */
export type CheckState = 'running' | 'failed' | 'green'

export function checkState(check: ReadinessCheck | null): CheckState {
  if (check === null || check.finishedAt === null) return 'running'
  return failedItems(check).length > 0 && check.override === null ? 'failed' : 'green'
}

/** Something could not be measured or was found wrong: worth another look once the surroundings have changed. */
export function isWorthRepeating(check: ReadinessCheck): boolean {
  return check.items.some(
    ({ item, outcome, figure }) =>
      outcome === 'failed' || (outcome === 'warning' && figure === null && item !== 'media-path'),
  )
}
