import {
  at,
  type Change,
  named,
  onStep,
  others,
  type Route,
  routed,
  type Step,
  stepsOf,
  swapped,
  type Writable,
  without,
  wordsOf,
} from './mutation-places.ts'

const routing: readonly Change[] = [
  without('default removed', 'go'),
  onStep(
    'default led elsewhere',
    ({ go }) => typeof go === 'string',
    (id, step, script, draw) => {
      const target = draw(others(script, step.go))
      const what = `${id}: go ${String(step.go)} becomes ${target}`
      step.go = target
      return what
    },
  ),
  {
    name: 'route led elsewhere',
    make(script, draw) {
      const place = at(draw, routed(script))
      const route = place === null ? null : draw(place.holder.routes ?? [])
      if (place === null || route === null) return null
      const target = draw(others(script, route.go))
      const what = `${place.id}: ${route.when} leads to ${target}, not ${route.go}`
      route.go = target
      return what
    },
  },
  {
    name: 'route removed',
    make(script, draw) {
      const place = at(draw, routed(script))
      if (place === null) return null
      const routes = place.holder.routes ?? []
      const route = draw(routes)
      place.holder.routes = routes.filter((each) => each !== route)
      return `${place.id}: without the route ${route.when}`
    },
  },
  {
    name: 'routes in another order',
    make(script, draw) {
      const place = at(
        draw,
        routed(script).filter(({ holder }) => mayBothHold(holder.routes ?? [])),
      )
      const [first, second, ...rest] = place?.holder.routes ?? []
      if (place === null || first === undefined || second === undefined) return null
      place.holder.routes = [second, first, ...rest]
      return `${place.id}: ${second.when} before ${first.when}`
    },
  },
  onStep(
    'step deleted',
    () => true,
    (id, _step, script) => {
      delete stepsOf(script)[id]
      delete wordsOf(script, 'en')[id]
      delete wordsOf(script, 'cy')[id]
      return `without ${id} and its words`
    },
  ),
  onStep(
    'step passed over',
    ({ go, kind }, id, script) => typeof go === 'string' && kind !== 'include' && id !== script.start,
    (id, step, script) => {
      const { go } = step
      delete stepsOf(script)[id]
      delete wordsOf(script, 'en')[id]
      delete wordsOf(script, 'cy')[id]
      leadElsewhere(script, id, String(go))
      return `${id} taken out, what led to it leads to ${String(go)}`
    },
  ),
  onStep(
    'outcome dropped',
    ({ kind }) => kind === 'outcome',
    (id, _step, script) => {
      delete stepsOf(script)[id]
      return `without the outcome ${id}`
    },
  ),
  {
    name: 'step that nothing leads to',
    make(script, draw) {
      const [id] = draw(named(script, () => true))
      stepsOf(script)['left-over'] = { kind: 'inform', go: id }
      wordsOf(script, 'en')['left-over'] = { title: 'Left over', say: 'One more thing.' }
      wordsOf(script, 'cy')['left-over'] = { say: 'Un peth arall.' }
      return `left-over leads to ${id}`
    },
  },
  onStep(
    'exit led elsewhere',
    ({ exits }) => Object.keys((exits ?? {}) as object).length > 0,
    (id, step, script, draw) => {
      const exits = step.exits as Record<string, unknown>
      const exit = draw(Object.keys(exits))
      const held = exits[exit] as { go: string } | string
      const before = typeof held === 'string' ? held : held.go
      const target = draw(others(script, before))
      if (typeof held === 'string') exits[exit] = target
      else held.go = target
      return `${id}: exit ${exit} leads to ${target}, not ${before}`
    },
    { ofPart: false },
  ),
]

/** Not so for one answer held against different values: the order of two such routes says nothing. */
function mayBothHold([one, other]: readonly Route[]): boolean {
  if (one === undefined || other === undefined) return false
  const [a, b] = [one, other].map(({ when }) => ({
    name: /^[a-z0-9-]+(?= (=|in) [^a-z]*"[^a-z]*[a-z0-9-]+")/.exec(when.trim())?.[0],
    plain: !/ (and|or) |not\(/.test(when),
    values: [...when.matchAll(/"[^"]+"/g)].map(([value]) => value),
  }))
  if (a === undefined || b === undefined || a.name === undefined || a.name !== b.name) return true
  return !a.plain || !b.plain || a.values.some((value) => b.values.includes(value))
}

function leadElsewhere(script: Writable, from: string, to: string): void {
  const text = JSON.stringify({ steps: script.steps, start: script.start })
  const changed = JSON.parse(text.replaceAll(`"go":"${from}"`, `"go":"${to}"`)) as Writable
  for (const step of Object.values(changed.steps as Record<string, Step>)) {
    const exits = (step.exits ?? {}) as Record<string, unknown>
    for (const exit of Object.keys(exits)) if (exits[exit] === from) exits[exit] = to
    for (const key of ['passed', 'failed']) if (step[key] === from) step[key] = to
  }
  script.steps = changed.steps
}

const identity: readonly Change[] = [
  swapped('passed and failed swapped', 'passed', 'failed', (step) => step),
  swapped(
    'checked and unchecked swapped',
    'checked',
    'unchecked',
    (step) => step.exits as Writable | undefined,
  ),
  onStep(
    'identity check taken out',
    ({ part }) => part === 'identity',
    (id, step, script) => {
      const { exits } = step
      const to = (exits as Record<string, string>).checked ?? ''
      delete stepsOf(script)[id]
      leadElsewhere(script, id, to)
      return `${id} taken out, what led to it leads to ${to}`
    },
    { ofPart: false },
  ),
  onStep(
    'disclosure raised',
    ({ discloses }) => discloses === 'standard',
    (id, step) => {
      step.discloses = 'enhanced'
      return `${id} discloses enhanced`
    },
  ),
  without('disclosure no longer said', 'discloses'),
  {
    name: 'escalation dropped',
    ofPart: false,
    make(script) {
      delete script.escalation
      return 'without escalation'
    },
  },
  {
    name: 'escalation led elsewhere',
    ofPart: false,
    make(script, draw) {
      script.escalation = draw(others(script, script.escalation))
      return `escalation is ${String(script.escalation)}`
    },
  },
  onStep(
    'include pinned to another version',
    ({ kind }) => kind === 'include',
    (id, step) => {
      step.version = Number(step.version) + 1
      return `${id} asks for version ${String(step.version)}`
    },
    { ofPart: false },
  ),
  {
    name: 'part at another version',
    ofPart: true,
    make(part) {
      part.version = Number(part.version) + 1
      return `is at version ${String(part.version)}`
    },
  },
  onStep(
    'include of a part that is not there',
    ({ kind }) => kind === 'include',
    (id, step) => {
      step.part = `${String(step.part)}s`
      return `${id} includes ${String(step.part)}`
    },
    { ofPart: false },
  ),
]

const hasOptions = ({ options }: Step): boolean => (options ?? []).length > 0

const questions: readonly Change[] = [
  onStep('option listed twice', hasOptions, (id, { options = [] }) => {
    options.push(String(options[0]))
    return `${id}: ${String(options[0])} twice`
  }),
  onStep('option renamed', hasOptions, (id, { options = [] }, _script, draw) => {
    const option = draw(options)
    options[options.indexOf(option)] = `${option}-x`
    return `${id}: ${option} renamed`
  }),
  without('options removed', 'options'),
  onStep(
    'kind misspelt',
    () => true,
    (id, step) => {
      step.kind = `${String(step.kind)}s`
      return `${id} is a ${String(step.kind)}`
    },
  ),
  onStep(
    'question that decides becomes one of free text',
    ({ input }) => input === 'choice' || input === 'yesNo',
    (id, step, script) => {
      step.input = 'text'
      delete step.options
      delete step.notSure
      for (const language of ['en', 'cy'] as const) delete wordsOf(script, language)[id]?.options
      return `${id} takes text`
    },
  ),
  onStep(
    'outcome without or with a case, the other way round',
    ({ kind }) => kind === 'outcome',
    (id, step) => {
      step.case = step.case !== true
      return `${id}: case ${String(step.case)}`
    },
  ),
]

/** Changes of steps and of where they lead. */
export const stepChanges = { routing, identity, questions }
