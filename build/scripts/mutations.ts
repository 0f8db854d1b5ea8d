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

type Step = Writable & { routes?: Route[]; options?: string[] }
type Route = { when: string; go: string }
type Words = Record<string, Writable>

const stepsOf = (script: Writable) => script.steps as Record<string, Step>
const wordsOf = (script: Writable, language: 'en' | 'cy') =>
  (script.wording as Record<string, Words>)[language] ?? {}
const tablesOf = (script: Writable) =>
  (script.tables ?? {}) as Record<string, { rows: Writable[]; otherwise: unknown }>

/** A place drawn among those that fit; null when none does. */
function at<T>(draw: Draw, places: readonly T[]): T | null {
  return places.length === 0 ? null : draw(places)
}

const named = (script: Writable, fits: (step: Step, id: string) => boolean) =>
  Object.entries(stepsOf(script)).filter(([id, step]) => fits(step, id))

const others = (script: Writable, not: unknown) => {
  const exits = (script.exits ?? []) as string[]
  return [...Object.keys(stepsOf(script)), ...exits.map((exit) => `exit:${exit}`)].filter((id) => id !== not)
}

interface Place {
  readonly holder: { routes?: Route[]; go?: string }
  readonly id: string
}

/** Everywhere that conditions stand: steps, and exits of includes. */
function routed(script: Writable): readonly Place[] {
  return Object.entries(stepsOf(script)).flatMap(([id, step]) => {
    const exits = Object.values((step.exits ?? {}) as Record<string, unknown>)
    const holders = [step, ...exits].filter((each) => typeof each === 'object') as Place['holder'][]
    return holders.filter(({ routes }) => (routes ?? []).length > 0).map((holder) => ({ holder, id }))
  })
}

/** Conditions of routes, rows and worked-out answers. */
function conditions(
  script: Writable,
): readonly { readonly in: Writable; readonly key: string; readonly id: string }[] {
  const ofRoutes = routed(script).flatMap(({ holder, id }) =>
    (holder.routes ?? []).map((route) => ({ in: route as unknown as Writable, key: 'when', id })),
  )
  const ofRows = Object.entries(tablesOf(script)).flatMap(([id, { rows }]) =>
    rows.filter(({ when }) => when !== undefined).map((row) => ({ in: row, key: 'when', id })),
  )
  const derives = named(script, ({ derive }) => derive !== undefined).map(([id, step]) => ({
    in: step,
    key: 'derive',
    id,
  }))
  return [...ofRoutes, ...ofRows, ...derives]
}

function rewrite(name: string, pattern: RegExp, replacement: (match: string, draw: Draw) => string): Change {
  return {
    name,
    make(script, draw) {
      const places = conditions(script).filter((place) => String(place.in[place.key]).match(pattern) !== null)
      const place = at(draw, places)
      if (place === null) return null
      const before = String(place.in[place.key])
      const match = draw([...before.matchAll(new RegExp(pattern, 'g'))])
      const made = replacement(match[0], draw)
      const after = before.slice(0, match.index) + made + before.slice(match.index + match[0].length)
      if (after === before) return null
      place.in[place.key] = after
      return `${place.id}: ${before} becomes ${after}`
    },
  }
}

/** Takes a line away from a step that has it. */
function without(name: string, key: string, fits: (step: Step) => boolean = () => true): Change {
  return {
    name,
    make(script, draw) {
      const place = at(
        draw,
        named(script, (step) => step[key] !== undefined && fits(step)),
      )
      if (place === null) return null
      const [id, step] = place
      delete step[key]
      return `${id}: without ${key}`
    },
  }
}

function swapped(name: string, one: string, other: string, of: (step: Step) => Writable | undefined): Change {
  return {
    name,
    make(script, draw) {
      const place = at(
        draw,
        named(script, (step) => of(step)?.[one] !== undefined && of(step)?.[other] !== undefined),
      )
      const held = place === null ? undefined : of(place[1])
      if (place === null || held === undefined) return null
      const kept = held[one]
      held[one] = held[other]
      held[other] = kept
      return `${place[0]}: ${one} and ${other} swapped`
    },
  }
}

const routing: readonly Change[] = [
  without('default removed', 'go'),
  {
    name: 'default led elsewhere',
    make(script, draw) {
      const place = at(
        draw,
        named(script, ({ go }) => typeof go === 'string'),
      )
      if (place === null) return null
      const [id, step] = place
      const target = draw(others(script, step.go))
      const what = `${id}: go ${String(step.go)} becomes ${target}`
      step.go = target
      return what
    },
  },
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
  {
    name: 'step deleted',
    make(script, draw) {
      const place = at(
        draw,
        named(script, () => true),
      )
      if (place === null) return null
      delete stepsOf(script)[place[0]]
      delete wordsOf(script, 'en')[place[0]]
      delete wordsOf(script, 'cy')[place[0]]
      return `without ${place[0]} and its words`
    },
  },
  {
    name: 'step passed over',
    make(script, draw) {
      const place = at(
        draw,
        named(
          script,
          ({ go, kind }, id) => typeof go === 'string' && kind !== 'include' && id !== script.start,
        ),
      )
      if (place === null) return null
      const [id, { go }] = place
      delete stepsOf(script)[id]
      delete wordsOf(script, 'en')[id]
      delete wordsOf(script, 'cy')[id]
      leadElsewhere(script, id, String(go))
      return `${id} taken out, what led to it leads to ${String(go)}`
    },
  },
  {
    name: 'outcome dropped',
    make(script, draw) {
      const place = at(
        draw,
        named(script, ({ kind }) => kind === 'outcome'),
      )
      if (place === null) return null
      delete stepsOf(script)[place[0]]
      return `without the outcome ${place[0]}`
    },
  },
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
  {
    name: 'exit led elsewhere',
    ofPart: false,
    make(script, draw) {
      const place = at(
        draw,
        named(script, ({ exits }) => Object.keys((exits ?? {}) as object).length > 0),
      )
      if (place === null) return null
      const exits = place[1].exits as Record<string, unknown>
      const exit = draw(Object.keys(exits))
      const held = exits[exit] as { go: string } | string
      const before = typeof held === 'string' ? held : held.go
      const target = draw(others(script, before))
      if (typeof held === 'string') exits[exit] = target
      else held.go = target
      return `${place[0]}: exit ${exit} leads to ${target}, not ${before}`
    },
  },
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
  {
    name: 'identity check taken out',
    ofPart: false,
    make(script, draw) {
      const place = at(
        draw,
        named(script, ({ part }) => part === 'identity'),
      )
      if (place === null) return null
      const [id, { exits }] = place
      const to = (exits as Record<string, string>).checked ?? ''
      delete stepsOf(script)[id]
      leadElsewhere(script, id, to)
      return `${id} taken out, what led to it leads to ${to}`
    },
  },
  {
    name: 'disclosure raised',
    make(script, draw) {
      const place = at(
        draw,
        named(script, ({ discloses }) => discloses === 'standard'),
      )
      if (place === null) return null
      place[1].discloses = 'enhanced'
      return `${place[0]} discloses enhanced`
    },
  },
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
  {
    name: 'include pinned to another version',
    ofPart: false,
    make(script, draw) {
      const place = at(
        draw,
        named(script, ({ kind }) => kind === 'include'),
      )
      if (place === null) return null
      place[1].version = Number(place[1].version) + 1
      return `${place[0]} asks for version ${String(place[1].version)}`
    },
  },
  {
    name: 'part at another version',
    ofPart: true,
    make(part) {
      part.version = Number(part.version) + 1
      return `is at version ${String(part.version)}`
    },
  },
  {
    name: 'include of a part that is not there',
    ofPart: false,
    make(script, draw) {
      const place = at(
        draw,
        named(script, ({ kind }) => kind === 'include'),
      )
      if (place === null) return null
      place[1].part = `${String(place[1].part)}s`
      return `${place[0]} includes ${String(place[1].part)}`
    },
  },
]

const expressions: readonly Change[] = [
  rewrite('name misspelt', /\b[a-z]+(-[a-z]+)+\b(?! *\()/, (name) => `${name.slice(0, -2)}${name.slice(-1)}`),
  rewrite('value misspelt', /"[a-z-]+"/, (literal) => `${literal.slice(0, -1)}s"`),
  rewrite('text becomes a number', /"[a-z-]+"/, () => '3'),
  rewrite('number becomes a text', /\b\d+\b(?!")/, (literal) => `"${literal}"`),
  rewrite('number moved', /\b\d+\b(?!")/, (literal, draw) => String(Number(literal) + draw([-1, 1]))),
  rewrite('comparison turned round', / (=|!=|<=|>=|<|>) /, (operator) => turned[operator.trim()] ?? operator),
  rewrite('and becomes or', / (and|or) /, (word) => (word === ' and ' ? ' or ' : ' and ')),
  rewrite('condition denied', /^[\s\S]+$/, (text) => `not(${text})`),
  rewrite('condition cut short', /["a-z)]+\)?$/, () => ''),
  rewrite('loop put in', /^[\s\S]+$/, () => 'for i in 1..100000000 return i'),
]

const turned: Readonly<Record<string, string>> = {
  '=': ' != ',
  '!=': ' = ',
  '<': ' > ',
  '>': ' < ',
  '<=': ' > ',
  '>=': ' < ',
}

const tables: readonly Change[] = [
  onRow('row removed', (rows, row) => rows.filter((each) => each !== row)),
  onRow('row ended long ago', (rows, row) => {
    row.until = '2026-01-31'
    return rows
  }),
  onRow('row ends before it begins', (rows, row) => {
    row.from = '2027-02-01'
    row.until = '2027-01-31'
    return rows
  }),
  onRow('row gives what the one after it gives', (rows, row, otherwise) => {
    row.gives = rows[rows.indexOf(row) + 1]?.gives ?? otherwise
    return rows
  }),
  onRow('row holds always', (rows, row) => {
    delete row.when
    return rows
  }),
]

function onRow(
  name: string,
  make: (rows: Writable[], row: Writable, otherwise: unknown) => Writable[],
): Change {
  return {
    name,
    ofPart: false,
    make(script, draw) {
      const entry = at(draw, Object.entries(tablesOf(script)))
      if (entry === null) return null
      const [table, held] = entry
      const row = draw(held.rows)
      const what = `table ${table}, row ${held.rows.indexOf(row) + 1}`
      held.rows = make(held.rows, row, held.otherwise)
      return what
    },
  }
}

const questions: readonly Change[] = [
  {
    name: 'option listed twice',
    make(script, draw) {
      const place = at(
        draw,
        named(script, ({ options }) => (options ?? []).length > 0),
      )
      const [first] = place?.[1].options ?? []
      if (place === null || first === undefined) return null
      place[1].options?.push(first)
      return `${place[0]}: ${first} twice`
    },
  },
  {
    name: 'option renamed',
    make(script, draw) {
      const place = at(
        draw,
        named(script, ({ options }) => (options ?? []).length > 0),
      )
      const options = place?.[1].options
      if (place === null || options === undefined) return null
      const option = draw(options)
      options[options.indexOf(option)] = `${option}-x`
      return `${place[0]}: ${option} renamed`
    },
  },
  without('options removed', 'options'),
  {
    name: 'kind misspelt',
    make(script, draw) {
      const place = draw(named(script, () => true))
      place[1].kind = `${String(place[1].kind)}s`
      return `${place[0]} is a ${String(place[1].kind)}`
    },
  },
  {
    name: 'question that decides becomes one of free text',
    make(script, draw) {
      const place = at(
        draw,
        named(script, ({ input }) => input === 'choice' || input === 'yesNo'),
      )
      if (place === null) return null
      place[1].input = 'text'
      delete place[1].options
      delete place[1].notSure
      for (const language of ['en', 'cy'] as const) delete wordsOf(script, language)[place[0]]?.options
      return `${place[0]} takes text`
    },
  },
  {
    name: 'outcome without or with a case, the other way round',
    make(script, draw) {
      const place = at(
        draw,
        named(script, ({ kind }) => kind === 'outcome'),
      )
      if (place === null) return null
      place[1].case = place[1].case !== true
      return `${place[0]}: case ${String(place[1].case)}`
    },
  },
]

const words: readonly Change[] = [
  {
    name: 'translation dropped',
    make(script, draw) {
      const welsh = wordsOf(script, 'cy')
      const id = at(draw, Object.keys(welsh))
      if (id === null) return null
      delete welsh[id]
      return `${id} without Welsh`
    },
  },
  {
    name: 'part of a translation dropped',
    make(script, draw) {
      const welsh = wordsOf(script, 'cy')
      const id = at(draw, Object.keys(welsh))
      const held = id === null ? undefined : welsh[id]
      if (id === null || held === undefined) return null
      const key = draw(Object.keys(held))
      if (key === 'options' || key === 'questions') {
        const inner = held[key] as Writable
        delete inner[draw(Object.keys(inner))]
      } else delete held[key]
      return `${id}: Welsh without ${key} or a line of it`
    },
  },
  {
    name: 'words dropped',
    make(script, draw) {
      const english = wordsOf(script, 'en')
      const id = at(
        draw,
        Object.keys(english).filter((each) => english[each]?.say !== undefined),
      )
      if (id === null) return null
      delete english[id]?.say
      return `${id} with nothing to say`
    },
  },
  spoiled('HTML in the words', (text) => `${text} <b>Now</b>`),
  spoiled('words turned right to left', (text) => `${text.slice(0, 3)}\u202e${text.slice(3)}`),
  spoiled('card number asked', (text) => `${text} What is the long number on your card?`),
  spoiled('payment taken at the desk', (text) => `${text} Shall I take the payment?`),
  spoiled('record quoted', (text) => `${text} {resident.address}`),
  spoiled('fact that nobody requires', (text) => `${text} {council.unheardOf}`),
  spoiled('answer that is not there', (text) => `${text} {answers.unheard-of}`),
]

/** Changes what a step says, in one language. A step behind an identity check may quote the record. */
function spoiled(name: string, make: (text: string) => string): Change {
  return {
    name,
    make(script, draw) {
      const language = draw(['en', 'cy'] as const)
      const said = wordsOf(script, language)
      const spoken = Object.keys(said).filter((id) => said[id]?.say !== undefined)
      const id = name === 'record quoted' ? String(script.start) : at(draw, spoken)
      const held = id === null ? undefined : said[id]
      if (id === null || typeof held?.say !== 'string') return null
      held.say = make(held.say)
      return `${id} in ${language}`
    },
  }
}

const calls: readonly Change[] = [
  {
    name: 'test call expects another outcome',
    ofPart: false,
    make(script, draw) {
      const call = draw(script.tests as { name: string; expect: Writable }[])
      const outcomes = named(script, ({ kind }, id) => kind === 'outcome' && id !== call.expect.outcome)
      const other = at(draw, outcomes)
      if (other === null) return null
      call.expect.outcome = other[0]
      return `${call.name}: ${other[0]}`
    },
  },
  {
    name: 'test calls through a step removed',
    ofPart: false,
    make(script, draw) {
      const calls = script.tests as { answers: Writable }[]
      const steps = new Set(calls.flatMap(({ answers }) => Object.keys(answers)))
      const step = draw([...steps])
      script.tests = calls.filter(({ answers }) => !Object.hasOwn(answers, step))
      return `none answers ${step}`
    },
  },
]

/** Every kind of change, structure first. */
export const changes: readonly Change[] = [
  ...routing,
  ...identity,
  ...expressions,
  ...tables,
  ...questions,
  ...words,
  ...calls,
]
