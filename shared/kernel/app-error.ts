/**
 * When trying again makes sense: `never` (the same request will fail again), `now` (a person may try again),
 * `later` (the program tries again by itself, after `retryAfterMs` when the other side named a time).
 */
export type Retry = 'never' | 'now' | 'later'

/**
 * An expected failure as data, so that it crosses process boundaries whole.
 * `code` is `feature/what`; `detail` is for logs and never holds names, numbers or case text.
 */
export interface AppError {
  readonly code: string
  readonly retry: Retry
  readonly detail?: string | undefined
  readonly retryAfterMs?: number | undefined
}

export function appError(code: string, retry: Retry, detail?: string, retryAfterMs?: number): AppError {
  return {
    code,
    retry,
    ...(detail === undefined ? {} : { detail }),
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
  }
}
