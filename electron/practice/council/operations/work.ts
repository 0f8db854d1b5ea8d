import type { Adviser, OperationResult } from '#shared/contract/rest.ts'
import type { Touched } from '../database/change-feed.ts'
import type { Tx } from '../database/schema.ts'

/** What an operation works in. */
export interface Work {
  readonly tx: Tx
  readonly adviser: Adviser
  /** ISO 8601. */
  readonly now: string
  /** The operation as it came, with members this service does not know: they are kept. */
  readonly raw: Readonly<Record<string, unknown>>
}

export interface Applied {
  readonly result: OperationResult
  readonly touched: readonly Touched[]
}
