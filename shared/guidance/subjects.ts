import type { FlatStep, ScriptDocument } from './format.ts'
import { piecesOf } from './placeholders.ts'

/** Most subjects that one script is searched by. */
const most = 60

/**
 * What cases of a script are called, for searching: its subject and its outcomes' own, once for each option that the
 * subject quotes, such as "Missed bin: Garden waste". English, as subjects are.
 */
export function subjectsOf(script: ScriptDocument): readonly string[] {
  const outcomes = Object.values(script.wording.en).flatMap(({ subject }) =>
    subject === undefined ? [] : [subject],
  )
  const found = [script.subject, ...outcomes].flatMap((template) => written(script, template))
  return [...new Set(found)].slice(0, most)
}

function written(script: ScriptDocument, template: string): readonly string[] {
  const pieces = piecesOf(template)
  const quoted = pieces.find((piece) => piece.kind === 'placeholder' && piece.scope === 'answers')
  const asked = quoted?.kind === 'placeholder' ? quoted.name : ''
  const labels = labelsOf(script.steps[asked], script.wording.en[asked]?.options)
  return (labels.length === 0 ? [''] : labels).map((label) =>
    pieces
      .map((piece) => (piece.kind === 'text' ? piece.text : piece === quoted ? label : ''))
      .join('')
      .replace(/[\s:,]+$/, ''),
  )
}

function labelsOf(
  step: FlatStep | undefined,
  options: Readonly<Record<string, string>> | undefined,
): readonly string[] {
  return step?.kind === 'ask' && (step.input === 'choice' || step.input === 'several')
    ? Object.values(options ?? {})
    : []
}
