import { namesOfAnswers } from './compile.ts'
import { parseFeel } from './feel.ts'
import { type Finding, finding } from './finding.ts'
import type {
  DecisionTable,
  FlatStep,
  IncludeStep,
  PartSource,
  Route,
  ScriptDocument,
  ScriptSource,
  SourceStep,
} from './format.ts'

/*
 * A part's steps join the script under the include step's id: include step `identity` of a part with step `check`
 * gives `identity-check`. Conditions and placeholders inside the part follow. Its exits lead where the include says.
 */

export type Flattened =
  | { readonly ok: true; readonly document: ScriptDocument }
  | { readonly ok: false; readonly findings: readonly Finding[] }

/** A place in a step where it leads on: the conditions tried in order, and the default. */
interface Lead {
  readonly routes: readonly Route[]
  readonly go: string
}

interface Joined {
  readonly tables: Readonly<Record<string, DecisionTable>>
  readonly start: string
  readonly steps: Readonly<Record<string, FlatStep>>
  readonly wording: ScriptDocument['wording']
}

/** Resolves the includes of a script. `parts` may hold more than it uses. */
export function flatten(script: ScriptSource, parts: readonly PartSource[]): Flattened {
  const findings: Finding[] = []
  const used = new Map<string, PartSource>()
  const joined = new Map<string, Joined>()
  for (const [id, step] of Object.entries(script.steps)) {
    if (step.kind !== 'include') continue
    const part = parts.find((candidate) => candidate.id === step.part)
    const problems = includeProblems(id, step, part)
    findings.push(...problems)
    if (part === undefined || problems.length > 0) continue
    used.set(part.id, part)
    joined.set(id, joinPart(id, step, part))
  }
  const starts = new Map([...joined].map(([id, { start }]) => [id, start]))
  const own = Object.entries(script.steps).filter(
    (entry): entry is [string, FlatStep] => entry[1].kind !== 'include',
  )
  const steps: Record<string, FlatStep> = {}
  const add = (id: string, step: FlatStep) => {
    if (Object.hasOwn(steps, id)) {
      findings.push(
        finding(id, `Two steps are called ${id}.`, 'Rename the step, or the include step it collides with.'),
      )
    }
    steps[id] = retargeted(step, (target) => starts.get(target) ?? target)
  }
  for (const [id, step] of own) add(id, step)
  for (const { steps: partSteps } of joined.values()) {
    for (const [id, step] of Object.entries(partSteps)) add(id, step)
  }
  const tables = tablesOf(script, [...joined.values()], findings)
  if (findings.length > 0) return { ok: false, findings }
  const wordings = [script.wording, ...[...joined.values()].map(({ wording }) => wording)]
  const { tests: _tests, testFacts: _testFacts, ...kept } = script
  const sources = [script, ...used.values()]
  return {
    ok: true,
    document: {
      ...kept,
      cyReviewed: sources.every(({ cyReviewed }) => cyReviewed),
      requires: requirementsOf(sources),
      start: starts.get(script.start) ?? script.start,
      escalation: starts.get(script.escalation) ?? script.escalation,
      ...(Object.keys(tables).length > 0 ? { tables } : {}),
      parts: [...used.values()].map(({ id, version }) => ({ id, version })),
      steps,
      wording: {
        en: Object.assign({}, ...wordings.map(({ en }) => en)),
        cy: Object.assign({}, ...wordings.map(({ cy }) => cy)),
      },
    },
  }
}

function tablesOf(
  script: ScriptSource,
  joined: readonly Joined[],
  findings: Finding[],
): Readonly<Record<string, DecisionTable>> {
  const tables: Record<string, DecisionTable> = { ...script.tables }
  for (const [name, table] of joined.flatMap((each) => Object.entries(each.tables))) {
    if (Object.hasOwn(tables, name)) {
      findings.push(finding(null, `Two tables are called ${name}.`, 'Rename the one of the script.'))
    }
    tables[name] = table
  }
  return tables
}

/** Facts of script and parts together; where both say how old one may be, the shorter age holds. */
function requirementsOf(sources: readonly (ScriptSource | PartSource)[]): ScriptDocument['requires'] {
  const ages: Record<string, number> = {}
  for (const { requires } of sources) {
    for (const [name, hours] of Object.entries(requires.freshForHours ?? {})) {
      ages[name] = Math.min(hours, ages[name] ?? hours)
    }
  }
  return {
    facts: [...new Set(sources.flatMap(({ requires }) => requires.facts))].sort(),
    ...(Object.keys(ages).length > 0 ? { freshForHours: ages } : {}),
  }
}

function includeProblems(id: string, step: IncludeStep, part: PartSource | undefined): readonly Finding[] {
  if (part === undefined) {
    return [
      finding(
        id,
        `There is no part called ${step.part}.`,
        'Correct the name, or add the part to the parts folder.',
      ),
    ]
  }
  if (part.version !== step.version) {
    const problem = `The step asks for version ${step.version} of part ${part.id}, which is at version ${part.version}.`
    return [finding(id, problem, 'Read what changed in the part, then set the version.')]
  }
  const checked = Object.values(part.steps).flatMap((each) =>
    each.kind === 'verify' ? [each.passed, each.failed] : [],
  )
  const lost = Object.keys(step.exits).filter(
    (exit) => typeof step.exits[exit] === 'object' && checked.includes(`exit:${exit}`),
  )
  const missing = part.exits.filter((exit) => !Object.hasOwn(step.exits, exit))
  const extra = Object.keys(step.exits).filter((exit) => !part.exits.includes(exit))
  return [
    ...lost.map((exit) =>
      finding(
        id,
        `Part ${part.id} leaves by "${exit}" from an identity check, where conditions are not looked at.`,
        'Lead the exit to one step, and put the conditions there.',
      ),
    ),
    ...missing.map((exit) =>
      finding(
        id,
        `Part ${part.id} can leave by "${exit}", and the step does not say where that leads.`,
        `Add it under exits, such as ${exit}: the-next-step.`,
      ),
    ),
    ...extra.map((exit) =>
      finding(id, `Part ${part.id} has no exit called "${exit}".`, `Use one of: ${part.exits.join(', ')}.`),
    ),
  ]
}

function joinPart(prefix: string, include: IncludeStep, part: PartSource): Joined {
  const names = namesOfAnswers(part.steps)
  const own = (id: string) => `${prefix}-${id}`
  const exits = new Map<string, Lead>(
    Object.entries(include.exits).map(([exit, to]) => [
      `exit:${exit}`,
      typeof to === 'string' ? { routes: [], go: to } : to,
    ]),
  )
  const steps: Record<string, FlatStep> = {}
  for (const [id, step] of Object.entries(part.steps)) {
    steps[own(id)] = joinStep(step, { own, exits, feel: (text) => renamed(text, names, own) })
  }
  const inWords = <W extends Record<string, unknown>>(wording: Record<string, W>): Record<string, W> =>
    Object.fromEntries(
      Object.entries(wording).map(([id, words]) => [
        own(id),
        withOwnAnswers(words, Object.keys(part.steps), own),
      ]),
    )
  const tables = Object.fromEntries(
    Object.entries(part.tables ?? {}).map(([name, table]) => [
      name,
      {
        ...table,
        rows: table.rows.map((row) =>
          row.when === undefined ? row : { ...row, when: renamed(row.when, names, own) },
        ),
      },
    ]),
  )
  return {
    start: own(part.start),
    steps,
    tables,
    wording: { en: inWords(part.wording.en), cy: inWords(part.wording.cy) },
  }
}

interface Joining {
  readonly own: (id: string) => string
  readonly exits: ReadonlyMap<string, Lead>
  readonly feel: (text: string) => string
}

function joinStep(part: FlatStep, joining: Joining): FlatStep {
  const step = part.before === undefined ? part : { ...part, before: part.before.map(joining.own) }
  if (step.kind === 'outcome') return step
  const single = (target: string) => {
    const exit = joining.exits.get(target)
    // A verify step has no conditions of its own; an exit with some was refused before.
    return exit === undefined ? joining.own(target) : exit.go
  }
  if (step.kind === 'verify') return { ...step, passed: single(step.passed), failed: single(step.failed) }
  const routes: Route[] = []
  for (const route of step.routes ?? []) {
    const when = joining.feel(route.when)
    const exit = joining.exits.get(route.go)
    for (const further of exit?.routes ?? [])
      routes.push({ when: `(${when}) and (${further.when})`, go: further.go })
    routes.push({ when, go: single(route.go) })
  }
  routes.push(...(joining.exits.get(step.go)?.routes ?? []))
  const led = { ...step, go: single(step.go), ...(routes.length > 0 ? { routes } : {}) }
  return led.kind === 'ask' && led.derive !== undefined ? { ...led, derive: joining.feel(led.derive) } : led
}

/** The part's own names in a condition, with the prefix. An expression that cannot be read stays, for the checks. */
function renamed(text: string, names: ReadonlySet<string>, own: (id: string) => string): string {
  const parsed = parseFeel(text, names)
  if (!parsed.ok) return text
  let made = text
  for (const { name, from, to } of parsed.value.places.toReversed()) {
    made = made.slice(0, from) + own(name) + made.slice(to)
  }
  return made
}

/** `{answers.STEP}` in a part's wording means the part's own step. */
function withOwnAnswers<W>(words: W, ids: readonly string[], own: (id: string) => string): W {
  const text = JSON.stringify(words)
  const made = text.replace(/\{answers\.([a-z0-9-]+)\}/g, (whole, id: string) =>
    ids.includes(id) ? `{answers.${own(id)}}` : whole,
  )
  return JSON.parse(made) as W
}

function retargeted<S extends Exclude<SourceStep, IncludeStep>>(own: S, to: (target: string) => string): S {
  const step = own.before === undefined ? own : { ...own, before: own.before.map(to) }
  if (step.kind === 'outcome') return step
  if (step.kind === 'verify') return { ...step, passed: to(step.passed), failed: to(step.failed) }
  const routes = step.routes?.map((route) => ({ ...route, go: to(route.go) }))
  return { ...step, go: to(step.go), ...(routes === undefined ? {} : { routes }) }
}
