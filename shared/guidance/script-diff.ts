import type { EnglishWording, FlatStep, ScriptDocument, WelshWording } from './format.ts'
import type { PlayedCall } from './test-calls.ts'
import { countWays, type Leg, legsOf, type WayCounts } from './ways.ts'

/** What became of the ways through a script from one version to the next, in sentences. */
export interface ScriptDiff {
  /** Ways from start to end, before and after. */
  readonly ways: { readonly before: number; readonly after: number }
  readonly added: readonly string[]
  readonly removed: readonly string[]
  /** The same two steps follow each other under other answers. */
  readonly rerouted: readonly string[]
  /** What is said, asked or noted at a step differs. */
  readonly reworded: readonly string[]
  /** Tables, the start, the escalation and other lines that no single way shows. */
  readonly other: readonly string[]
}

/** Changed ways, not changed lines: a step that was moved in the file is no difference. */
export function diffScripts(before: ScriptDocument, after: ScriptDocument): ScriptDiff {
  const [was, is] = [sideOf(before), sideOf(after)]
  const legs = [...is.legs].filter(([key]) => !was.legs.has(key)).map(([, leg]) => leg)
  const gone = [...was.legs].filter(([key]) => !is.legs.has(key)).map(([, leg]) => leg)
  return {
    ways: { before: was.counts.all, after: is.counts.all },
    added: [...newSteps(is, was), ...legs.map((leg) => legInWords(is, leg))],
    removed: [...newSteps(was, is), ...gone.map((leg) => legInWords(was, leg))],
    rerouted: [...is.legs].flatMap(([key, leg]) => rerouted(is, was.legs.get(key), leg)),
    reworded: Object.keys(after.steps).flatMap((id) => reworded(was, is, id)),
    other: otherChanges(before, after),
  }
}

/** Whether nothing differs that an adviser or a resident could notice. */
export const isSame = ({ added, removed, rerouted: routes, reworded: words, other }: ScriptDiff): boolean =>
  [added, removed, routes, words, other].every((each) => each.length === 0)

/** Calls that go another way than before: `before` and `after` are one call played through both versions. */
export function diffCalls(
  scripts: { readonly before: ScriptDocument; readonly after: ScriptDocument },
  calls: readonly { readonly before: PlayedCall; readonly after: PlayedCall }[],
): readonly string[] {
  return calls.flatMap(({ before, after }) => {
    const parts = before.way.findIndex((id, at) => id !== after.way[at])
    const at = parts === -1 ? before.way.length : parts
    const [was, is] = [before.way[at], after.way[at]]
    if (was === undefined && is === undefined) return []
    const from = before.way[at - 1]
    const place = from === undefined ? 'at the start' : `after ${titled(scripts.before, from)}`
    const [old, now] = [titledOr(scripts.before, was), titledOr(scripts.after, is)]
    const ends = [titledOr(scripts.before, before.way.at(-1)), titledOr(scripts.after, after.way.at(-1))]
    const end = ends[0] === ends[1] ? `still ends at ${ends[1]}` : `ends at ${ends[1]} instead of ${ends[0]}`
    return [`"${before.name}": ${place} it goes to ${now} instead of ${old}, and ${end}.`]
  })
}

interface Side {
  readonly script: ScriptDocument
  readonly counts: WayCounts
  readonly legs: ReadonlyMap<string, Leg>
}

function sideOf(script: ScriptDocument): Side {
  const legs = Object.keys(script.steps).flatMap((id) => legsOf(script, id))
  return {
    script,
    counts: countWays(script),
    legs: new Map(legs.map((leg) => [`${leg.from}>${leg.to}`, leg])),
  }
}

const titled = (script: ScriptDocument, id: string) => `${script.wording.en[id]?.title ?? id} (${id})`
const titledOr = (script: ScriptDocument, id: string | undefined) =>
  id === undefined ? 'nothing' : titled(script, id)

function newSteps({ script, counts }: Side, other: Side): readonly string[] {
  return Object.entries(script.steps)
    .filter(([id]) => !Object.hasOwn(other.script.steps, id))
    .map(([id, { kind }]) => `The ${kind} step ${titled(script, id)}, on ${waysThrough(counts, id)}.`)
}

function legInWords({ script, counts }: Side, { from, to, when }: Leg): string {
  const under = when === null ? '' : `, when ${when}`
  const ways = (counts.to.get(from) ?? 0) * (counts.onward.get(to) ?? 0)
  return `From ${titled(script, from)} to ${titled(script, to)}${under}: ${inWays(ways)}.`
}

function waysThrough({ to, onward }: WayCounts, id: string): string {
  return inWays((to.get(id) ?? 0) * (onward.get(id) ?? 0))
}

const inWays = (ways: number) =>
  ways === 0 ? 'only by the key to the escalation' : ways === 1 ? '1 way' : `${ways} ways`

function rerouted(is: Side, old: Leg | undefined, leg: Leg): readonly string[] {
  if (old === undefined || old.condition === leg.condition) return []
  const { script } = is
  const [before, now] = [old.when ?? 'always', leg.when ?? 'always']
  const words = before === now ? [old.condition, leg.condition] : [before, now]
  const ways = (is.counts.to.get(leg.from) ?? 0) * (is.counts.onward.get(leg.to) ?? 0)
  return [
    `From ${titled(script, leg.from)} to ${titled(script, leg.to)}: was when ${words[0]}, now when ${words[1]} (${inWays(ways)}).`,
  ]
}

/** Names of what stands in the wording, as an editor calls it. */
const lineWords: Readonly<Record<string, string>> = {
  say: 'what is said',
  title: 'the title',
  why: 'the reason',
  note: 'the note',
  label: 'the label',
  options: 'the answers',
  questions: 'the questions',
  promises: 'the promises',
  contacts: 'the contact cards',
  subject: 'the subject',
  fieldLabels: 'the labels',
}

function reworded(was: Side, is: Side, id: string): readonly string[] {
  const [old, step] = [was.script.steps[id], is.script.steps[id]]
  if (old === undefined || step === undefined) return []
  const changes = [
    ...wordChanges(was.script.wording.en[id], is.script.wording.en[id], ''),
    ...wordChanges(was.script.wording.cy[id], is.script.wording.cy[id], ' in Welsh'),
    ...stepChanges(old, step),
  ]
  if (changes.length === 0) return []
  return [`${titled(is.script, id)}, on ${waysThrough(is.counts, id)}: ${changes.join('; ')}.`]
}

type Words = EnglishWording | WelshWording | undefined

function wordChanges(old: Words, now: Words, language: string): readonly string[] {
  const [before, after] = [record(old), record(now)]
  return [...new Set([...Object.keys(before), ...Object.keys(after)])].flatMap((key) => {
    const [a, b] = [before[key], after[key]]
    if (JSON.stringify(a) === JSON.stringify(b)) return []
    const what = `${lineWords[key] ?? key}${language}`
    if (typeof a !== 'string' && typeof b !== 'string') return [`${what} changed`]
    if (a === undefined) return [`${what} is new: "${String(b)}"`]
    return b === undefined
      ? [`${what} is gone: "${String(a)}"`]
      : [`${what} was "${String(a)}", now "${String(b)}"`]
  })
}

const record = (value: unknown): Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null ? { ...value } : {}

/** Lines of the step itself, where it leads left out. */
function stepChanges(old: FlatStep, now: FlatStep): readonly string[] {
  const [before, after] = [record(old), record(now)]
  return [...new Set([...Object.keys(before), ...Object.keys(after)])]
    .filter((key) => !['routes', 'go', 'passed', 'failed'].includes(key))
    .flatMap((key) => {
      const [a, b] = [JSON.stringify(before[key]), JSON.stringify(after[key])]
      return a === b ? [] : [`${key} was ${a ?? 'not there'}, now ${b ?? 'not there'}`]
    })
}

function otherChanges(before: ScriptDocument, after: ScriptDocument): readonly string[] {
  const found: string[] = []
  if (before.start !== after.start) found.push(`The script starts at ${titled(after, after.start)}.`)
  if (before.escalation !== after.escalation) {
    found.push(`The key for someone at risk leads to ${titled(after, after.escalation)}.`)
  }
  for (const { id, version } of after.parts) {
    const old = before.parts.find((part) => part.id === id)
    if (old?.version !== version)
      found.push(`The part ${id} is at version ${version}, was at ${old?.version ?? 'none'}.`)
  }
  const [was, is] = [before.tables ?? {}, after.tables ?? {}]
  for (const name of new Set([...Object.keys(was), ...Object.keys(is)])) {
    const [old, now] = [was[name], is[name]]
    if (JSON.stringify(old) === JSON.stringify(now)) continue
    const what = old === undefined ? 'is new' : now === undefined ? 'is gone' : 'gives other values'
    found.push(`The table ${name} ${what}.`)
  }
  for (const key of ['title', 'subject', 'owner', 'reviewBy'] as const) {
    if (before[key] !== after[key]) found.push(`The ${key} was "${before[key]}", now "${after[key]}".`)
  }
  return found
}
