import type { Resident } from '../contract/rest.ts'
import { compileScript } from './compile.ts'
import { type Finding, finding } from './finding.ts'
import type { ScriptDocument, ScriptSource } from './format.ts'
import type { TestCall } from './format-tests.ts'
import { answerStep, escalate, startRun, viewRun } from './run.ts'
import { wallClock } from './time.ts'
import type { GuidanceContext, RunView, StepInput, StepView } from './view.ts'
import { guidanceErrorMessage } from './wording.ts'

/** How one test call went. */
export interface PlayedCall {
  readonly name: string
  /** Empty when the call did as expected. */
  readonly findings: readonly Finding[]
  /** Steps on its way, in order; of a call that stopped, up to the step it stopped at. */
  readonly way: readonly string[]
  readonly view: RunView | null
}

/** Plays every test call of a script; `document` is what was made of `source`. */
export function playCalls(document: ScriptDocument, source: ScriptSource): readonly PlayedCall[] {
  return source.tests.map((call) => {
    const played = playCall(document, call, source.testFacts)
    return played.view === null
      ? played
      : { ...played, findings: [...played.findings, ...compareReads(call, played.way, source)] }
  })
}

/** Kinds of steps that no answer shows: without them nobody would notice that the advice is no longer given. */
const readOut: readonly string[] = ['say', 'inform', 'signpost', 'lookup', 'pay', 'transfer', 'escalate']

function compareReads(
  { name, expect }: TestCall,
  way: readonly string[],
  { steps }: ScriptSource,
): readonly Finding[] {
  const read = way.filter((id) => readOut.includes(steps[id]?.kind ?? ''))
  if (expect.reads === undefined || expect.reads.join() === read.join()) return []
  const at = read.findIndex((id, place) => id !== expect.reads?.[place])
  return [
    finding(
      read[at] ?? expect.reads[read.length] ?? null,
      `Test call "${name}": expected to read ${said(expect.reads)}, got ${said(read)}.`,
      'Correct the script, or what the call expects.',
    ),
  ]
}

const said = (ids: readonly string[]) => (ids.length === 0 ? 'nothing' : ids.join(', '))

const usualTime = '2026-11-03T10:00:00Z'

/** Whose record test calls and the editor's preview speak of. */
export const testResident: Resident = {
  id: 'test-resident',
  version: 1,
  updatedAt: '2026-01-05T09:00:00Z',
  title: 'Ms',
  givenName: 'Robin',
  familyName: 'Sample',
  phones: ['+441632960142'],
  email: 'robin@example.org',
  address: { uprn: '100000000001', line1: '1 Sample Street', town: 'Sampleton', postcode: 'ZZ99 9ZZ' },
  dateOfBirth: '1970-01-01',
  language: 'en',
  authorities: [
    { party: 'third-party', name: 'Alex Sample' },
    { party: 'councillor', name: 'Councillor Jo Sample' },
  ],
}

/** Plays a test call: read-outs are passed by themselves, questions take the answers given. Never throws. */
export function playCall(
  script: ScriptDocument,
  call: TestCall,
  testFacts: Readonly<Record<string, string>> = {},
): PlayedCall {
  const at = call.at ?? usualTime
  const context = {
    ...contextOf(script, { ...testFacts, ...call.facts }, at),
    speaker: { party: call.speaker ?? 'resident', name: '' },
  }
  let way: readonly string[] = []
  let run = startRun(script, at)
  let escalatedAlready = false
  const heard = new Map<string, string>()
  const fail = (stepId: string | null, problem: string, fix: string): PlayedCall => ({
    name: call.name,
    findings: [finding(stepId, `Test call "${call.name}": ${problem}`, fix)],
    way,
    view: null,
  })
  for (let steps = compileScript(script).steps.size * 2; steps > 0; steps -= 1) {
    const view = viewRun(script, run, context)
    const { current } = view
    if (current === null) {
      return {
        name: call.name,
        findings: [...compare(call, view), ...compareSays(call, heard), ...unused(call, view)],
        way: view.answered.map(({ stepId }) => stepId),
        view,
      }
    }
    way = [...view.answered.map(({ stepId }) => stepId), current.stepId]
    heard.set(current.stepId, [current.readAloud?.text ?? '', current.why ?? ''].join(' '))
    if (current.stepId === call.escalateAt && !escalatedAlready) {
      escalatedAlready = true
      run = escalate(script, run, at, context)
      continue
    }
    const input = inputFor(current, call)
    if (input === null) {
      return fail(
        current.stepId,
        `${current.stepId} is asked and the call has no answer to it.`,
        'Add the answer to the test call.',
      )
    }
    const answered = answerStep(script, run, current.stepId, input, at, context)
    if (!answered.ok) {
      return fail(
        current.stepId,
        guidanceErrorMessage(answered.error.code),
        'Correct the answer in the test call.',
      )
    }
    run = answered.value
  }
  return fail(null, 'the call does not end.', 'Lead it to an outcome.')
}

function contextOf(
  script: ScriptDocument,
  given: Readonly<Record<string, string>>,
  at: string,
): GuidanceContext {
  const facts = Object.fromEntries(
    script.requires.facts.map((name) => [name, { text: given[name] ?? `[${name}]`, asAt: at }]),
  )
  return {
    language: 'en',
    today: wallClock(at)?.date ?? at.slice(0, 10),
    now: at,
    council: { name: 'Sample Council', website: 'https://council.example.org', facts },
    adviser: { name: 'Sam Adviser' },
    resident: testResident,
    contact: { queueName: 'Sample queue' },
  }
}

function inputFor(step: StepView, call: TestCall): StepInput | null {
  const answer = Object.hasOwn(call.answers, step.stepId) ? call.answers[step.stepId] : undefined
  if (step.kind === 'verify') {
    if (answer === 'declined') return { kind: 'declined' }
    if (answer !== 'matched' && answer !== 'all-matched' && answer !== 'not-matched') return null
    const asked = step.questions.filter(({ needed }) => needed || answer === 'all-matched')
    const mark = answer === 'not-matched' ? 'not-matched' : 'matched'
    return { kind: 'identity', marks: Object.fromEntries(asked.map(({ id }) => [id, mark])) }
  }
  if (step.kind !== 'ask') return { kind: 'continue' }
  if (answer === undefined) return step.optional ? { kind: 'skip' } : null
  return { kind: 'value', value: typeof answer === 'number' ? String(answer) : answer }
}

function compare({ name, expect }: TestCall, view: RunView): readonly Finding[] {
  const reached = view.outcome
  const found: Finding[] = []
  const differs = (what: string, expected: unknown, got: unknown) => {
    if (JSON.stringify(expected) === JSON.stringify(got)) return
    found.push(
      finding(
        reached?.stepId ?? null,
        `Test call "${name}": expected ${what} ${JSON.stringify(expected)}, got ${JSON.stringify(got ?? null)}.`,
        'Correct the script, or what the call expects.',
      ),
    )
  }
  differs('outcome', expect.outcome, reached?.stepId)
  if (expect.case !== undefined) differs('case', expect.case, reached?.wantsCase)
  if (expect.disposition !== undefined) differs('disposition', expect.disposition, reached?.disposition)
  if (expect.identity !== undefined) differs('identity', expect.identity, view.identity?.level ?? 'none')
  for (const [field, value] of Object.entries(expect.fields ?? {})) {
    differs(`field ${field}`, value, view.caseDraft.fields[field])
  }
  return found
}

/** What tables and facts make of the words: nothing else would show that the wrong price is told. */
function compareSays({ name, expect }: TestCall, heard: ReadonlyMap<string, string>): readonly Finding[] {
  return Object.entries(expect.says ?? {}).flatMap(([stepId, words]) => {
    const said = heard.get(stepId)
    if (said?.includes(words) === true) return []
    const got = said === undefined ? 'it is not on the way' : `got "${said.trim()}"`
    return [
      finding(
        stepId,
        `Test call "${name}": expected ${stepId} to say "${words}", ${got}.`,
        'Correct the script, or what the call expects.',
      ),
    ]
  })
}

/** An answer that is never asked for shows that the call does not go where its writer thinks. */
function unused(call: TestCall, view: RunView): readonly Finding[] {
  const asked = new Set(view.answered.filter(({ derived }) => !derived).map(({ stepId }) => stepId))
  return Object.keys(call.answers)
    .filter((stepId) => !asked.has(stepId))
    .map((stepId) =>
      finding(
        stepId,
        `Test call "${call.name}" answers ${stepId}, which is not asked.`,
        'Remove the answer, or correct the script.',
      ),
    )
}
