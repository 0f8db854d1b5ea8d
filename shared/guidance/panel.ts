import type { CompiledScript, CompiledStep } from './compile.ts'
import type { AskStep, ContactCardWording, FlatStep, VerifyStep } from './format.ts'
import { attemptsLeft, levelsFor, questionsFor, recordSays, type Speaker } from './identity.ts'
import { optionValues } from './inputs.ts'
import { reaches } from './level.ts'
import { placeIn } from './persistent.ts'
import { type Filled, type FillSources, fill } from './placeholders.ts'
import { type RunState, valueOnWay } from './state.ts'
import { chooseRow, valueIn } from './tables.ts'
import { asAtInWords } from './time.ts'
import type {
  AskStepView,
  ContactCard,
  GuidanceContext,
  OptionView,
  QuotedFact,
  ReadAloud,
  StepView,
  VerifyQuestionView,
} from './view.ts'
import { continueLabels, declineLabel, formHints, staleWords, verbatimLabel } from './wording.ts'
import { answerInWords, optionLabel } from './words.ts'

/** A step as the panel shows it, and the placeholders it could not fill. */
export interface Panel {
  readonly step: StepView
  readonly missing: readonly string[]
}

export interface PanelMaker {
  readonly compiled: CompiledScript
  readonly state: RunState
  readonly context: GuidanceContext
  /** What the resident in the context has been identified to, and has not run out. */
  readonly identified: 'none' | 'standard' | 'enhanced'
  /** A check held and has run out. */
  readonly ranOut: boolean
  /** Failed identity attempts of the contact by resident. */
  readonly failed: Readonly<Record<string, number>>
  readonly speaker: Speaker
}

/** Fills wording for this run. Sensitive answers are never quoted. */
export function sourcesOf(maker: PanelMaker, language = maker.context.language): FillSources {
  const { compiled, state, context } = maker
  return {
    context,
    language,
    mayDisclose: reaches(maker.identified, 'standard'),
    answer: (stepId, answerLanguage) => {
      const step = compiled.steps.get(stepId)
      const value = placeIn(state.latest, step?.place)?.entry.value
      if (step === undefined || value === undefined || isSensitive(step.step)) return null
      return answerInWords(compiled.script, stepId, step.step, value, answerLanguage)
    },
    freshForHours: compiled.script.requires.freshForHours ?? {},
    table: (name, tableLanguage) => {
      const table = compiled.tables.get(name)
      if (table === undefined) return null
      const answer = (step: string) => valueOnWay(compiled, state, step)
      const row = chooseRow(table, { answer, today: context.today, nowIso: context.now })
      return String(valueIn(row, tableLanguage))
    },
  }
}

export function isSensitive(step: FlatStep): boolean {
  return step.kind === 'ask' && step.sensitive === true
}

/** The current step for the panel. */
export function panelOf(maker: PanelMaker, step: CompiledStep): Panel {
  const { script } = maker.compiled
  const filled: Filled[] = []
  const en = sourcesOf(maker, 'en')
  const own = sourcesOf(maker)
  const put = (template: string, sources: FillSources): string => {
    const made = fill(template, sources)
    filled.push(made)
    return made.text
  }
  const aloud = (template: string, sources: FillSources): string => {
    const made = fill(template, sources)
    filled.push(made)
    return staleFirst(made, sources)
  }
  const english = script.wording.en[step.id]
  const welsh = maker.context.language === 'cy' ? script.wording.cy[step.id] : undefined
  const withheld = !reaches(maker.identified, step.needs)
  const say = english?.say
  const verbatim = 'verbatim' in step.step && step.step.verbatim === true
  const readAloud: ReadAloud | null =
    say === undefined || withheld
      ? null
      : welsh?.say === undefined
        ? { text: aloud(say, en), language: 'en', verbatim, inEnglish: null }
        : { text: aloud(welsh.say, own), language: 'cy', verbatim, inEnglish: aloud(say, en) }
  const base = {
    stepId: step.id,
    title: english?.title ?? step.id,
    readAloud,
    why: english?.why === undefined || withheld ? null : put(english.why, en),
    withheld,
    needs: step.needs,
  }
  const finish = (): { facts: readonly QuotedFact[] } => ({ facts: factsOf(filled) })
  const continueLabel = verbatim ? verbatimLabel : continueLabels[step.step.kind]
  const view = ((): StepView => {
    switch (step.step.kind) {
      case 'ask':
        return { ...base, ...askParts(maker, step.id, step.step), ...finish() }
      case 'verify':
        return { ...base, ...verifyParts(maker, step.id, step.step, put, en, own), ...finish() }
      case 'signpost': {
        const cards = step.step.contacts.map((id) => {
          const before = filled.length
          const card = cardOf(id, english?.contacts?.[id], (text) => put(text, en))
          return { ...card, asAtWords: oldestAsAt(filled.slice(before)) }
        })
        return {
          ...base,
          kind: 'signpost',
          contacts: withheld ? [] : cards,
          find: withheld ? [] : (step.step.find ?? []),
          continueLabel: continueLabels.signpost,
          ...finish(),
        }
      }
      case 'outcome': {
        const promises = (welsh?.promises ?? english?.promises ?? []).map((text) =>
          put(text, welsh?.promises === undefined ? en : own),
        )
        return {
          ...base,
          kind: 'outcome',
          disposition: step.step.disposition,
          wantsCase: step.step.case,
          promises,
          continueLabel: continueLabels.outcome,
          ...finish(),
        }
      }
      case 'lookup':
        return { ...base, kind: 'lookup', shows: step.step.shows ?? 'elsewhere', continueLabel, ...finish() }
      case 'pay':
        return { ...base, kind: 'pay', by: step.step.by ?? ['payment-line'], continueLabel, ...finish() }
      case 'transfer':
        return {
          ...base,
          kind: 'transfer',
          to: step.step.to ?? [],
          urgency: null,
          continueLabel,
          ...finish(),
        }
      case 'escalate':
        return {
          ...base,
          kind: 'escalate',
          to: step.step.to ?? [],
          urgency: step.step.urgency ?? 'today',
          continueLabel,
          ...finish(),
        }
      default:
        return { ...base, kind: step.step.kind, continueLabel, ...finish() }
    }
  })()
  return { step: view, missing: [...new Set(filled.flatMap(({ missing }) => missing))] }
}

/** Words that rest on a stale fact begin with when the oldest of them was true. */
function staleFirst({ text, facts }: Filled, { language, context }: FillSources): string {
  const oldest = facts
    .filter(({ stale }) => stale)
    .map(({ asAt }) => asAt)
    .sort()[0]
  return oldest === undefined ? text : staleWords[language](asAtInWords(oldest, context.now, language)) + text
}

function oldestAsAt(filled: readonly Filled[]): string | null {
  const oldest = factsOf(filled).toSorted((a, b) => a.asAt.localeCompare(b.asAt))[0]
  return oldest?.asAtWords ?? null
}

function factsOf(filled: readonly Filled[]): readonly QuotedFact[] {
  const byName = new Map(filled.flatMap(({ facts }) => facts).map((fact) => [fact.name, fact]))
  return [...byName.values()]
}

const optionKeys = '123456789abc'
const yesNoKeys: Readonly<Record<string, string>> = { yes: 'y', no: 'n', 'not-sure': 's' }

function askParts(maker: PanelMaker, id: string, step: AskStep) {
  const { script } = maker.compiled
  const options = optionValues(step).map((value, index): OptionView => {
    const welsh = maker.context.language === 'cy' ? optionLabel(script, id, step, value, 'cy') : null
    const letter = step.input === 'yesNo' ? (yesNoKeys[value] ?? null) : null
    const key = optionKeys[index] ?? ''
    return { value, label: optionLabel(script, id, step, value, 'en'), labelCy: welsh, key, letter }
  })
  return {
    kind: 'ask',
    input: step.input,
    options,
    optional: step.optional === true,
    sensitive: step.sensitive === true,
    previous: previousAnswer(maker, id, step),
    formHint: formHints[step.input],
    maxLength: ['text', 'address'].includes(step.input) ? (step.maxLength ?? 1000) : null,
    continueLabel: continueLabels.ask,
  } as const satisfies Partial<AskStepView>
}

/** The newest answer the step had, as it would be given again. */
function previousAnswer(
  { compiled, state }: PanelMaker,
  id: string,
  step: AskStep,
): string | readonly string[] | null {
  const value = placeIn(state.given, compiled.steps.get(id)?.place)
  if (value === undefined || value === '') return null
  if (Array.isArray(value)) return value
  if (typeof value === 'number') return step.input === 'money' ? value.toFixed(2) : String(value)
  return String(value)
}

function verifyParts(
  maker: PanelMaker,
  id: string,
  step: VerifyStep,
  put: (template: string, sources: FillSources) => string,
  en: FillSources,
  own: FillSources,
) {
  const { script } = maker.compiled
  const { resident } = maker.context
  const { party } = maker.speaker
  const levels = levelsFor(step, party)
  const lowest = levels.at(-1)?.needs ?? []
  const questions = questionsFor(step, party).map((question): VerifyQuestionView => {
    const english = script.wording.en[id]?.questions?.[question.id] ?? question.id
    const welsh =
      maker.context.language === 'cy' ? script.wording.cy[id]?.questions?.[question.id] : undefined
    return {
      id: question.id,
      compares: question.compares,
      question: welsh === undefined ? put(english, en) : put(welsh, own),
      inEnglish: welsh === undefined ? null : put(english, en),
      recordSays:
        resident === null ? null : recordSays(resident, question.compares, party, maker.context.today),
      needed: lowest.includes(question.id),
    }
  })
  const failures = resident === null ? 0 : (maker.failed[resident.id] ?? 0)
  return {
    kind: 'verify',
    questions,
    residentChosen: resident !== null,
    attemptsLeft: attemptsLeft(step, maker.failed, resident?.id ?? null),
    party,
    reachable: levels[0]?.level ?? 'none',
    ranOut: maker.ranOut,
    notMatched: failures > 0,
    continueLabel: continueLabels.verify,
    declineLabel,
  } as const
}

function cardOf(
  id: string,
  card: ContactCardWording | undefined,
  put: (text: string) => string,
): Omit<ContactCard, 'asAtWords'> {
  const line = (text: string | undefined) => (text === undefined ? null : put(text))
  return {
    id,
    name: line(card?.name) ?? id,
    phone: line(card?.phone),
    email: line(card?.email),
    web: line(card?.web),
    address: line(card?.address),
    hours: line(card?.hours),
  }
}
