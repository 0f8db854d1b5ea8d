import { type Finding, finding } from './finding.ts'
import type { FlatStep, ScriptDocument, VerifyStep } from './format.ts'
import { reachableFrom, type ScriptGraph } from './graph.ts'
import { neededLevel } from './needed-level.ts'
import { quotesRecord } from './placeholders.ts'

/** A step that opens personal data is only reached after an identity check of its level, on every path. */
export function checkDisclosure(script: ScriptDocument, graph: ScriptGraph): readonly Finding[] {
  const found: Finding[] = []
  for (const level of ['standard', 'enhanced'] as const) {
    // What can be reached without a check that gives this level: passed checks of it are not walked over.
    const unchecked = reachableFrom(
      graph,
      graph.start,
      (from, to) => !passes(graph.steps.get(from), to, level),
    )
    for (const id of unchecked) {
      const step = graph.steps.get(id)
      if (step === undefined || neededLevel(script, id, step) !== level) continue
      found.push(
        finding(
          id,
          `The step opens personal data, but can be reached without a passed identity check (${level}).`,
          'Lead every path to it through a verify step, and the failed way past it.',
        ),
      )
    }
  }
  if (
    quotesRecord(script.subject) ||
    Object.values(script.wording.en).some(
      ({ subject, note }) => quotesRecord(subject ?? '') || quotesRecord(note ?? ''),
    )
  ) {
    found.push(
      finding(
        null,
        'A subject or a note quotes the record of the resident.',
        'Leave it out: the case already belongs to the resident.',
      ),
    )
  }
  for (const [id, step] of graph.steps) {
    if (step.kind === 'verify') found.push(...checkParties(id, step))
  }
  return found
}

function passes(step: FlatStep | undefined, to: string, level: 'standard' | 'enhanced'): boolean {
  if (step?.kind !== 'verify' || to !== step.passed) return false
  return level === 'standard' || allLevels(step).every((reached) => reached.level === 'enhanced')
}

const allLevels = ({ levels, parties }: VerifyStep): VerifyStep['levels'] => [
  ...levels,
  ...(parties?.['third-party'] ?? []),
  ...(parties?.councillor ?? []),
]

/** Whoever speaks for a resident must be on record as one who may; of the resident no such thing is asked. */
function checkParties(id: string, step: VerifyStep): readonly Finding[] {
  const found: Finding[] = []
  const authority = new Set(
    step.questions.filter(({ compares }) => compares === 'authority').map((question) => question.id),
  )
  if (step.levels.some(({ needs }) => needs.some((need) => authority.has(need)))) {
    found.push(
      finding(
        id,
        'The resident is asked for an authority to speak for themselves.',
        'Use that question under parties only.',
      ),
    )
  }
  for (const [party, levels] of Object.entries(step.parties ?? {})) {
    for (const { level, needs } of levels ?? []) {
      for (const need of needs.filter((each) => step.questions.every((question) => question.id !== each))) {
        found.push(
          finding(
            id,
            `The ${level} level of ${party} needs ${need}, which is not one of the questions.`,
            'Use the id of a question.',
          ),
        )
      }
      if (!needs.some((need) => authority.has(need))) {
        found.push(
          finding(
            id,
            `The ${level} level of ${party} needs no recorded authority.`,
            'Add a question that compares authority to what it needs.',
          ),
        )
      }
    }
    if (
      !['standard', 'enhanced', 'enhanced standard'].includes(
        (levels ?? []).map((each) => each.level).join(' '),
      )
    ) {
      found.push(
        finding(
          id,
          `The levels of ${party} are not in order.`,
          'List each level once, enhanced before standard.',
        ),
      )
    }
  }
  const perContact = step.attemptsPerContact
  if (perContact !== undefined && perContact < step.attempts) {
    found.push(
      finding(
        id,
        'Fewer attempts are allowed in a contact than with one record.',
        'Set attemptsPerContact to at least attempts.',
      ),
    )
  }
  const { holdsForMinutes, endsAfterHoldMinutes } = step
  if (
    holdsForMinutes !== undefined &&
    endsAfterHoldMinutes !== undefined &&
    endsAfterHoldMinutes > holdsForMinutes
  ) {
    found.push(
      finding(
        id,
        'A hold may be longer than the check lasts.',
        'Set endsAfterHoldMinutes to at most holdsForMinutes.',
      ),
    )
  }
  return found
}
