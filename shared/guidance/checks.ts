import { checkConditions } from './check-conditions.ts'
import { checkDisclosure } from './check-disclosure.ts'
import { checkPay } from './check-pay.ts'
import { checkReadOuts } from './check-read-outs.ts'
import { checkRoutes } from './check-routes.ts'
import { checkTables } from './check-tables.ts'
import { checkWording } from './check-wording.ts'
import { namesOfAnswers, targetsOf } from './compile.ts'
import { type Finding, finding, withArticle } from './finding.ts'
import type { AskStep, FlatStep, ScriptDocument, VerifyStep } from './format.ts'
import { circleAmong, graphOf, reachableFrom, type ScriptGraph, stepsThatEnd } from './graph.ts'
import { noneOption } from './inputs.ts'

/** Proofs a script must pass before it is published. An empty list is a pass. */
export function checkScript(script: ScriptDocument): readonly Finding[] {
  const targets = [...checkTargets(script), ...checkEscalation(script)]
  // The other proofs walk the graph, which must be whole first.
  if (targets.length > 0) return targets
  const graph = graphOf(script)
  return [
    ...checkNames(script),
    ...checkWays(graph),
    ...Object.entries(script.steps).flatMap(([id, step]) => checkStep(script, id, step)),
    ...checkConditions(script, graph),
    ...checkRoutes(script, graph),
    ...checkDisclosure(script, graph),
    ...checkPay(script, graph),
    ...checkReadOuts(script, graph),
    ...checkTables(script, graph),
    ...checkWording(script, graph),
  ]
}

function checkTargets(script: ScriptDocument): readonly Finding[] {
  const known = (id: string) => Object.hasOwn(script.steps, id)
  const fix = `Use the id of a step of this script.`
  const start = known(script.start)
    ? []
    : [finding(null, `The script starts at ${script.start}, which does not exist.`, fix, ['start'])]
  const missing = Object.entries(script.steps).flatMap(([id, step]) =>
    targetsOf(step)
      .filter((target) => !known(target))
      .map((target) => finding(id, `The step leads to ${target}, which does not exist.`, fix)),
  )
  return [...start, ...missing]
}

/** One key leads to the escalation from anywhere, so it has to be there and to be one. */
function checkEscalation({ escalation, steps }: ScriptDocument): readonly Finding[] {
  const step = steps[escalation]
  if (step?.kind === 'escalate') return []
  const what = step === undefined ? 'does not exist' : `is ${withArticle(step.kind)} step`
  return [
    finding(
      step === undefined ? null : escalation,
      `The script escalates to ${escalation}, which ${what}.`,
      'Include the part risk, version 1, as a step called risk, and set escalation to it.',
      ['escalation'],
    ),
  ]
}

/** Words that conditions already use for something else. */
const takenWords = new Set(
  'and or not if then else in between null true false date time duration today now clock count number contains council tables for some every return function satisfies instance'.split(
    ' ',
  ),
)

function checkNames(script: ScriptDocument): readonly Finding[] {
  return [...namesOfAnswers(script.steps)]
    .filter((id) => takenWords.has(id))
    .map((id) =>
      finding(
        id,
        `"${id}" has another meaning in conditions.`,
        'Give the step a longer name, such as due-date.',
      ),
    )
}

function checkWays(graph: ScriptGraph): readonly Finding[] {
  const reached = new Set([...reachableFrom(graph, graph.start), ...reachableFrom(graph, graph.escalation)])
  const ending = stepsThatEnd(graph)
  const ids = [...graph.steps.keys()]
  const circle = circleAmong(graph, (id) => !isAsked(graph.steps.get(id)))
  return [
    ...ids
      .filter((id) => !reached.has(id))
      .map((id) => finding(id, 'No path leads to this step.', 'Lead a step to it, or remove it.')),
    ...ids
      .filter((id) => reached.has(id) && !ending.has(id))
      .map((id) =>
        finding(id, 'From this step no path ends.', 'Lead it, or a step after it, to an outcome.'),
      ),
    ...(circle === null
      ? []
      : [
          finding(
            circle[0] ?? null,
            `The script goes round in a circle without asking anything: ${circle.join(' → ')}.`,
            'Put a question into the circle, or lead one of its steps out.',
          ),
        ]),
  ]
}

/** A person answers it each time, so a circle through it can be left. */
function isAsked(step: FlatStep | undefined): boolean {
  return step?.kind === 'ask' && step.derive === undefined
}

function checkStep(script: ScriptDocument, id: string, step: FlatStep): readonly Finding[] {
  if (step.kind === 'ask') return checkAsk(id, step)
  if (step.kind === 'verify') return checkVerify(id, step)
  if (step.kind !== 'outcome') return []
  const labels = script.wording.en[id]?.fieldLabels ?? {}
  return Object.keys(step.set ?? {})
    .filter((field) => !Object.hasOwn(labels, field))
    .map((field) =>
      finding(
        id,
        `The field ${field} has no label.`,
        `Add ${field} under fieldLabels in the English wording.`,
      ),
    )
}

function checkAsk(id: string, step: AskStep): readonly Finding[] {
  const found: Finding[] = []
  const chooses = step.input === 'choice' || step.input === 'several'
  const options = step.options ?? []
  if (chooses && options.length === 0) {
    found.push(finding(id, 'The question has no answers to choose from.', 'List at least two under options.'))
  }
  if (!chooses && options.length > 0) {
    found.push(
      finding(
        id,
        `A question of input ${step.input} takes no options.`,
        'Remove them, or set input to choice.',
      ),
    )
  }
  if (new Set(options).size < options.length) {
    found.push(finding(id, 'An option is listed twice.', 'Keep one of them.'))
  }
  if (step.input === 'choice' && options.includes(noneOption) && options.length < 2) {
    found.push(finding(id, 'The question has one answer only.', 'Add another option.'))
  }
  if (step.notSure !== undefined && step.input !== 'yesNo') {
    found.push(finding(id, 'Only a yes/no question has notSure.', 'Remove it, or add an option not-sure.'))
  }
  if ((step.min !== undefined || step.max !== undefined) && !['number', 'money'].includes(step.input)) {
    found.push(finding(id, 'Only numbers and amounts have min and max.', 'Remove them.'))
  }
  if (step.dateIn !== undefined && step.input !== 'date') {
    found.push(finding(id, 'Only dates have dateIn.', 'Remove it.'))
  }
  if (step.derive !== undefined && step.sensitive === true) {
    found.push(finding(id, 'A sensitive answer is never worked out.', 'Remove derive or sensitive.'))
  }
  return found
}

function checkVerify(id: string, step: VerifyStep): readonly Finding[] {
  const questions = new Set(step.questions.map((question) => question.id))
  const lists = [step.levels, ...Object.values(step.parties ?? {}).filter((levels) => levels !== undefined)]
  const unknown = lists
    .flat()
    .flatMap(({ level, needs }) =>
      needs
        .filter((need) => !questions.has(need))
        .map((need) =>
          finding(
            id,
            `The ${level} level needs ${need}, which is not one of the questions.`,
            'Use the id of a question.',
          ),
        ),
    )
  const orders = lists.map((levels) => levels.map(({ level }) => level).join(' '))
  const found = [...unknown]
  if (questions.size < step.questions.length) {
    found.push(finding(id, 'Two identity questions have the same id.', 'Rename one of them.'))
  }
  if (!orders.every((order) => ['standard', 'enhanced', 'enhanced standard'].includes(order))) {
    found.push(finding(id, 'The levels are not in order.', 'List each level once, enhanced before standard.'))
  }
  if (step.passed === step.failed) {
    found.push(
      finding(
        id,
        'A failed check leads to the same step as a passed one.',
        'Lead failed to a step that opens no personal data.',
      ),
    )
  }
  return found
}
