import { newLine } from '#shared/calls/line.ts'
import type { Line } from '#shared/contract/phone.ts'

export { fakeClock, recordingLog } from '../main/fakes.ts'

const ringing: Line = newLine({
  id: '11111111-1111-4111-8111-111111111111',
  contactId: '22222222-2222-4222-8222-222222222222',
  callId: 'call-1',
  direction: 'inbound',
  state: { name: 'ringing', since: 1_000 },
  remote: { number: '+441632960142', withheld: false },
  at: 1_000,
})

/** A call that rings, changed as wanted. */
export const lineThat = (changes: Partial<Line> = {}): Line => ({ ...ringing, ...changes })

export const activeLine = lineThat({
  state: { name: 'active', since: 2_000 },
  times: { ...ringing.times, answeredAt: 2_000 },
})

/** Lets everything that waits for resolved promises go on. */
export async function settled(): Promise<void> {
  for (let turn = 0; turn < 20; turn += 1) await Promise.resolve()
}

export function memoryStorage(): Storage {
  const kept = new Map<string, string>()
  return {
    get length() {
      return kept.size
    },
    clear: () => kept.clear(),
    getItem: (key) => kept.get(key) ?? null,
    key: (index) => [...kept.keys()][index] ?? null,
    removeItem: (key) => void kept.delete(key),
    setItem: (key, value) => void kept.set(key, value),
  }
}
