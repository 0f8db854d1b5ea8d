import { type Finding, finding } from './finding.ts'
import type { FlatStep, ScriptDocument } from './format.ts'
import { alwaysPasses, type ScriptGraph } from './graph.ts'

/** What must be read out before a step is read out on every way to it, the one key to the escalation included. */
export function checkReadOuts(script: ScriptDocument, graph: ScriptGraph): readonly Finding[] {
  return Object.entries(script.steps).flatMap(([id, step]) => [
    ...checkOwn(script, id, step),
    ...(step.before ?? []).flatMap((later) => checkBefore(graph, id, later)),
  ])
}

function checkOwn(script: ScriptDocument, id: string, step: FlatStep): readonly Finding[] {
  const mandatory = step.verbatim === true || step.before !== undefined
  if (!mandatory || script.wording.en[id]?.say !== undefined) return []
  return [
    finding(id, 'The step must be read out, and has nothing to say.', 'Add say to its English wording.'),
  ]
}

function checkBefore(graph: ScriptGraph, id: string, later: string): readonly Finding[] {
  if (!graph.steps.has(later)) {
    return [
      finding(id, `The step names ${later} under before, which does not exist.`, 'Use the id of a step.'),
    ]
  }
  return later !== id && alwaysPasses(graph, later, id)
    ? []
    : [
        finding(
          later,
          `The step can be reached without ${id} being read out, which must come before it.`,
          `Lead every way to ${later} through ${id}, or take ${later} out of its before.`,
        ),
      ]
}
