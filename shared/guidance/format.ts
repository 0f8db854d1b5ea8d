import { z } from 'zod'
import { caseStatus } from '../contract/rest.ts'
import { versions } from '../contract/versions.ts'
import { fieldName, stepId } from './format-names.ts'
import { testCall } from './format-tests.ts'

/*
 * A script document: what to say, what to ask and where each answer leads. It is data, never code. Routing is in
 * `steps`, words are in `wording` by language, and what differs between councils is a placeholder of a fact.
 *
 * Three shapes of it: a script as its editor writes it (`scriptSource`), a part that scripts include
 * (`partSource`), and the flattened document that is published and never changes (`scriptDocument`).
 */

/** A step of the same document, or in a part one of its exits: `exit:done`. */
const target = z
  .string()
  .regex(
    /^(exit:)?[a-z][a-z0-9]*(-[a-z0-9]+)*$/,
    'Name a step, such as which-bin, or in a part an exit, such as exit:done',
  )

/** Plain text with placeholders such as `{council.binOutBy}`. It is never read as HTML. */
const wordingText = z.string().min(1).max(2000)
const optionValue = stepId
const feelText = z.string().min(1).max(500)

export const languages = ['en', 'cy'] as const
export const language = z.enum(languages)

/** Tried in order; the first whose condition holds is taken. */
const route = z.strictObject({ when: feelText, go: target })
const onward = { routes: z.array(route).optional(), go: target }

const level = z.enum(['standard', 'enhanced'])
/** The step opens personal data, so every path to it must pass an identity check of this level. */
const disclosing = { discloses: level.optional() }
const readingOut = {
  /** Read out word for word, because the words carry a duty. */
  verbatim: z.boolean().optional(),
  /** Steps that may only be reached once this one was read out, on every way to them. */
  before: z.array(stepId).min(1).max(12).optional(),
}

export const inputKinds = [
  'choice',
  'several',
  'yesNo',
  'text',
  'number',
  'money',
  'date',
  'phone',
  'email',
  'postcode',
  'address',
] as const

const sayStep = z.strictObject({ kind: z.literal('say'), ...readingOut, ...disclosing, ...onward })
const informStep = z.strictObject({ kind: z.literal('inform'), ...readingOut, ...disclosing, ...onward })

const askStep = z.strictObject({
  kind: z.literal('ask'),
  input: z.enum(inputKinds),
  /** Values of a choice or of several, in order; their labels are wording. Keys 1 to 9 choose them. */
  options: z.array(optionValue).min(2).max(12).optional(),
  /** yesNo: offers "Not sure" as a third answer. Answers are "yes", "no" and "not-sure". */
  notSure: z.boolean().optional(),
  /** May be passed over without an answer. */
  optional: z.boolean().optional(),
  /** Masked on the screen once given; never in notes, in a subject or in later wording. */
  sensitive: z.boolean().optional(),
  /** Case field the answer goes to. Its label is the wording's `label`, or the title. */
  field: fieldName.optional(),
  /**
   * Works the answer out of council facts and the time, so that nobody is asked what can be known. What it gives
   * is recorded as the answer; when it gives nothing usable the question is asked.
   */
  derive: feelText.optional(),
  /** number and money. */
  min: z.number().optional(),
  max: z.number().optional(),
  /** text and address, in characters. */
  maxLength: z.number().int().positive().max(4000).optional(),
  /** date: which way a day without a year is meant, and which dates are refused. */
  dateIn: z.enum(['past', 'future', 'any']).optional(),
  ...readingOut,
  ...disclosing,
  ...onward,
})

/** Facts of a resident's record that an answer can be compared with. */
export const comparable = z.enum([
  'fullName',
  'address',
  'postcode',
  'dateOfBirth',
  'phone',
  'email',
  /** That somebody else may speak for the resident: a named third party, or a councillor for casework. */
  'authority',
])

/** Highest first. A level is reached when all its questions match and none was answered wrongly. */
const levels = z.array(z.strictObject({ level, needs: z.array(stepId).min(1) })).min(1)

const verifyStep = z.strictObject({
  kind: z.literal('verify'),
  questions: z
    .array(z.strictObject({ id: stepId, compares: comparable }))
    .min(1)
    .max(8),
  /** For the resident, and for the resident through an interpreter or a relay assistant. */
  levels,
  /** For others who speak for the resident. One who is not listed is told nothing of the record. */
  parties: z.strictObject({ 'third-party': levels.optional(), councillor: levels.optional() }).optional(),
  /** Attempts with one resident's record that may fail before the run goes on without personal data. */
  attempts: z.number().int().min(1).max(5),
  /** Attempts that may fail in one contact, whosever record was chosen; twice `attempts` when not said. */
  attemptsPerContact: z.number().int().min(1).max(20).optional(),
  /** Minutes after which the check counts for nothing; to the end of the contact when not said. */
  holdsForMinutes: z.number().int().min(1).max(480).optional(),
  /** A hold of this many minutes ends the check: somebody else may have the telephone by then. */
  endsAfterHoldMinutes: z.number().int().min(1).max(60).optional(),
  passed: target,
  failed: target,
  ...readingOut,
})

const signpostStep = z.strictObject({
  kind: z.literal('signpost'),
  /** Contact cards shown; their content is wording. */
  contacts: z.array(stepId).min(1).max(6),
  /** Services of the council's directory shown besides: those under these terms of its taxonomy, by code. */
  find: z.array(stepId).min(1).max(6).optional(),
  ...readingOut,
  ...disclosing,
  ...onward,
})

/** Looking something up before the call goes on; the panel shows the resident's own records of that kind. */
const lookupStep = z.strictObject({
  kind: z.literal('lookup'),
  shows: z.enum(['open-cases', 'recent-contacts', 'promises', 'elsewhere']).optional(),
  ...readingOut,
  ...disclosing,
  ...onward,
})

/** Hands the payment over. Recording is paused from here until the step is answered; no card number is ever typed. */
const payStep = z.strictObject({
  kind: z.literal('pay'),
  by: z
    .array(z.enum(['payment-line', 'pay-by-link', 'bank-transfer']))
    .min(1)
    .optional(),
  ...readingOut,
  ...disclosing,
  ...onward,
})

/** `to`: directory entries to offer, first choice first. */
const transferStep = z.strictObject({
  kind: z.literal('transfer'),
  to: z.array(stepId).min(1).max(6).optional(),
  ...readingOut,
  ...disclosing,
  ...onward,
})

/** `urgency`: `now` while the resident is on the telephone, `today` before the adviser goes home. */
const escalateStep = z.strictObject({
  kind: z.literal('escalate'),
  to: z.array(stepId).min(1).max(6).optional(),
  urgency: z.enum(['now', 'today', 'soon']).optional(),
  ...readingOut,
  ...disclosing,
  ...onward,
})

/** Where each exit of an included part leads; conditions here may use the script's own answers. */
const exitRoute = z.union([target, z.strictObject({ routes: z.array(route), go: target })])

const includeStep = z.strictObject({
  kind: z.literal('include'),
  part: stepId,
  /** Pinned: another version of the part is refused until the script says so. */
  version: z.number().int().positive(),
  exits: z.record(stepId, exitRoute),
})

const outcomeStep = z.strictObject({
  kind: z.literal('outcome'),
  /** Suggested wrap-up code. */
  disposition: stepId,
  case: z.boolean(),
  status: caseStatus.optional(),
  /** Case fields with fixed values, such as a priority. */
  set: z.record(fieldName, z.union([z.string(), z.number(), z.boolean()])).optional(),
  ...readingOut,
  ...disclosing,
})

const flatSteps = [
  sayStep,
  informStep,
  askStep,
  verifyStep,
  signpostStep,
  lookupStep,
  payStep,
  transferStep,
  escalateStep,
  outcomeStep,
] as const

/** A step of a published document. */
export const flatStep = z.discriminatedUnion('kind', [...flatSteps])
/** A step as written: it may include a part. */
export const sourceStep = z.discriminatedUnion('kind', [...flatSteps, includeStep])

const contactCard = z.strictObject({
  name: wordingText,
  phone: wordingText.optional(),
  email: wordingText.optional(),
  web: wordingText.optional(),
  address: wordingText.optional(),
  hours: wordingText.optional(),
})

/** What the resident hears or is offered: every language must have it. */
const residentWording = {
  /** Read aloud. */
  say: wordingText.optional(),
  options: z.record(stepId, wordingText).optional(),
  questions: z.record(stepId, wordingText).optional(),
  promises: z.array(wordingText).max(5).optional(),
}

/** English wording also holds what only the adviser reads, and what goes into notes and cases. */
export const englishWording = z.strictObject({
  /** Short name of the step in the list of what was answered. */
  title: z.string().min(1).max(60),
  ...residentWording,
  /** Why the step is there, or what to look out for. */
  why: wordingText.optional(),
  /** Label of the case field; the title when there is none. */
  label: z.string().min(1).max(60).optional(),
  /** Line for the notes with `{answer}`; empty for no line. A question without one gives "Title: answer." */
  note: z.string().max(500).optional(),
  contacts: z.record(stepId, contactCard).optional(),
  /** outcome: subject of the case instead of the script's. */
  subject: wordingText.optional(),
  /** outcome: labels of the fields in `set`. */
  fieldLabels: z.record(fieldName, z.string().min(1).max(60)).optional(),
})

export const welshWording = z.strictObject(residentWording)

const wording = z.strictObject({
  en: z.record(stepId, englishWording),
  cy: z.record(stepId, welshWording),
})

const requires = z.strictObject({
  /** Council facts that the wording or a condition uses. */
  facts: z.array(fieldName),
  /** Hours after which a fact is stale: from then on what is read aloud says when it was true. */
  freshForHours: z.record(fieldName, z.number().positive()).optional(),
})

const tableValue = z.union([z.number(), wordingText, z.strictObject({ en: wordingText, cy: wordingText })])

/**
 * A decision table: the first row whose condition holds, and whose dates include the day of the call, gives the
 * value. Quoted as `{tables.NAME}`, and in a derive as `tables.NAME`. A value may quote council facts.
 */
const decisionTable = z.strictObject({
  rows: z
    .array(
      z.strictObject({
        when: feelText.optional(),
        /** First and last day, `YYYY-MM-DD`, in the United Kingdom. */
        from: z.iso.date().optional(),
        until: z.iso.date().optional(),
        gives: tableValue,
      }),
    )
    .min(1),
  otherwise: tableValue,
})

const header = {
  id: stepId,
  version: z.number().int().positive(),
  formatVersion: z.literal(versions.script),
  /** For advisers, in English. */
  title: z.string().min(1).max(80),
  /** False until a Welsh speaker who knows the service has read the Welsh wording. */
  cyReviewed: z.boolean(),
  requires,
  tables: z.record(fieldName, decisionTable).optional(),
  start: stepId,
}

const scriptHeader = {
  ...header,
  /** LGSL service and LGIL interaction of the LGA's ESD standards. */
  service: z.strictObject({
    lgsl: z.number().int().positive(),
    lgil: z.number().int().nonnegative(),
    name: z.string().min(1),
  }),
  /** Words residents use for it, for search. */
  aliases: z.strictObject({ en: z.array(z.string().min(1)).min(1), cy: z.array(z.string().min(1)) }),
  /** Subject of a case that comes of it. */
  subject: wordingText,
  /** Team that answers for it, and the day by which it must have been read again. */
  owner: z.string().min(1).max(80),
  reviewBy: z.iso.date(),
  /** Escalate step that one key leads to from every other step. */
  escalation: stepId,
}

export const scriptSource = z.strictObject({
  kind: z.literal('script'),
  ...scriptHeader,
  steps: z.record(stepId, sourceStep),
  wording,
  /** Council facts that all test calls share. */
  testFacts: z.record(fieldName, z.string()).default({}),
  tests: z.array(testCall).default([]),
})

export const partSource = z.strictObject({
  kind: z.literal('part'),
  ...header,
  /** Ways out, used as `go: exit:NAME`. */
  exits: z.array(stepId),
  steps: z.record(stepId, flatStep),
  wording,
})

/** The published document: one immutable version, includes resolved, at `/v1/scripts/{id}/versions/{version}`. */
export const scriptDocument = z.strictObject({
  kind: z.literal('script'),
  ...scriptHeader,
  /** Parts it was made with. */
  parts: z.array(z.strictObject({ id: stepId, version: z.number().int().positive() })),
  steps: z.record(stepId, flatStep),
  wording,
})

export type Language = z.infer<typeof language>
export type InputKind = (typeof inputKinds)[number]
export type Comparable = z.infer<typeof comparable>
export type Route = z.infer<typeof route>
export type FlatStep = z.infer<typeof flatStep>
export type SourceStep = z.infer<typeof sourceStep>
export type DecisionTable = z.infer<typeof decisionTable>
export type AskStep = z.infer<typeof askStep>
export type VerifyStep = z.infer<typeof verifyStep>
export type OutcomeStep = z.infer<typeof outcomeStep>
export type IncludeStep = z.infer<typeof includeStep>
export type EnglishWording = z.infer<typeof englishWording>
export type WelshWording = z.infer<typeof welshWording>
export type ContactCardWording = z.infer<typeof contactCard>
export type ScriptSource = z.infer<typeof scriptSource>
export type PartSource = z.infer<typeof partSource>
export type ScriptDocument = z.infer<typeof scriptDocument>
