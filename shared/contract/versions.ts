/**
 * One number for each format that outlives a process. A change to the format raises the number and brings its
 * migration; tests hash the schemas so that none changes silently.
 */
export const versions = {
  /** REST contract, sent as `Adviser-Desktop-Contract` with every request and answered by `/v1/me`. */
  rest: 5,
  /** Records in the browser database. */
  database: 3,
  /** Entries of the main process's journal. */
  journal: 1,
  /** Script documents. */
  script: 3,
  /** Drafts kept while a contact is being worked on. */
  draft: 1,
} as const
