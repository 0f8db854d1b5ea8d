/** Every error code of residents, cases and their sync. One line each; wording for people is a table elsewhere. */
export const casesErrorCodes = [
  /** No adviser's cache is open in the records worker. */
  'cases/not-open',
  /** The data key could not be had from the operating system's vault. */
  'cases/key-unavailable',
  /** The operation does not follow the contract: a bug of the caller, nothing was saved. */
  'cases/invalid-operation',
  /** The work is in the browser database and will be sent, but the journal has not confirmed it: not Saved yet. */
  'cases/journal-unavailable',
  /** The browser database could not be written, for example because the disk is full. */
  'cases/store-failed',
  /** The browser database is gone, was replaced or cannot be decrypted; it is made again and filled afresh. */
  'cases/store-lost',
  /** This desk has no network. */
  'cases/no-network',
  /** The council's backend does not answer; `detail` says whether it was silence, a time-out or a broken line. */
  'cases/council-unreachable',
  /** A web page answered in the backend's place: the network wants a sign-in of its own. */
  'cases/captive-portal',
  /** The backend answered that it cannot just now (408, 429 or 5xx). */
  'cases/council-error',
  /** The backend's answer does not follow the contract; it was put aside and nothing was changed. */
  'cases/malformed-answer',
  /** The backend refused the request (any other 4xx); `detail` is the status and the problem's code. */
  'cases/request-refused',
  /** The backend cannot read the request (400, 413, 422); `detail` is the status and the problem's code. */
  'cases/request-invalid',
  /** The backend does not know the cursor of the change feed any more; the cache is fetched again. */
  'cases/cursor-unknown',
  /** The session has ended; the adviser has to sign in again. */
  'cases/sign-in-needed',
  /** No published version of this script is on this desk, and it could not be fetched. */
  'cases/script-unavailable',
  /** Every version of this script was withdrawn; `detail` is why. */
  'cases/script-withdrawn',
] as const

export type CasesErrorCode = (typeof casesErrorCodes)[number]
