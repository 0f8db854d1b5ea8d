import { z } from 'zod'
import { isoTime } from './rest.ts'

/*
 * How a script comes into force and out of it again, for editors. Advisers' desks hear of it through the feed alone.
 *
 *               ┌──────────── changed by anyone, or returned by the approver ───────────┐
 *               ▼                                                                       │
 *   (none) ──▶ draft ──send for review──▶ in-review ──approve──▶ approved ──────────────┤
 *                                                                  │                    │
 *                                                               publish ──▶ a version in force, no draft
 */

const scriptId = z.string().min(1).max(80)
const version = z.number().int().positive()

export const draftState = z.enum(['draft', 'in-review', 'approved'])

/** What stands in the way of publishing: in which line, what, and how to mend it. */
export const scriptFinding = z.object({
  line: z.number().int().positive(),
  step: z.string().nullable(),
  problem: z.string(),
  fix: z.string(),
})

/**
 * GET and PUT /v1/scripts/{id}/draft. PUT takes the YAML as text/yaml with `If-Match: "REVISION"`, or `If-None-Match: *`
 * for a new draft; 412 when somebody else was first, and nothing is lost.
 */
export const scriptDraft = z.object({
  scriptId,
  revision: z.number().int().positive(),
  state: draftState,
  version: version.nullable(),
  authors: z.array(z.string()),
  approver: z.string().nullable(),
  updatedAt: isoTime,
  text: z.string(),
  findings: z.array(scriptFinding),
})

/** POST /v1/scripts/{id}/draft/review: the approver's user name or name. */
export const reviewRequest = z.object({ approver: z.string().min(1).max(200) })
/** POST /v1/scripts/{id}/draft/return, and with a version /withdraw and /roll-back. */
export const reasonRequest = z.object({ why: z.string().trim().min(3).max(1000) })
/** POST /v1/scripts/{id}/roll-back: every later version is withdrawn. */
export const rollBackRequest = reasonRequest.extend({ to: version })

export const scriptAction = z.enum([
  'drafted',
  'sent-for-review',
  'returned',
  'approved',
  'published',
  'withdrawn',
  'rolled-back',
])

/** GET /v1/scripts/{id}/history, oldest first. */
export const scriptHistory = z.object({
  scriptId,
  versions: z.array(
    z.object({
      version,
      publishedAt: isoTime,
      /** The one that a new contact opens. */
      inForce: z.boolean(),
      withdrawn: z.object({ at: isoTime, why: z.string() }).nullable(),
    }),
  ),
  events: z.array(
    z.object({
      at: isoTime,
      action: scriptAction,
      version: version.nullable(),
      by: z.string(),
      why: z.string().nullable(),
    }),
  ),
})

/** GET /v1/scripts/{id}/reports: what advisers found wrong or unclear, newest first, at most 200. */
export const scriptReports = z.object({
  reports: z.array(
    z.object({
      id: z.string(),
      version,
      stepId: z.string(),
      comment: z.string(),
      by: z.string(),
      at: isoTime,
    }),
  ),
})

export type DraftState = z.infer<typeof draftState>
export type ScriptFinding = z.infer<typeof scriptFinding>
export type ScriptDraft = z.infer<typeof scriptDraft>
export type ScriptAction = z.infer<typeof scriptAction>
export type ScriptHistory = z.infer<typeof scriptHistory>
export type ScriptReports = z.infer<typeof scriptReports>
