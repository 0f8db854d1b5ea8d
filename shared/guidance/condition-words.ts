import type { ScriptDocument } from './format.ts'
import { optionLabel } from './words.ts'

/** Cut to a length, with a mark that it was. */
export const shortened = (text: string, most: number): string =>
  text.length <= most ? text : `${text.slice(0, most - 1).trimEnd()}…`

const name = '([a-z][a-z0-9]*(?:-[a-z0-9]+)*)'
const values = '("[^"]*"(?:, ?"[^"]*")*)'

/**
 * A condition as an editor would say it: labels for values, titles for questions, and the question that `own` is left
 * out. What has no plainer words stays as it is written.
 */
export function conditionInWords(script: ScriptDocument, own: string, when: string): string {
  const said = (step: string, text: string) => (step === own ? text : `${titleOf(script, step)}: ${text}`)
  const labels = (step: string, list: string) =>
    [...list.matchAll(/"([^"]*)"/g)].map(([, value]) => labelOf(script, step, value ?? '')).join(' or ')
  const words = when
    .trim()
    .replace(/\s+/g, ' ')
    .replace(
      new RegExp(`not\\(list contains\\(${name}, ${values}\\)\\)`, 'g'),
      (_, step: string, list: string) => said(step, `not ${labels(step, list)}`),
    )
    .replace(new RegExp(`list contains\\(${name}, ${values}\\)`, 'g'), (_, step: string, list: string) =>
      said(step, labels(step, list)),
    )
    .replace(new RegExp(`${name} in \\(${values}\\)`, 'g'), (_, step: string, list: string) =>
      said(step, labels(step, list)),
    )
    .replace(new RegExp(`${name} (=|!=) ${values}`, 'g'), (_, step: string, operator: string, list: string) =>
      said(step, `${operator === '=' ? '' : 'not '}${labels(step, list)}`),
    )
    .replace(new RegExp(`${name} (=|!=) null`, 'g'), (_, step: string, operator: string) =>
      said(step, operator === '=' ? 'not asked' : 'asked'),
    )
    .replaceAll('today()', 'today')
  // Names that are left stand beside numbers or dates.
  return words
    .replace(new RegExp(`(?<![\\w"-])${name}(?= (?:[<>]=?|=|!=|between) )`, 'g'), (step) =>
      step === own ? 'it is' : titleOf(script, step),
    )
    .replace(/^it is = /, 'it is ')
}

const titleOf = (script: ScriptDocument, step: string) => script.wording.en[step]?.title ?? step

function labelOf(script: ScriptDocument, id: string, value: string): string {
  const step = script.steps[id]
  if (step === undefined) return value
  if (step.kind === 'verify') return value === 'none' ? 'not checked' : value
  return shortened(optionLabel(script, id, step, value, 'en'), 40)
}
