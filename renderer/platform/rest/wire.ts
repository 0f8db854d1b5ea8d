import type { z } from 'zod'
import type { Result } from '#shared/kernel/result.ts'

/** One request to the council. */
export interface Call {
  readonly method: 'GET' | 'HEAD' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  readonly path: string
  /** Sent as JSON. */
  readonly body?: unknown
  /** Sent as they are, in the place of `body`. */
  readonly bytes?: Uint8Array<ArrayBuffer>
  readonly headers?: Readonly<Record<string, string>>
  readonly accept?: string
  readonly ifNoneMatch?: string
  readonly timeoutMs?: number
}

/** What speaks to the council, with tokens, time limits and failures in the codes of `cases/…`. */
export interface Wire {
  /** The JSON of an answer, which follows `schema`. */
  ask<T>(call: Call, schema: z.ZodType<T>): Promise<Result<T>>
  /** `read` makes of any response what the caller wants. */
  send<T>(call: Call, read: (response: Response) => Promise<Result<T>>): Promise<Result<T>>
  /** The failure that a response which is not `ok` stands for. */
  refusal(call: Call, response: Response): Promise<Result<never>>
  /** Somebody else answered, such as the page of a network that wants a sign-in. */
  notTheCouncil(response: Response): Result<never>
}
