export type LogLevel = 'error' | 'info' | 'debug'

/** Facts beside a log code. Never names, telephone numbers, addresses or case text. */
export type LogFacts = Readonly<Record<string, string | number | boolean | undefined>>

/** error: someone should look. info: a state changed. debug: everything else. */
export interface Log {
  error(code: string, facts?: LogFacts): void
  info(code: string, facts?: LogFacts): void
  debug(code: string, facts?: LogFacts): void
}

export const silentLog: Log = { error: () => {}, info: () => {}, debug: () => {} }
