import type { ScriptEntry, ScriptUse } from '../contract/rest.ts'

/**
 * The scripts most used today, most first, filled up with those of the adviser's queues and then by title. Withdrawn
 * ones are left out.
 */
export function mostUsedScripts(
  scripts: readonly ScriptEntry[],
  counts: ScriptUse['counts'],
  ofQueues: readonly string[],
  howMany: number,
): readonly ScriptEntry[] {
  const byId = new Map(scripts.filter(({ withdrawn }) => !withdrawn).map((entry) => [entry.id, entry]))
  const used = counts.toSorted((a, b) => b.contacts - a.contacts).map(({ scriptId }) => scriptId)
  const byTitle = [...byId.values()].toSorted((a, b) => a.title.localeCompare(b.title))
  const wanted = [...new Set([...used, ...ofQueues, ...byTitle.map(({ id }) => id)])]
  return wanted
    .map((scriptId) => byId.get(scriptId))
    .filter((entry) => entry !== undefined)
    .slice(0, howMany)
}
