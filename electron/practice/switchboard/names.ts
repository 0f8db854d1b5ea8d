import type { Connection } from './connections.ts'

/**
 * Which connection reaches which telephone. A telephone names itself by the sent-by of its Via, and keeps that name
 * when it reconnects, so whatever is sent to the name follows it to its new WebSocket.
 */
export interface Names {
  learn(name: string, connection: Connection): void
  open(name: string): Connection | null
  /** Forgets a closed connection and answers the names it had. */
  forget(connection: Connection): string[]
}

export function createNames(): Names {
  const connections = new Map<string, Connection>()
  return {
    learn(name, connection) {
      const known = connections.get(name)
      // A desk cannot take over a resident's line.
      if (known?.side === 'trunk' && known.isOpen && connection.side === 'desk') return
      // Back in a network it had left, a telephone's old connection sends what it could not send then: it is older.
      if (known?.isOpen && known.id > connection.id) return
      connections.set(name, connection)
    },
    open(name) {
      const connection = connections.get(name)
      return connection?.isOpen ? connection : null
    },
    forget(connection) {
      const names = [...connections].filter(([, each]) => each === connection).map(([name]) => name)
      for (const name of names) connections.delete(name)
      return names
    },
  }
}
