import type { Draft, ScriptRun } from '../contract/draft.ts'
import type { DecisionDraft } from '../contract/records.ts'
import type { FieldValue, Operation } from '../contract/rest.ts'

/** Takes the place of what looks like a payment card number. */
export const redactedCardNumber = '[card number removed]'

function passesLuhn(digits: string): boolean {
  let sum = 0
  for (let index = 0; index < digits.length; index++) {
    const digit = digits.charCodeAt(digits.length - 1 - index) - 48
    const doubled = index % 2 === 1 ? digit * 2 : digit
    sum += doubled > 9 ? doubled - 9 : doubled
  }
  return sum % 10 === 0
}

/** Card numbers are 13 to 19 digits (ISO/IEC 7812-1) and none begins with 0, which telephone numbers do. */
const looksLikeCard = (digits: string): boolean =>
  digits.length >= 13 && digits.length <= 19 && !digits.startsWith('0') && passesLuhn(digits)

/** Digits in groups as people type them, `+44 …` left alone. */
const digitRun = /(?<![\d+])\d+(?:[ -]\d+)*/g
const digitGroup = /\d+/g

function redactRun(run: string): string {
  const groups = [...run.matchAll(digitGroup)].map((match) => ({
    digits: match[0],
    start: match.index,
    end: match.index + match[0].length,
  }))
  let redacted = ''
  let copiedTo = 0
  let first = 0
  while (first < groups.length) {
    // The longest card number that begins at this group: `4111 1111 1111 1111 12` is one and an expiry month.
    let last = groups.length - 1
    while (last >= first && !looksLikeCard(joined(groups, first, last))) last -= 1
    const from = groups[first]
    const to = groups[last]
    if (last >= first && from && to) {
      redacted += run.slice(copiedTo, from.start) + redactedCardNumber
      copiedTo = to.end
      first = last + 1
    } else first += 1
  }
  return redacted + run.slice(copiedTo)
}

const joined = (groups: readonly { digits: string }[], first: number, last: number): string =>
  groups
    .slice(first, last + 1)
    .map((group) => group.digits)
    .join('')

/** Removes 13 to 19 digit runs that pass the Luhn check, however they are spaced. Everything else is untouched. */
export function redactText(text: string): string {
  return text.replace(digitRun, redactRun)
}

function redactValue(value: FieldValue): FieldValue {
  if (typeof value === 'string') return redactText(value)
  return Array.isArray(value) ? value.map(redactText) : value
}

const redactFields = <V extends FieldValue>(fields: Record<string, V>): Record<string, FieldValue> =>
  Object.fromEntries(Object.entries(fields).map(([name, value]) => [name, redactValue(value)]))

/** Redacts the free text of an operation before it is kept anywhere. */
export function redactOperation(operation: Operation): Operation {
  switch (operation.kind) {
    case 'contact.save':
    case 'alert.raise':
    case 'resident.create':
    case 'resident.change':
    case 'resident.merge':
    case 'resident.unmerge':
      return operation
    case 'warning.save':
      return { ...operation, warning: { ...operation.warning, reason: redactText(operation.warning.reason) } }
    case 'warning.remove':
      return { ...operation, reason: redactText(operation.reason) }
    case 'contact.hand-over':
      return {
        ...operation,
        handOver: { ...operation.handOver, reason: redactText(operation.handOver.reason) },
      }
    case 'script.report':
      return { ...operation, report: { ...operation.report, comment: redactText(operation.report.comment) } }
    case 'case.create':
      return {
        ...operation,
        record: {
          ...operation.record,
          subject: redactText(operation.record.subject),
          fields: redactFields(operation.record.fields),
        },
      }
    case 'case.change': {
      const { subject, fields } = operation.change
      return {
        ...operation,
        change: {
          ...operation.change,
          ...(subject === undefined ? {} : { subject: redactText(subject) }),
          ...(fields === undefined ? {} : { fields: redactFields(fields) }),
        },
      }
    }
    case 'timeline.append':
      return { ...operation, entry: { ...operation.entry, text: redactText(operation.entry.text) } }
    case 'callback.save': {
      const { name, reason } = operation.fields
      return {
        ...operation,
        fields: {
          ...operation.fields,
          ...(name === undefined ? {} : { name: redactText(name) }),
          ...(reason === undefined ? {} : { reason: redactText(reason) }),
        },
      }
    }
  }
}

const redactTyped = (typed: Draft['typed']): Draft['typed'] =>
  Object.fromEntries(Object.entries(typed).map(([name, text]) => [name, redactText(text)]))

const redactAnswers = (run: ScriptRun): ScriptRun => ({
  ...run,
  answers: run.answers.map((answer) => ({ ...answer, value: redactValue(answer.value) })),
})

/** Redacts what has been typed so far: a draft is kept on every keystroke. */
export function redactDraft(draft: Draft): Draft {
  return {
    ...draft,
    typed: redactTyped(draft.typed),
    run: draft.run && redactAnswers(draft.run),
    earlier: draft.earlier.map((each) => ({
      ...each,
      run: redactAnswers(each.run),
      notes: redactText(each.notes),
      typed: redactTyped(each.typed),
    })),
  }
}

/** Redacts a decision that is being typed. */
export function redactDecision({ choices, edits }: DecisionDraft): DecisionDraft {
  return {
    choices: Object.fromEntries(
      Object.entries(choices).map(([field, choice]) => [
        field,
        choice.name === 'other' ? { ...choice, value: redactValue(choice.value) } : choice,
      ]),
    ),
    edits: redactFields(edits),
  }
}
