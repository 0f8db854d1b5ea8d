/* What changes of a script are made of: where its steps, words, rows and conditions are, and how one is drawn. */

/** Picks one of a list. */
export type Draw = <T>(from: readonly T[]) => T

/** A script or part as read from its file, to be changed. */
export type Writable = Record<string, unknown>

/** One kind of slip. It changes the script given and says what it did; null when there is no place for it. */
export interface Change {
  readonly name: string
  /** Only in parts, or only in scripts; in either when not said. */
  readonly ofPart?: boolean
  readonly make: (script: Writable, draw: Draw) => string | null
}

export type Step = Writable & { routes?: Route[]; options?: string[] }
export type Route = { when: string; go: string }
type Words = Record<string, Writable>

export const stepsOf = (script: Writable) => script.steps as Record<string, Step>
export const wordsOf = (script: Writable, language: 'en' | 'cy') =>
  (script.wording as Record<string, Words>)[language] ?? {}
export const tablesOf = (script: Writable) =>
  (script.tables ?? {}) as Record<string, { rows: Writable[]; otherwise: unknown }>

/** A place drawn among those that fit; null when none does. */
export function at<T>(draw: Draw, places: readonly T[]): T | null {
  return places.length === 0 ? null : draw(places)
}

export const named = (script: Writable, fits: (step: Step, id: string) => boolean) =>
  Object.entries(stepsOf(script)).filter(([id, step]) => fits(step, id))

export const others = (script: Writable, not: unknown) => {
  const exits = (script.exits ?? []) as string[]
  return [...Object.keys(stepsOf(script)), ...exits.map((exit) => `exit:${exit}`)].filter((id) => id !== not)
}

interface Place {
  readonly holder: { routes?: Route[]; go?: string }
  readonly id: string
}

/** Everywhere that conditions stand: steps, and exits of includes. */
export function routed(script: Writable): readonly Place[] {
  return Object.entries(stepsOf(script)).flatMap(([id, step]) => {
    const exits = Object.values((step.exits ?? {}) as Record<string, unknown>)
    const holders = [step, ...exits].filter((each) => typeof each === 'object') as Place['holder'][]
    return holders.filter(({ routes }) => (routes ?? []).length > 0).map((holder) => ({ holder, id }))
  })
}

/** A change of a step that fits, drawn among them; there is none when no step does. */
export function onStep(
  name: string,
  fits: (step: Step, id: string, script: Writable) => boolean,
  make: (id: string, step: Step, script: Writable, draw: Draw) => string,
  more: Pick<Change, 'ofPart'> = {},
): Change {
  return {
    name,
    ...more,
    make(script, draw) {
      const place = at(
        draw,
        named(script, (step, id) => fits(step, id, script)),
      )
      return place === null ? null : make(place[0], place[1], script, draw)
    },
  }
}

/** Takes a line away from a step that has it. */
export const without = (name: string, key: string): Change =>
  onStep(
    name,
    (step) => step[key] !== undefined,
    (id, step) => {
      delete step[key]
      return `${id}: without ${key}`
    },
  )

export const swapped = (
  name: string,
  one: string,
  other: string,
  of: (step: Step) => Writable | undefined,
): Change =>
  onStep(
    name,
    (step) => of(step)?.[one] !== undefined && of(step)?.[other] !== undefined,
    (id, step) => {
      const held = of(step) ?? {}
      const kept = held[one]
      held[one] = held[other]
      held[other] = kept
      return `${id}: ${one} and ${other} swapped`
    },
  )
