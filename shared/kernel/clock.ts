/** Stops a timer; calling it twice is harmless. */
export type Cancel = () => void

/** The only way `shared/` learns the time. Real clocks use the system's, tests a fake one. */
export interface Clock {
  /** Milliseconds since 1970-01-01T00:00:00Z. */
  now(): number
  /** Calls `run` once, `delayMs` from now. */
  after(delayMs: number, run: () => void): Cancel
}
