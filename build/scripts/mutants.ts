import { coverageOf } from '#shared/guidance/coverage.ts'
import { scriptSource } from '#shared/guidance/format.ts'
import { migrateScript } from '#shared/guidance/migrate.ts'
import { publishable } from '#shared/guidance/publish.ts'
import type { Change, Draw, Writable } from './mutation-places.ts'
import { changes } from './mutations.ts'

/*
 * Do the proofs and the test calls of a library catch a slip of its writer? Copies of its scripts are broken, one
 * change each, and those that could still be published are the survivors. A seed and a number make one mutant again.
 */

export interface Library {
  readonly scripts: readonly unknown[]
  readonly parts: readonly unknown[]
}

export interface Mutant {
  readonly number: number
  readonly scriptId: string
  readonly change: string
  readonly what: string
  /** What caught it, in words; null for a survivor. */
  readonly caughtBy: string | null
}

export interface MutantRun {
  readonly mutants: readonly Mutant[]
  readonly survivors: readonly Mutant[]
  /** By kind of change. */
  readonly byChange: ReadonlyMap<string, { readonly made: number; readonly survived: number }>
}

/** Changes are drawn in turn, so that each kind is tried as often as the others. */
export function mutate(library: Library, seed: number, count: number): MutantRun {
  const mutants: Mutant[] = []
  for (let number = 1; mutants.length < count && number <= count * 4; number += 1) {
    const mutant = mutantOf(library, seed, number)
    if (mutant !== null) mutants.push(mutant)
  }
  const byChange = new Map<string, { made: number; survived: number }>()
  for (const { change, caughtBy } of mutants) {
    const { made, survived } = byChange.get(change) ?? { made: 0, survived: 0 }
    byChange.set(change, { made: made + 1, survived: survived + (caughtBy === null ? 1 : 0) })
  }
  return { mutants, survivors: mutants.filter(({ caughtBy }) => caughtBy === null), byChange }
}

/** Null when the change drawn has no place in the script drawn. */
export function mutantOf({ scripts, parts }: Library, seed: number, number: number): Mutant | null {
  const draw = drawing(seed * 1_000_003 + number)
  const change: Change | undefined = changes[number % changes.length]
  if (change === undefined) return null
  const script = structuredClone(draw(scripts)) as Writable
  const scriptId = String(script.id)
  const included = parts.filter((part) => includes(script, (part as Writable).id))
  const inPart =
    change.ofPart === true || (change.ofPart === undefined && draw(['script', 'script', 'part']) === 'part')
  const part = inPart && included.length > 0 ? draw(included) : null
  const broken = part === null ? script : (structuredClone(part) as Writable)
  const what = change.make(broken, draw)
  if (what === null) return null
  const used = part === null ? parts : parts.map((each) => (each === part ? broken : each))
  return {
    number,
    scriptId,
    change: change.name,
    what: part === null ? what : `part ${String(broken.id)}: ${what}`,
    caughtBy: caughtBy(script, used) ?? (part === null ? null : caughtElsewhere(scripts, used, broken.id)),
  }
}

function includes(script: Writable, partId: unknown): boolean {
  return Object.values(script.steps as Record<string, Writable>).some(({ part }) => part === partId)
}

/** A part goes to the desks with every script that includes it: any of them may show that it is broken. */
function caughtElsewhere(
  scripts: readonly unknown[],
  parts: readonly unknown[],
  partId: unknown,
): string | null {
  for (const script of scripts) {
    const caught = includes(script as Writable, partId) ? caughtBy(script, parts) : null
    if (caught !== null) return caught
  }
  return null
}

function caughtBy(script: unknown, parts: readonly unknown[]): string | null {
  const proved = publishable(script, parts)
  if (!proved.ok) return proved.error.findings[0]?.problem ?? 'refused'
  const { steps, routes } = coverageOf(proved.value, scriptSource.parse(migrateScript(script)))
  const [missed] = [...steps.missed, ...routes.missed]
  return missed === undefined ? null : `no test call goes through ${missed}`
}

/** Draws from a list; the same seed draws the same (mulberry32). */
function drawing(seed: number): Draw {
  let state = seed >>> 0
  return <T>(from: readonly T[]): T => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    const at = ((mixed ^ (mixed >>> 14)) >>> 0) % from.length
    return from[at] as T
  }
}
