import { namesOfAnswers } from './compile.ts'
import { holdsIn, situationsOf } from './condition-values.ts'
import { type FeelExpression, parseFeel } from './feel.ts'
import { type Finding, finding, findingAt } from './finding.ts'
import type { FlatStep, Route, ScriptDocument } from './format.ts'
import { alwaysPasses, type ScriptGraph } from './graph.ts'

/** Every route can be taken and makes a difference: one that cannot is a slip of its writer. */
export function checkRoutes(script: ScriptDocument, graph: ScriptGraph): readonly Finding[] {
  const names = namesOfAnswers(script.steps)
  return Object.entries(script.steps).flatMap(([id, step]) => {
    const routes = routesOf(step)
    if (routes.length === 0 || !('go' in step)) return []
    const idle = idleRoutes(id, routes, step.go)
    if (idle.length > 0) return idle
    const parsed = routes.map(({ when }) => parseFeel(when, names))
    const conditions = parsed.flatMap((each) => (each.ok ? [each.value] : []))
    if (conditions.length < routes.length) return []
    const missing = (name: string) => name !== id && !alwaysPasses(graph, id, name)
    return deadRoutes(script, id, routes, conditions, missing)
  })
}

function routesOf(step: FlatStep): readonly Route[] {
  return 'routes' in step ? (step.routes ?? []) : []
}

/** Routes that lead where the step would lead without them. */
function idleRoutes(id: string, routes: readonly Route[], go: string): readonly Finding[] {
  const after = (at: number) => [...routes.slice(at + 1).map((route) => route.go), go]
  return routes.flatMap(({ when, go: target }, at) => {
    if (after(at).some((later) => later !== target)) return []
    const problem = `"${when}" makes no difference: the step leads to ${target} without it too.`
    return [placed(id, at)(finding(id, problem, 'Remove the route, or correct where it leads.'))]
  })
}

const placed = (id: string, at: number) => findingAt('steps', id, 'routes', at, 'when')

function deadRoutes(
  script: ScriptDocument,
  id: string,
  routes: readonly Route[],
  conditions: readonly FeelExpression[],
  missing: (name: string) => boolean,
): readonly Finding[] {
  const found: Finding[] = []
  conditions.forEach((condition, at) => {
    const own = situationsOf(script, [condition], missing)
    if (own === null) return
    const held = own.filter((situation) => holdsIn(condition, situation)).length
    if (held === 0) {
      const problem = `"${condition.text}" can never hold, so the step never leads to ${routes[at]?.go} by it.`
      found.push(placed(id, at)(finding(id, problem, 'Correct the condition, or remove the route.')))
    } else if (held === own.length) {
      const problem = `"${condition.text}" always holds, so what stands after it is never taken.`
      found.push(placed(id, at)(finding(id, problem, 'Correct the condition, or lead go there without it.')))
    } else if (isShadowed(script, conditions.slice(0, at), condition, missing)) {
      const problem = `"${condition.text}" is never reached: a route before it is taken whenever it holds.`
      found.push(placed(id, at)(finding(id, problem, 'Move it up, or remove it.')))
    }
  })
  return found
}

function isShadowed(
  script: ScriptDocument,
  before: readonly FeelExpression[],
  condition: FeelExpression,
  missing: (name: string) => boolean,
): boolean {
  const situations = before.length === 0 ? null : situationsOf(script, [...before, condition], missing)
  return (
    situations?.every(
      (situation) => !holdsIn(condition, situation) || before.some((each) => holdsIn(each, situation)),
    ) ?? false
  )
}
