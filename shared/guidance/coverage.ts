import { targetsOf } from './compile.ts'
import type { ScriptDocument, ScriptSource } from './format.ts'
import { playCall } from './test-calls.ts'

/** What the test calls of a script go through. */
export interface Coverage {
  readonly steps: Counted
  /** Ways from one step to another, the key to the escalation not counted. */
  readonly routes: Counted
}

export interface Counted {
  readonly all: number
  readonly taken: number
  /** What no call went through: `step`, or `step → step`. */
  readonly missed: readonly string[]
}

export function coverageOf(
  script: ScriptDocument,
  { tests, testFacts }: Pick<ScriptSource, 'tests' | 'testFacts'>,
): Coverage {
  const ways = tests.map((call) => playCall(script, call, testFacts).way)
  const steps = new Set(ways.flat())
  const routes = new Set(ways.flatMap((way) => way.slice(1).map((step, at) => `${way[at]} → ${step}`)))
  const wanted = Object.entries(script.steps).flatMap(([id, step]) =>
    targetsOf(step).map((target) => `${id} → ${target}`),
  )
  return {
    steps: counted(Object.keys(script.steps), steps),
    routes: counted([...new Set(wanted)], routes),
  }
}

function counted(all: readonly string[], taken: ReadonlySet<string>): Counted {
  const missed = all.filter((each) => !taken.has(each))
  return { all: all.length, taken: all.length - missed.length, missed }
}
