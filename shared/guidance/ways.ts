import { targetsOf } from './compile.ts'
import { conditionInWords, shortened } from './condition-words.ts'
import type { FlatStep, ScriptDocument } from './format.ts'
import { optionLabel } from './words.ts'

/** A step leading to another, and under which answers, in words. */
export interface Leg {
  readonly from: string
  readonly to: string
  /** In English: "Food", "otherwise", "not checked"; null where there is only one way on. */
  readonly when: string | null
  /** As the script says it, in order; `otherwise` for the default. */
  readonly condition: string
}

/** Everything that leads on from a step, one leg for each target. */
export function legsOf(script: ScriptDocument, id: string): readonly Leg[] {
  const step = script.steps[id]
  if (step === undefined) return []
  const targets = [...new Set(targetsOf(step))]
  return targets.map((to) => ({ from: id, to, ...reasons(script, id, step, to, targets.length) }))
}

function reasons(
  script: ScriptDocument,
  id: string,
  step: FlatStep,
  to: string,
  targets: number,
): Pick<Leg, 'when' | 'condition'> {
  if (step.kind === 'verify') {
    const checked = to === step.passed
    return { when: checked ? 'checked' : 'not checked', condition: checked ? 'passed' : 'failed' }
  }
  const conditions = 'routes' in step ? (step.routes ?? []).filter(({ go }) => go === to) : []
  const isDefault = 'go' in step && step.go === to
  const all = [...conditions.map(({ when }) => when), ...(isDefault ? ['otherwise'] : [])]
  const words = all.map((when) =>
    when === 'otherwise' ? otherwise(script, id, step) : shortened(conditionInWords(script, id, when), 90),
  )
  return { when: targets === 1 ? null : words.join('; or '), condition: all.join('; or ') }
}

/** The only answer that no route is about, when there is one. */
function otherwise(script: ScriptDocument, id: string, step: FlatStep): string {
  const plain = 'routes' in step ? (step.routes ?? []).map(({ when }) => own(id, when)) : []
  if (step.kind !== 'ask' || plain.includes(null)) return 'otherwise'
  const options =
    step.input === 'yesNo' ? ['yes', 'no', ...(step.notSure ? ['not-sure'] : [])] : (step.options ?? [])
  const left = options.filter((option) => !plain.includes(option))
  const [only] = left
  return left.length === 1 && only !== undefined ? optionLabel(script, id, step, only, 'en') : 'otherwise'
}

/** The value in a condition that only holds the step's own answer against one. */
const own = (id: string, when: string): string | null =>
  new RegExp(`^${id} = "([^"]+)"$`).exec(when.trim())?.[1] ?? null

/** How many ways there are, and how long. A way is a list of steps from one to the end; no step comes twice. */
export interface WayCounts {
  /** Ways from the start to each step. */
  readonly to: ReadonlyMap<string, number>
  /** Ways from each step to an outcome. */
  readonly onward: ReadonlyMap<string, number>
  readonly all: number
  /** In steps. */
  readonly shortest: number
  readonly longest: number
  /** The script goes round in circles: turns back are left out, and there are more ways than counted. */
  readonly circular: boolean
}

export function countWays(script: ScriptDocument): WayCounts {
  const { order, back } = inOrder(script)
  const legs = (id: string) => {
    const step = script.steps[id]
    const targets = step === undefined ? [] : targetsOf(step)
    return targets.filter((target) => Object.hasOwn(script.steps, target) && !back.has(`${id}>${target}`))
  }
  const to = new Map<string, number>([[script.start, 1]])
  for (const id of order) {
    for (const target of new Set(legs(id))) to.set(target, (to.get(target) ?? 0) + (to.get(id) ?? 0))
  }
  const onward = new Map<string, number>()
  const lengths = new Map<string, { readonly shortest: number; readonly longest: number }>()
  for (const id of order.toReversed()) {
    const targets = [...new Set(legs(id))]
    const ends = script.steps[id]?.kind === 'outcome'
    onward.set(id, ends ? 1 : targets.reduce((sum, target) => sum + (onward.get(target) ?? 0), 0))
    const after = targets.map((target) => lengths.get(target)).filter((each) => each !== undefined)
    lengths.set(id, {
      shortest: ends ? 1 : 1 + Math.min(...after.map(({ shortest }) => shortest)),
      longest: ends ? 1 : 1 + Math.max(...after.map(({ longest }) => longest)),
    })
  }
  const whole = lengths.get(script.start) ?? { shortest: 0, longest: 0 }
  return { to, onward, all: onward.get(script.start) ?? 0, ...whole, circular: back.size > 0 }
}

/** Steps that can be reached from the start, each after those that lead to it; legs that turn back are named apart. */
function inOrder(script: ScriptDocument): {
  readonly order: readonly string[]
  readonly back: ReadonlySet<string>
} {
  const done: string[] = []
  const seen = new Set<string>()
  const open = new Set<string>()
  const back = new Set<string>()
  const visit = (id: string) => {
    const step = script.steps[id]
    if (step === undefined || seen.has(id)) return
    seen.add(id)
    open.add(id)
    for (const target of targetsOf(step)) {
      if (open.has(target)) back.add(`${id}>${target}`)
      else visit(target)
    }
    open.delete(id)
    done.push(id)
  }
  visit(script.start)
  return { order: done.toReversed(), back }
}

/** Every way in the order of the routes, up to so many. */
export function listWays(script: ScriptDocument, most: number): readonly (readonly string[])[] {
  const ways: (readonly string[])[] = []
  const walk = (way: readonly string[], id: string) => {
    const step = script.steps[id]
    if (step === undefined || way.includes(id) || ways.length >= most) return
    const longer = [...way, id]
    if (step.kind === 'outcome') ways.push(longer)
    else for (const target of new Set(targetsOf(step))) walk(longer, target)
  }
  walk([], script.start)
  return ways
}

/**
 * The way that calls take most: the one that most of them share, or where each takes its own, the one to the commonest
 * end whose legs most of them take. Empty when there are none.
 */
export function commonestWay(taken: readonly (readonly string[])[]): readonly string[] {
  const legs = countOf(taken.flatMap((way) => way.slice(1).map((id, at) => `${way[at]}>${id}`)))
  const same = countOf(taken.map((way) => way.join()))
  const ends = countOf(taken.map((way) => way.at(-1) ?? ''))
  const shared = (way: readonly string[]) =>
    way.slice(1).reduce((sum, id, at) => sum + (legs.get(`${way[at]}>${id}`) ?? 0), 0) / way.length
  const rank = (way: readonly string[]) => [
    same.get(way.join()) ?? 0,
    ends.get(way.at(-1) ?? '') ?? 0,
    shared(way),
  ]
  const [first] = taken.toSorted((one, other) => {
    const [a, b] = [rank(one), rank(other)]
    const place = a.findIndex((value, at) => value !== b[at])
    return (b[place] ?? 0) - (a[place] ?? 0)
  })
  return first ?? []
}

function countOf(keys: readonly string[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>()
  for (const key of keys) counts.set(key, (counts.get(key) ?? 0) + 1)
  return counts
}
