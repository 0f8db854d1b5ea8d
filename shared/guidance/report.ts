import type { AnswerRecord } from '../contract/draft.ts'
import type { FieldValue } from '../contract/rest.ts'
import type { CompiledScript, CompiledStep } from './compile.ts'
import type { OutcomeStep } from './format.ts'
import type { NoteLine } from './notes.ts'
import { isSensitive, type PanelMaker, sourcesOf } from './panel.ts'
import { fill } from './placeholders.ts'
import type { RunState, WayEntry } from './state.ts'
import type { AnsweredStep, CaseDraft, RunOutcome, RunView } from './view.ts'
import { hiddenWord, identityWords, noteWords } from './wording.ts'
import { answerInWords } from './words.ts'

/** What the answers of a run amount to: the list, the notes, the case and the outcome. All in English. */

const listed = new WeakMap<WayEntry, AnsweredStep>()

export function answeredSteps(compiled: CompiledScript, state: RunState): readonly AnsweredStep[] {
  return state.way.map((entry) => {
    const known = listed.get(entry)
    if (known !== undefined) return known
    const made = answeredStep(compiled, entry)
    listed.set(entry, made)
    return made
  })
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
    kind: step.kind === 'ask' ? 'ask' : step.kind,
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

/** Answers that are no longer on the way, in words. */
export function droppedSteps(
  { script }: CompiledScript,
  dropped: readonly AnswerRecord[],
): readonly AnsweredStep[] {
  return dropped.flatMap(({ stepId, value, at }): readonly AnsweredStep[] => {
    const step = script.steps[stepId]
    if (step?.kind !== 'ask') return []
    const sensitive = isSensitive(step)
    const words = sensitive ? hiddenWord : answerInWords(script, stepId, step, value, 'en')
    const title = script.wording.en[stepId]?.title ?? stepId
    return [{ stepId, title, value: words, sensitive, derived: false, at, kind: 'ask' }]
  })
}

/** Lines that say the same in every context, so that a long run does not write all of them again for each answer. */
const composed = new WeakMap<WayEntry, readonly NoteLine[]>()

/** The account as the script writes it. A line's key is its step, so that it stays while other answers change. */
export function composeNotes(maker: PanelMaker): Pick<RunView, 'notes' | 'noteLines'> {
  const written = new Uint16Array(maker.compiled.steps.size)
  const lines: NoteLine[] = []
  for (const entry of maker.state.way) {
    const before = written[entry.step.place] ?? 0
    const known = before === 0 ? composed.get(entry) : undefined
    const made = known ?? linesAfter(maker, entry, before)
    if (known === undefined && before === 0 && isSettled(maker, entry)) composed.set(entry, made)
    written[entry.step.place] = before + made.length
    for (const line of made) lines.push(line)
  }
  return { notes: lines.map(({ text }) => text).join('\n'), noteLines: lines }
}

function linesAfter(maker: PanelMaker, entry: WayEntry, before: number): readonly NoteLine[] {
  const { id } = entry.step
  return noteLines(maker, entry).map((text, at) => {
    const time = before + at + 1
    return { key: time === 1 ? id : `${id}.${time}`, text }
  })
}

/** Nothing of the council, the record or the time of day is quoted. */
function isSettled({ compiled }: PanelMaker, { step }: WayEntry): boolean {
  if (step.step.kind === 'outcome') return false
  const note = compiled.script.wording.en[step.id]?.note ?? ''
  return !note.replaceAll('{answer}', '').includes('{')
}

function noteLines(maker: PanelMaker, entry: WayEntry): readonly string[] {
  const { id, step } = entry.step
  const wording = maker.compiled.script.wording.en[id]
  if (isSensitive(step)) return []
  if (step.kind === 'verify') return identityNotes(entry)
  if (step.kind === 'outcome') {
    const promises = promisesOf(maker, entry.step).map(noteWords.promise)
    return [noteWords.outcome(wording?.title ?? id), ...promises]
  }
  if (step.kind !== 'ask') return wording?.note ? [fill(wording.note, sourcesOf(maker, 'en')).text] : []
  if (entry.record.value === '' || wording?.note === '') return []
  const answer = inWords(maker.compiled, entry)
  if (wording?.note === undefined) return [sentence(`${wording?.title ?? id}: ${answer}`)]
  // The answer is put in last, so that what a resident said is never read for placeholders.
  const [before = '', ...after] = wording.note.split('{answer}')
  const around = [before, ...after].map((text) => fill(text, sourcesOf(maker, 'en')).text)
  return [sentence(around.join(answer))]
}

function sentence(text: string): string {
  const line = text.replace(/\s+/g, ' ').trim()
  return /[.!?]$/.test(line) ? line : `${line}.`
}

function identityNotes(entry: WayEntry): readonly string[] {
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

function promisesOf(maker: PanelMaker, { id }: CompiledStep): readonly string[] {
  const promises = maker.compiled.script.wording.en[id]?.promises ?? []
  return promises.map((text) => fill(text, sourcesOf(maker, 'en')).text)
}

/** The outcome step that is current or was the last one answered. */
function outcomeReached(state: RunState): { compiled: CompiledStep; step: OutcomeStep } | null {
  const last = state.current ?? state.way.at(-1)?.step
  return last?.step.kind === 'outcome' ? { compiled: last, step: last.step } : null
}

export function outcomeOf(maker: PanelMaker): RunOutcome | null {
  const reached = outcomeReached(maker.state)
  if (reached === null) return null
  return {
    stepId: reached.compiled.id,
    title: maker.compiled.script.wording.en[reached.compiled.id]?.title ?? reached.compiled.id,
    disposition: reached.step.disposition,
    wantsCase: reached.step.case,
    promises: promisesOf(maker, reached.compiled),
  }
}

export function caseDraftOf(maker: PanelMaker): CaseDraft {
  const { script } = maker.compiled
  const fields: Record<string, FieldValue> = {}
  const fieldLabels: Record<string, string> = {}
  const fieldWords: Record<string, string> = {}
  for (const entry of maker.state.way) {
    const { id, step } = entry.step
    if (step.kind !== 'ask' || step.field === undefined || entry.record.value === '') continue
    const wording = script.wording.en[id]
    fields[step.field] = entry.record.value
    fieldLabels[step.field] = wording?.label ?? wording?.title ?? id
    fieldWords[step.field] = isSensitive(step) ? hiddenWord : inWords(maker.compiled, entry)
  }
  const reached = outcomeReached(maker.state)
  const outcomeWording = reached === null ? undefined : script.wording.en[reached.compiled.id]
  for (const [name, value] of Object.entries(reached?.step.set ?? {})) {
    fields[name] = value
    fieldLabels[name] = outcomeWording?.fieldLabels?.[name] ?? name
    fieldWords[name] = String(value)
  }
  const subject = fill(outcomeWording?.subject ?? script.subject, sourcesOf(maker, 'en'))
  return {
    // Until all it quotes is known, the script's own title says what the case is about.
    subject: subject.missing.length > 0 ? script.title : subject.text,
    fields,
    fieldLabels,
    fieldWords,
    status: reached?.step.status ?? 'open',
  }
}
