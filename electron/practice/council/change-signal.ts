/** Says that records changed, to whoever streams events. What changed is in the feed. */
export interface ChangeSignal {
  raise(): void
  /** Returns the function that stops listening. */
  onRaised(listener: () => void): () => void
}

export function createChangeSignal(): ChangeSignal {
  const listeners = new Set<() => void>()
  return {
    raise: () => {
      for (const listener of listeners) listener()
    },
    onRaised: (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  }
}
