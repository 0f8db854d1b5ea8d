import { z } from 'zod'
import { practiceStatus } from '#shared/contract/ipc.ts'
import { callStatus } from '#shared/contract/rest.ts'

/*
 * Between the main process and the practice process, over the utility process's message port. Both sides parse
 * what they receive; a message that does not fit is dropped and logged by its receiver.
 */

export const practiceOptions = z.object({
  /** Folder of the profile that practice owns: database, ports. Made when missing. */
  dataFolder: z.string().min(1),
  /** Where the starter scripts (*.yaml) and the residents' speech clips (*.wav) lie. */
  scriptsFolder: z.string().min(1),
  clipsFolder: z.string().min(1),
  /** A packed empty database that the first start begins from; without it one is made, which takes seconds. */
  emptyDatabase: z.string().optional(),
  /** Fixed ports on 127.0.0.1; without them those of the last start are taken when free. */
  councilPort: z.number().int().min(1).max(65535).optional(),
  sipPort: z.number().int().min(1).max(65535).optional(),
  /** `postgres://…`; without it an embedded database in `dataFolder`. */
  databaseUrl: z.string().optional(),
})

/** Main to practice. `start` comes once and first. */
export const practiceCommand = z.discriminatedUnion('type', [
  z.object({ type: z.literal('start'), options: practiceOptions }),
  /** Sends a simulated resident into the queue; without a scenario the next in turn. */
  z.object({ type: z.literal('call'), requestId: z.string(), scenarioId: z.string().optional() }),
  z.object({ type: z.literal('network'), requestId: z.string(), cut: z.boolean() }),
  /** A supervisor joins the calls on record, or leaves them. */
  z.object({
    type: z.literal('supervise'),
    requestId: z.string(),
    supervisor: callStatus.shape.supervisor,
  }),
  /** Ends calls, flushes the database and ends the process by itself with code 0. */
  z.object({ type: z.literal('stop') }),
])

/** Practice to main. */
export const practiceMessage = z.discriminatedUnion('type', [
  z.object({ type: z.literal('status'), status: practiceStatus }),
  z.discriminatedUnion('ok', [
    z.object({
      type: z.literal('answer'),
      requestId: z.string(),
      ok: z.literal(true),
      /** The scenario that calls, in answer to `call`. */
      scenarioId: z.string().optional(),
    }),
    z.object({
      type: z.literal('answer'),
      requestId: z.string(),
      ok: z.literal(false),
      error: z.object({
        code: z.string(),
        retry: z.enum(['never', 'now', 'later']),
        detail: z.string().optional(),
      }),
    }),
  ]),
  z.object({
    type: z.literal('log'),
    level: z.enum(['error', 'info', 'debug']),
    code: z.string(),
    facts: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])).optional(),
  }),
])

export type PracticeOptions = z.infer<typeof practiceOptions>
export type PracticeCommand = z.infer<typeof practiceCommand>
export type PracticeMessage = z.infer<typeof practiceMessage>
