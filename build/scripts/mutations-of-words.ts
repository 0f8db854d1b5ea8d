import {
  at,
  type Change,
  type Draw,
  named,
  routed,
  tablesOf,
  type Writable,
  wordsOf,
} from './mutation-places.ts'

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

/** Changes of conditions, tables, wording and test calls. */
export const wordChanges = { expressions, tables, words, calls }
