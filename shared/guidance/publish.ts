import type { AppError } from '../kernel/app-error.ts'
import type { Result } from '../kernel/result.ts'
import type { ScriptDocument } from './format.ts'

/** One thing wrong with a script, in words for its editor. */
export interface Finding {
  readonly stepId: string | null
  readonly problem: string
  readonly fix: string
}

/** `code` is `guidance/not-publishable`. */
export interface PublishError extends AppError {
  readonly findings: readonly Finding[]
}

/**
 * Turns a script and the parts it may include (each one YAML document parsed to JSON) into the one immutable JSON
 * document that is published. Refused with every finding when the shape, a proof or a test call fails.
 */
export declare function publishable(
  script: unknown,
  parts: readonly unknown[],
): Result<ScriptDocument, PublishError>
