import { parsePhoneNumberFromString } from 'libphonenumber-js'
import type { FieldValue } from '../contract/rest.ts'
import type { FlatStep, Language, ScriptDocument } from './format.ts'
import { dateInWords } from './time.ts'
import { doneWords, skippedWord, yesNoWords } from './wording.ts'

const moneyFormat = new Intl.NumberFormat('en-GB', { style: 'currency', currency: 'GBP' })
const numberFormat = new Intl.NumberFormat('en-GB', { maximumFractionDigits: 6 })

/** Label of an option; its value when the wording has none. */
export function optionLabel(
  script: ScriptDocument,
  stepId: string,
  step: FlatStep,
  value: string,
  language: Language,
): string {
  const written = script.wording[language][stepId]?.options?.[value]
  if (written !== undefined) return written
  if (step.kind === 'ask' && step.input === 'yesNo' && Object.hasOwn(yesNoWords, value)) {
    return yesNoWords[value as keyof typeof yesNoWords][language]
  }
  return language === 'cy' ? optionLabel(script, stepId, step, value, 'en') : value
}

/** An answer as a person says it: "Recycling", "Tuesday 3 November 2026", "£12.50", "01632 960142". */
export function answerInWords(
  script: ScriptDocument,
  stepId: string,
  step: FlatStep,
  value: FieldValue,
  language: Language,
): string {
  if (step.kind !== 'ask') return doneWords[step.kind]
  if (value === null || value === '') return skippedWord
  if (Array.isArray(value)) {
    return value.map((item) => optionLabel(script, stepId, step, item, language)).join(', ')
  }
  const text = String(value)
  switch (step.input) {
    case 'choice':
    case 'yesNo':
      return optionLabel(script, stepId, step, text, language)
    case 'date':
      return dateInWords(text, language)
    case 'money':
      return typeof value === 'number' ? moneyFormat.format(value) : text
    case 'number':
      return typeof value === 'number' ? numberFormat.format(value) : text
    case 'phone':
      return phoneInWords(text)
    default:
      return text
  }
}

function phoneInWords(e164: string): string {
  const number = parsePhoneNumberFromString(e164)
  if (number === undefined) return e164
  return number.countryCallingCode === '44' ? number.formatNational() : number.formatInternational()
}
