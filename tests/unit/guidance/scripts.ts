import { readdirSync, readFileSync } from 'node:fs'
import { parse } from 'yaml'
import type { ScriptRun } from '#shared/contract/draft.ts'
import type { Resident } from '#shared/contract/rest.ts'
import {
  type PartSource,
  partSource,
  type ScriptDocument,
  type ScriptSource,
  scriptSource,
} from '#shared/guidance/format.ts'
import { migrateScript } from '#shared/guidance/migrate.ts'
import { publishable } from '#shared/guidance/publish.ts'
import { answerStep, loadScript, startRun, viewRun } from '#shared/guidance/run.ts'
import type { GuidanceContext, RunView, StepInput, StepView } from '#shared/guidance/view.ts'

const folder = new URL('../../../shared/guidance/scripts/', import.meta.url)

/** Every script of the starter library as its file says it, by id. */
export const libraryFiles = once((): readonly { readonly id: string; readonly content: unknown }[] =>
  read(folder).map((content) => ({ id: (content as { id: string }).id, content })),
)

export const libraryParts = once((): readonly unknown[] => read(new URL('parts/', folder)))

/** The library is large: it is read once for each test file. */
function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | null = null
  return () => {
    made ??= { value: make() }
    return made.value
  }
}

function read(from: URL): readonly unknown[] {
  return readdirSync(from)
    .filter((name) => name.endsWith('.yaml'))
    .sort()
    .map((name): unknown => parse(readFileSync(new URL(name, from), 'utf8')))
}

export function librarySource(id: string): ScriptSource {
  return scriptSource.parse(migrateScript(libraryFiles().find((file) => file.id === id)?.content))
}

export function libraryScript(id: string): ScriptDocument {
  const published = publishable(libraryFiles().find((file) => file.id === id)?.content, libraryParts())
  if (!published.ok) throw new Error(JSON.stringify(published.error.findings))
  return published.value
}

type Steps = Record<string, Record<string, unknown>>
type Words = Record<string, Record<string, unknown>>

/** A script with wording made up for what its steps need, so that a test says only what it is about. */
export function sketch(
  steps: Steps,
  more: { readonly en?: Words; readonly cy?: Words } & Record<string, unknown> = {},
): unknown {
  const { en, cy, ...header } = more
  const made = (step: Record<string, unknown>, mark: string): Record<string, unknown> => {
    const keys = (list: unknown) =>
      Object.fromEntries(((list ?? []) as string[]).map((key) => [key, `${key}${mark}`]))
    const questions = ((step.questions ?? []) as { id: string }[]).map(({ id }) => id)
    return {
      ...(['lookup', 'pay', 'transfer', 'escalate', 'include'].includes(String(step.kind))
        ? {}
        : { say: `Say it${mark}.` }),
      ...(step.options === undefined ? {} : { options: keys(step.options) }),
      ...(questions.length === 0 ? {} : { questions: keys(questions) }),
    }
  }
  const own = Object.entries(steps).filter(([, step]) => step.kind !== 'include')
  return migrateScript({
    kind: 'script',
    id: 'sketch',
    version: 1,
    formatVersion: 1,
    title: 'Sketch',
    service: { lgsl: 524, lgil: 17, name: 'Household waste collection' },
    aliases: { en: ['sketch'], cy: [] },
    cyReviewed: false,
    subject: 'Sketch',
    requires: { facts: [] },
    start: Object.keys(steps)[0],
    steps,
    wording: {
      en: Object.fromEntries(
        own.map(([id, step]) => [id, { title: `Title ${id}`, ...made(step, ''), ...en?.[id] }]),
      ),
      cy: Object.fromEntries(own.map(([id, step]) => [id, { ...made(step, ' cy'), ...cy?.[id] }])),
    },
    ...header,
  })
}

/** Parts have no escalation of their own: it is the script's that includes them. */
function withoutEscalation(script: Record<string, unknown>): Record<string, unknown> {
  const drop = (of: unknown) =>
    Object.fromEntries(Object.entries(of as object).filter(([id]) => !id.startsWith('risk-')))
  const { en, cy } = script.wording as Record<string, unknown>
  return { ...script, steps: drop(script.steps), wording: { en: drop(en), cy: drop(cy) } }
}

/** A part in the same way. */
export function sketchPart(steps: Steps, more: Record<string, unknown> = {}): unknown {
  const { service: _s, aliases: _a, subject: _u, ...script } = sketch(steps) as Record<string, unknown>
  const { owner: _o, reviewBy: _r, escalation: _e, ...part } = withoutEscalation(script)
  return { ...part, kind: 'part', id: 'bit', exits: ['done'], ...more }
}

export const asPart = (part: unknown): PartSource => partSource.parse(part)

/** The published document of a sketch. Throws with the findings when it is refused. */
export function published(source: unknown, parts: readonly unknown[] = []): ScriptDocument {
  const result = publishable(source, parts)
  if (!result.ok) throw new Error(JSON.stringify(result.error.findings, null, 1))
  const loaded = loadScript(JSON.parse(JSON.stringify(result.value)))
  if (!loaded.ok) throw new Error(loaded.error.detail)
  return loaded.value
}

export const robin: Resident = {
  id: 'resident-1',
  version: 1,
  updatedAt: '2026-01-05T09:00:00Z',
  title: 'Ms',
  givenName: 'Robin',
  familyName: 'Sample',
  phones: ['+441632960142'],
  address: { uprn: '100000000001', line1: '1 Sample Street', town: 'Sampleton', postcode: 'ZZ99 9ZZ' },
  dateOfBirth: '1970-02-01',
  language: 'en',
}

export const now = '2026-11-03T10:00:00Z'

export function contextWith(change: Partial<GuidanceContext> = {}): GuidanceContext {
  const fact = (text: string) => ({ text, asAt: '2026-11-03T09:10:00Z' })
  return {
    language: 'en',
    today: '2026-11-03',
    now,
    council: {
      name: 'Sample Council',
      website: 'https://council.example.org',
      facts: {
        binOutBy: fact('6.30 in the morning'),
        missedBinReportDays: fact('2'),
        missedBinReturnWorkingDays: fact('2'),
        recyclingAccepts: fact('paper, card and cans'),
        roundsFinishBy: fact('4pm'),
        callBackWorkingDays: fact('3'),
      },
    },
    adviser: { name: 'Sam Adviser' },
    resident: robin,
    contact: { queueName: 'Waste and recycling', number: '+441632960142' },
    ...change,
  }
}

export const value = (given: string | readonly string[]): StepInput => ({ kind: 'value', value: given })
export const goOn: StepInput = { kind: 'continue' }
export const matched: StepInput = { kind: 'identity', marks: { name: 'matched', address: 'matched' } }

/** Gives answers in order by step id and fails on the first that is refused. */
export function play(
  script: ScriptDocument,
  answers: readonly (readonly [string, StepInput])[],
  context = contextWith(),
  from: ScriptRun = startRun(script, now),
): ScriptRun {
  let run = from
  answers.forEach(([stepId, input], index) => {
    const at = new Date(Date.parse(now) + (run.answers.length + index + 1) * 1000).toISOString()
    const answered = answerStep(script, run, stepId, input, at, context)
    if (!answered.ok) throw new Error(`${stepId}: ${answered.error.code}`)
    run = answered.value
  })
  return run
}

export function current(view: RunView): StepView {
  if (view.current === null) throw new Error('the run is finished')
  return view.current
}

export const currentId = (script: ScriptDocument, run: ScriptRun, context = contextWith()): string | null =>
  viewRun(script, run, context).current?.stepId ?? null
