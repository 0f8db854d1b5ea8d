import type { AppError } from '#shared/kernel/app-error.ts'

/** What the adviser reads for each failure that can reach the desk. Says what happened, then what to do. */
const words: Readonly<Record<string, string>> = {
  'ipc/no-answer':
    'The desk’s own service did not answer. Try again; if it stays, close and open Adviser Desktop.',
  'session/wrong-credentials': 'That user name and password do not match. Check them and try again.',
  'session/council-unreachable':
    'The council’s service cannot be reached, so you cannot sign in yet. Check your network and try again.',
  'session/council-error': 'The council’s service answered with an error. Try again in a minute.',
}

/** Words for an expected failure; an unknown code is named so that IT can look it up. */
export function errorWords(error: AppError): string {
  return (
    words[error.code] ?? `Something did not work (${error.code}). Try again; if it stays, tell IT this code.`
  )
}
