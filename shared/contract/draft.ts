import { z } from 'zod'
import { assistance, contact, identityCheck, party } from './rest.ts'

/** One answer of a script run, kept by step id. `at` is when the adviser gave it. */
export const answerRecord = z.object({
  stepId: z.string(),
  value: z.union([z.string(), z.number(), z.boolean(), z.array(z.string()), z.null()]),
  at: z.iso.datetime({ offset: true }),
})

/** A script run is its script's exact version and the answers in the order given: everything else is replayed. */
export const scriptRun = z.object({
  scriptId: z.string(),
  scriptVersion: z.number().int().positive(),
  startedAt: z.iso.datetime({ offset: true }),
  answers: z.array(answerRecord),
})

/**
 * Work on one contact that is not finished, kept on every keystroke, so that a reload, a crash or a power cut
 * returns the adviser to the same step and the same half-typed words.
 */
export const draft = z.object({
  version: z.literal(1),
  contactId: z.string(),
  /** Milliseconds since 1970. */
  updatedAt: z.number(),
  startedAt: z.number(),
  callId: z.string().nullable(),
  direction: z.enum(['inbound', 'outbound']),
  /** `telephone` in drafts older than the other channels. */
  channel: contact.shape.channel.default('telephone'),
  assistance: assistance.nullable().default(null),
  /** Who speaks, and for somebody else by which name. */
  speaker: z.object({ party, name: z.string() }).default({ party: 'resident', name: '' }),
  queueId: z.string().nullable(),
  residentId: z.string().nullable(),
  identity: identityCheck.nullable(),
  /** A check made before this run of a script: by a colleague who passed the call on, or under another script. */
  given: z.object({ residentId: z.string(), check: identityCheck }).nullable().default(null),
  /**
   * The call was passed on by a colleague, under whose contact a hand-over was saved. `by` is null while what they wrote
   * cannot be read. `at` is ISO 8601.
   */
  handedOver: z
    .object({
      contactId: z.string(),
      by: z.string().nullable(),
      reason: z.string(),
      at: z.string().nullable(),
    })
    .nullable()
    .default(null),
  /** Identity attempts that failed in this contact, by whose record was compared. */
  failedAttempts: z.record(z.string(), z.number().int().nonnegative()).default({}),
  /** Language the call is held in; null follows the resident's record. */
  language: z.enum(['en', 'cy']).nullable(),
  run: scriptRun.nullable(),
  /** Scripts begun before the present one, each once, oldest first, with what was made of the contact under it. */
  earlier: z
    .array(
      z.object({
        run: scriptRun,
        title: z.string(),
        /** What its answers said, for the account of the contact. */
        notes: z.string(),
        caseId: z.string().nullable(),
        disposition: z.string().nullable(),
        /** Half-typed words of its steps. */
        typed: z.record(z.string(), z.string()),
      }),
    )
    .default([]),
  /** Of the record of a risk to life, kept with the contact: null before there is one. Milliseconds since 1970. */
  risk: z
    .object({ begunAt: z.number(), toldAt: z.number().nullable(), endedAt: z.number().nullable() })
    .nullable()
    .default(null),
  /** Made when the first save creates the case. */
  caseId: z.string().nullable(),
  /** Text typed but not yet entered, by the name of its field: `step.STEPID`, `note`, `find`. */
  typed: z.record(z.string(), z.string()),
  /** The adviser's words for lines of the account, by script and line; `of` is what the script had written. */
  noteEdits: z
    .record(z.string(), z.record(z.string(), z.object({ text: z.string(), of: z.string() })))
    .default({}),
  disposition: z.string().nullable(),
  endedAt: z.number().nullable(),
  /** Last time the work was Saved, and a fingerprint of what was, to tell unsaved changes. */
  saved: z.object({ at: z.number(), fingerprint: z.string() }).nullable(),
})

export type AnswerRecord = z.infer<typeof answerRecord>
export type ScriptRun = z.infer<typeof scriptRun>
export type Draft = z.infer<typeof draft>
export type EarlierRun = Draft['earlier'][number]

/** A draft as an earlier version of the desk kept it, with what has been added since. One that cannot be read stays. */
export const draftOfToday = (kept: Draft): Draft => draft.safeParse(kept).data ?? kept
