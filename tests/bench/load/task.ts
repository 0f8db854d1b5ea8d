export interface Account {
  readonly adviserId: string
  readonly token: string
  readonly queueId: string
  /** Where the desk's feed is when it begins: a day's first sync is not measured. */
  readonly cursor: string
  /** Cases of its queue that it works on. */
  readonly caseIds: readonly string[]
}

export interface DesksTask {
  readonly url: string
  readonly seconds: number
  /** Between two saves of one desk. */
  readonly saveEveryMs: number
  readonly accounts: readonly Account[]
}

/** Operations by kind; none is counted twice, however often it was sent. */
export interface Sent {
  notes: number
  changes: number
  contacts: number
}

export interface DesksResult extends DeskTally {
  /** Processor time of all desks together. */
  readonly cpuSeconds: number
  readonly desks: readonly { readonly queueId: string; readonly seen: number; readonly sent: Sent }[]
}

/** Of all desks together. */
export interface DeskTally {
  /** Milliseconds from sending to answer. */
  readonly saves: number[]
  readonly errors: string[]
  pulls: number
  changes: number
  /** `changed` events. */
  told: number
  seenTwice: number
}
