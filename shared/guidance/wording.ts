import type { InputKind } from './format.ts'
import type { StepView } from './view.ts'

/** What can be wrong with an answer or a document; every code has its words below. */
export type GuidanceErrorCode =
  | 'guidance/not-a-script'
  | 'guidance/not-publishable'
  | 'guidance/not-current'
  | 'guidance/finished'
  | 'guidance/wrong-kind'
  | 'guidance/needed'
  | 'guidance/not-an-option'
  | 'guidance/none-and-others'
  | 'guidance/too-long'
  | 'guidance/not-a-number'
  | 'guidance/too-small'
  | 'guidance/too-big'
  | 'guidance/not-money'
  | 'guidance/not-a-date'
  | 'guidance/date-not-past'
  | 'guidance/date-not-future'
  | 'guidance/not-a-phone'
  | 'guidance/not-an-email'
  | 'guidance/not-a-postcode'
  | 'guidance/not-an-address'
  | 'guidance/card-number'
  | 'guidance/no-resident'
  | 'guidance/identity-incomplete'
  | 'guidance/identity-nothing-to-compare'
  | 'guidance/identity-no-attempts'
  | 'guidance/identity-not-for-party'
  | 'guidance/identity-not-matched'

/** English for the adviser, said beside the answer. */
export const guidanceErrorWords = {
  'guidance/not-a-script': 'This script cannot be read. Carry on without it, and tell its owner.',
  'guidance/not-publishable': 'This script has mistakes and was not published.',
  'guidance/not-current': 'The script has moved on. Answer the step that is shown.',
  'guidance/finished': 'The script is finished. Open a step again to change its answer.',
  'guidance/wrong-kind': 'This step takes another kind of answer.',
  'guidance/needed': 'Give an answer first.',
  'guidance/not-an-option': 'Choose one of the answers shown.',
  'guidance/none-and-others': 'Choose either none of these or the ones that apply.',
  'guidance/too-long': 'This answer is too long. Put the rest in your notes.',
  'guidance/not-a-number': 'Type a number in digits.',
  'guidance/too-small': 'This number is too small.',
  'guidance/too-big': 'This number is too big.',
  'guidance/not-money': 'Type an amount in pounds, such as 12.50.',
  'guidance/not-a-date': 'Type a date, such as today, Tuesday, 3 Nov or 03/11/2026.',
  'guidance/date-not-past': 'This date has not come yet. Check the day with the resident.',
  'guidance/date-not-future': 'This date has passed. Check the day with the resident.',
  'guidance/not-a-phone': 'Type a full telephone number, such as 01632 960142.',
  'guidance/not-an-email': 'Type an email address, such as name@example.org.',
  'guidance/not-a-postcode': 'Type a full postcode, such as SW1A 2AA.',
  'guidance/not-an-address': 'Type the house number or name and the street.',
  'guidance/card-number': 'That looks like a card number. Never write one down. Type the answer without it.',
  'guidance/no-resident': 'Choose whose record to compare with first, or carry on without the check.',
  'guidance/identity-incomplete': 'Ask every question that is needed, or carry on without the check.',
  'guidance/identity-nothing-to-compare':
    'The record holds nothing to compare this answer with. Mark it as not asked.',
  'guidance/identity-no-attempts': 'No attempts are left. Carry on without the check.',
  'guidance/identity-not-for-party':
    'Nothing of the record may be told to this person. Carry on without the check.',
  'guidance/identity-not-matched':
    'The answers did not match the record. Do not say which one. Ask again, or carry on without the check.',
} as const satisfies Record<GuidanceErrorCode, string>

/** Words for any `guidance/…` code; a plain sentence for one this version does not know. */
export function guidanceErrorMessage(code: string): string {
  return Object.hasOwn(guidanceErrorWords, code)
    ? guidanceErrorWords[code as GuidanceErrorCode]
    : 'This answer could not be taken. Try again.'
}

/** Shown where a placeholder has no value. */
export const notKnown = { en: '[not known]', cy: '[ddim yn hysbys]' } as const
/** Shown where a sensitive answer would stand. */
/** Said before words that rest on a fact grown stale; `asAt` is "as at yesterday" or "ddoe". */
export const staleWords = {
  en: (asAt: string) => `${asAt.charAt(0).toUpperCase()}${asAt.slice(1)}: `,
  cy: (asAt: string) => `Yn ôl a wyddem ${asAt}: `,
} as const
export const hiddenWord = 'Hidden'
export const skippedWord = 'Not given'

export const continueLabels = {
  say: 'I have said this',
  inform: 'Continue',
  ask: 'Continue',
  verify: 'Compare with the record',
  lookup: 'Continue',
  signpost: 'Continue',
  pay: 'Continue',
  transfer: 'Continue',
  escalate: 'Continue',
  outcome: 'Finish the script',
} as const satisfies Record<StepView['kind'], string>

/** A step read word for word asks for more than "Continue". */
export const verbatimLabel = 'I have read this out'
export const declineLabel = 'Carry on without the check'

/** What a step that takes no answer shows in the list of what was done. */
export const doneWords = {
  say: 'Said',
  inform: 'Told',
  ask: '',
  verify: '',
  lookup: 'Done',
  signpost: 'Told',
  pay: 'Done',
  transfer: 'Done',
  escalate: 'Done',
  outcome: 'Finished',
} as const satisfies Record<StepView['kind'], string>

export const yesNoWords = {
  yes: { en: 'Yes', cy: 'Ydy / Oes' },
  no: { en: 'No', cy: 'Nac ydy / Nac oes' },
  'not-sure': { en: 'Not sure', cy: 'Ddim yn siŵr' },
} as const

export const comparedWords = {
  fullName: 'name',
  address: 'address',
  postcode: 'postcode',
  dateOfBirth: 'date of birth',
  phone: 'telephone number',
  email: 'email address',
  authority: 'recorded authority',
} as const

/** How an answer may be typed; null where there is nothing to say. */
export const formHints = {
  choice: null,
  several: null,
  yesNo: null,
  text: null,
  number: 'A number in digits',
  money: 'Pounds, such as 12.50',
  date: 'today, Tuesday, 3 Nov or 03/11/2026',
  phone: 'A full number, such as 01632 960142',
  email: 'Such as name@example.org',
  postcode: 'A full postcode, such as SW1A 2AA',
  address: 'House number or name, street and postcode',
} as const satisfies Record<InputKind, string | null>

/** Lines of the notes that the script itself writes. */
export const noteWords = {
  passed: (level: string, method: string) => `Identity checked: ${level} (${method}).`,
  spokeFor: { 'third-party': 'Spoke for the resident', councillor: 'Spoke for the resident as councillor' },
  handedOver: (level: string, method: string, by: string) =>
    `Identity checked by ${by} before the call was passed on: ${level} (${method}).`,
  earlier: (level: string, method: string) =>
    `Identity checked earlier in this contact: ${level} (${method}).`,
  declined: 'Identity not checked: the resident preferred not to, or no record fitted.',
  notMatched: 'Identity not confirmed: the answers did not match the record.',
  outcome: (title: string) => `Outcome: ${title}.`,
  promise: (text: string) => `Promised: ${text}`,
} as const

/** What an identity check shows in the list of what was answered. */
export const identityWords = {
  passed: (level: string, method: string) => `${level === 'enhanced' ? 'Enhanced' : 'Standard'}: ${method}`,
  declined: 'Not checked',
  notMatched: 'Did not match',
} as const
