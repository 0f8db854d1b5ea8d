import { targetsOf } from './compile.ts'
import type { FlatStep, ScriptDocument } from './format.ts'

/** The ways through a script, as a graph. Targets that do not exist are left out. */
export interface ScriptGraph {
  readonly start: string
  readonly escalation: string
  readonly steps: ReadonlyMap<string, FlatStep>
  /** Where each step may lead, the one key to the escalation included. */
  readonly next: ReadonlyMap<string, readonly string[]>
  /** Where each step leads by its own routes. */
  readonly written: ReadonlyMap<string, readonly string[]>
}

export function graphOf(script: ScriptDocument): ScriptGraph {
  const steps = new Map(Object.entries(script.steps))
  const led = new Map(
    [...steps].map(([id, step]) => [id, [...new Set(targetsOf(step))].filter((target) => steps.has(target))]),
  )
  const { start, escalation } = script
  const written = { start, escalation, steps, next: led, written: led }
  const escalating = reachableFrom(written, escalation)
  // One key leads to the escalation from every step: what follows it must hold without any answer before it.
  const next = new Map(
    [...led].map(([id, targets]) => [
      id,
      escalating.has(id) || steps.get(id)?.kind === 'outcome' || !steps.has(escalation)
        ? targets
        : [...new Set([...targets, escalation])],
    ]),
  )
  return { ...written, next }
}

export type Edge = (from: string, to: string) => boolean

/** Steps that can be reached, the first included, over the edges that are allowed. */
export function reachableFrom(
  graph: ScriptGraph,
  first: string,
  allowed: Edge = () => true,
): ReadonlySet<string> {
  const seen = new Set<string>()
  const open = graph.steps.has(first) ? [first] : []
  for (let id = open.pop(); id !== undefined; id = open.pop()) {
    if (seen.has(id)) continue
    seen.add(id)
    for (const target of graph.next.get(id) ?? []) if (allowed(id, target)) open.push(target)
  }
  return seen
}

/** Steps from which an outcome can be reached by their own routes. */
export function stepsThatEnd(graph: ScriptGraph): ReadonlySet<string> {
  const sources = new Map<string, string[]>()
  for (const [id, targets] of graph.written) {
    for (const target of targets) sources.set(target, [...(sources.get(target) ?? []), id])
  }
  const seen = new Set<string>()
  const open = [...graph.steps].filter(([, step]) => step.kind === 'outcome').map(([id]) => id)
  for (let id = open.pop(); id !== undefined; id = open.pop()) {
    if (seen.has(id)) continue
    seen.add(id)
    open.push(...(sources.get(id) ?? []))
  }
  return seen
}

/** A circle among the steps given, in order; null when there is none. */
export function circleAmong(graph: ScriptGraph, among: (id: string) => boolean): readonly string[] | null {
  const done = new Set<string>()
  for (const first of graph.steps.keys()) {
    if (!among(first) || done.has(first)) continue
    const way: string[] = [first]
    const ahead: string[][] = [targetsAmong(graph, first, among)]
    while (way.length > 0) {
      const target = ahead.at(-1)?.pop()
      if (target === undefined) {
        const left = way.pop()
        ahead.pop()
        if (left !== undefined) done.add(left)
      } else if (way.includes(target)) {
        return way.slice(way.indexOf(target))
      } else if (!done.has(target)) {
        way.push(target)
        ahead.push(targetsAmong(graph, target, among))
      }
    }
  }
  return null
}

function targetsAmong(graph: ScriptGraph, id: string, among: (id: string) => boolean): string[] {
  return (graph.written.get(id) ?? []).filter(among)
}

/** Whether `through` has been answered on every way to `to`, the one key to the escalation included. */
export function alwaysPasses(graph: ScriptGraph, to: string, through: string): boolean {
  return [graph.start, graph.escalation].every(
    (root) =>
      root === through ||
      !reachableFrom(graph, root, (from, target) => from !== through && target !== through).has(to),
  )
}
