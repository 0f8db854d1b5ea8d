import type { Bridge } from '#shared/contract/ipc.ts'
import type { Log, LogFacts, LogLevel } from '#shared/kernel/log.ts'

type WireFacts = Record<string, string | number | boolean>

/** Writes to the main process's log. A log that cannot be written is nobody's reason to stop. */
export function createBridgeLog(bridge: Bridge): Log {
  const write = (level: LogLevel, code: string, facts?: LogFacts) => {
    bridge
      .invoke('log.write', { level, code: code.slice(0, 100), ...(facts ? { facts: wireFacts(facts) } : {}) })
      .catch(() => {})
  }
  return {
    error: (code, facts) => write('error', code, facts),
    info: (code, facts) => write('info', code, facts),
    debug: (code, facts) => write('debug', code, facts),
  }
}

function wireFacts(facts: LogFacts): WireFacts {
  const wire: WireFacts = {}
  for (const [name, value] of Object.entries(facts)) {
    if (value !== undefined) wire[name.slice(0, 60)] = typeof value === 'string' ? value.slice(0, 300) : value
  }
  return wire
}
