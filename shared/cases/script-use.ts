import type { Contact, ScriptUse } from '../contract/rest.ts'

const dayMs = 86_400_000

const wall = new Intl.DateTimeFormat('en-GB', {
  timeZone: 'Europe/London',
  hour: 'numeric',
  minute: 'numeric',
  second: 'numeric',
  hourCycle: 'h23',
})

/** When the council's day began, in London. Milliseconds since 1970, both ways. */
export function councilMidnight(now: number): number {
  const back = now - sinceMidnightMs(now)
  // On the two days when the clocks change, the clock on the wall has not run as long as the day has.
  const off = sinceMidnightMs(back)
  return off < dayMs / 2 ? back - off : back + dayMs - off
}

function sinceMidnightMs(at: number): number {
  const part = Object.fromEntries(wall.formatToParts(at).map(({ type, value }) => [type, Number(value)]))
  const seconds = (part.hour ?? 0) * 3600 + (part.minute ?? 0) * 60 + (part.second ?? 0)
  return seconds * 1000 + (at % 1000)
}

/** The service's last answer, and when it gave it. */
export interface KnownUse {
  readonly use: ScriptUse
  readonly asAt: number
}

/**
 * Today's use of scripts as far as this desk can know: what the service counted, and what it cannot have counted yet.
 * `contacts` are those the desk knows with their unsent changes, `confirmedIds` those of them that the service has.
 * An answer of yesterday counts for nothing. Most used first.
 */
export function todaysUse(
  known: KnownUse | null,
  contacts: readonly Contact[],
  confirmedIds: ReadonlySet<string>,
  queueIds: readonly string[],
  now: number,
): ScriptUse['counts'] {
  const midnight = councilMidnight(now)
  const counted = known && known.asAt >= midnight ? known : null
  const counts = new Map(counted?.use.counts.map((each) => [each.scriptId, each.contacts]))
  for (const { id, queueId, script, startedAt } of contacts) {
    const began = Date.parse(startedAt)
    if (script === null || queueId === null || !queueIds.includes(queueId) || began < midnight) continue
    if (counted && began < counted.asAt && confirmedIds.has(id)) continue
    counts.set(script.id, (counts.get(script.id) ?? 0) + 1)
  }
  return [...counts]
    .map(([scriptId, contacts]) => ({ scriptId, contacts }))
    .sort((a, b) => b.contacts - a.contacts || (a.scriptId < b.scriptId ? -1 : 1))
}
