import type { FieldValue } from '../contract/rest.ts'
import type { CompiledScript } from './compile.ts'
import type { NoteLine } from './notes.ts'
import { isSensitive } from './panel.ts'
import { type Chain, chained, emptyChain } from './persistent.ts'
import { type FillSources, fill } from './placeholders.ts'
import type { Way, WayEntry } from './state.ts'
import type { AnsweredStep } from './view.ts'
import { hiddenWord, identityWords, noteWords } from './wording.ts'
import { answerInWords } from './words.ts'

/** What the answers of a way say in whatever context they are shown, in English. */
export interface WaySummary {
  readonly answered: Chain<AnsweredStep>
  /** Answers that were given, not worked out. */
  readonly asked: number
  /** Lines of the account; those that quote are empty. */
  readonly lines: Chain<NoteLine>
  /** Lines that quote the council, the record, other answers or the time of day. */
  readonly quoting: Chain<QuotingLine>
  readonly fields: Chain<CaseField>
  /** Lines that the step the way ends with has written so far, however often it stands on the way. */
  readonly linesOfStep: number
}

export interface QuotingLine {
  /** Place among the lines. */
  readonly at: number
  readonly write: (sources: FillSources) => string
}

export interface CaseField {
  readonly name: string
  readonly value: FieldValue
  readonly label: string
  readonly words: string
}

/** A line of the account, or how it is written in the context it is shown in. */
type LineText = string | QuotingLine['write']

const nothing: WaySummary = {
  answered: emptyChain,
  asked: 0,
  lines: emptyChain,
  quoting: emptyChain,
  fields: emptyChain,
  linesOfStep: 0,
}

const summaries = new WeakMap<Way, WaySummary>()

/** Only what the way has more than ways summed up before is read. */
export function summaryOf(compiled: CompiledScript, way: Way | null): WaySummary {
  const unread: Way[] = []
  let at = way
  for (; at !== null && !summaries.has(at); at = at.before) unread.push(at)
  let summary = knownSummary(at)
  for (const next of unread.reverse()) {
    summary = withNext(compiled, summary, next)
    summaries.set(next, summary)
  }
  return summary
}

const knownSummary = (way: Way | null): WaySummary =>
  (way === null ? undefined : summaries.get(way)) ?? nothing

function withNext(compiled: CompiledScript, summary: WaySummary, { entry, earlier }: Way): WaySummary {
  let { lines, quoting } = summary
  let { linesOfStep } = knownSummary(earlier)
  for (const text of lineTexts(compiled, entry)) {
    linesOfStep += 1
    const { id } = entry.step
    const key = linesOfStep === 1 ? id : `${id}.${linesOfStep}`
    if (typeof text !== 'string') quoting = chained(quoting, { at: lines.length, write: text })
    lines = chained(lines, { key, text: typeof text === 'string' ? text : '' })
  }
  const field = caseField(compiled, entry)
  return {
    answered: chained(summary.answered, answeredStep(compiled, entry)),
    asked: summary.asked + (entry.derived ? 0 : 1),
    lines,
    quoting,
    fields: field === null ? summary.fields : chained(summary.fields, field),
    linesOfStep,
  }
}

function answeredStep(compiled: CompiledScript, entry: WayEntry): AnsweredStep {
  const { id, step } = entry.step
  const sensitive = isSensitive(step)
  return {
    stepId: id,
    title: compiled.script.wording.en[id]?.title ?? id,
    value: sensitive ? hiddenWord : inWords(compiled, entry),
    sensitive,
    derived: entry.derived,
    at: entry.record.at,
    kind: step.kind,
  }
}

function inWords(compiled: CompiledScript, entry: WayEntry): string {
  const { id, step } = entry.step
  if (step.kind !== 'verify') {
    return answerInWords(compiled.script, id, step, entry.record.value, 'en')
  }
  if (entry.value === 'none') {
    return entry.record.value === 'declined' ? identityWords.declined : identityWords.notMatched
  }
  return identityWords.passed(String(entry.value), entry.check?.method ?? '')
}

function caseField(compiled: CompiledScript, entry: WayEntry): CaseField | null {
  const { id, step } = entry.step
  if (step.kind !== 'ask' || step.field === undefined || entry.record.value === '') return null
  const wording = compiled.script.wording.en[id]
  return {
    name: step.field,
    value: entry.record.value,
    label: wording?.label ?? wording?.title ?? id,
    words: isSensitive(step) ? hiddenWord : inWords(compiled, entry),
  }
}

function lineTexts(compiled: CompiledScript, entry: WayEntry): readonly LineText[] {
  const { id, step } = entry.step
  const wording = compiled.script.wording.en[id]
  if (isSensitive(step)) return []
  if (step.kind === 'verify') return identityLines(entry)
  if (step.kind === 'outcome') {
    const promises = (wording?.promises ?? []).map((text) =>
      filled([text], ([made = '']) => noteWords.promise(made)),
    )
    return [noteWords.outcome(wording?.title ?? id), ...promises]
  }
  if (step.kind !== 'ask') return wording?.note ? [filled([wording.note], ([made = '']) => made)] : []
  if (entry.record.value === '' || wording?.note === '') return []
  const answer = inWords(compiled, entry)
  if (wording?.note === undefined) return [sentence(`${wording?.title ?? id}: ${answer}`)]
  // The answer is put in last, so that what a resident said is never read for placeholders.
  return [filled(wording.note.split('{answer}'), (around) => sentence(around.join(answer)))]
}

/** What is made of pieces of wording: at once when they quote nothing. */
function filled(pieces: readonly string[], make: (texts: readonly string[]) => string): LineText {
  if (!pieces.some((text) => text.includes('{'))) return make(pieces)
  return (sources) => make(pieces.map((text) => fill(text, sources).text))
}

function sentence(text: string): string {
  const line = text.replace(/\s+/g, ' ').trim()
  return /[.!?]$/.test(line) ? line : `${line}.`
}

function identityLines(entry: WayEntry): readonly string[] {
  const { check } = entry
  if (check === undefined || check.level === 'none') {
    return [entry.record.value === 'declined' ? noteWords.declined : noteWords.notMatched]
  }
  const { level, method, party, partyName, handedOver } = check
  const spokeFor = party === 'third-party' || party === 'councillor' ? noteWords.spokeFor[party] : null
  return [
    handedOver !== undefined
      ? noteWords.handedOver(level, method, handedOver.by)
      : entry.derived
        ? noteWords.earlier(level, method)
        : noteWords.passed(level, method),
    ...(spokeFor === null
      ? []
      : [`${[spokeFor, ...(partyName === undefined ? [] : [partyName])].join(': ')}.`]),
  ]
}
