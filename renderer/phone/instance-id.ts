import type { Random } from '#shared/kernel/random.ts'

const key = 'phone.instance-id'
const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/

/** Names this desk's telephone to the registrar, the same over restarts (RFC 5626 §4.1). */
export function instanceId(storage: Storage, random: Random): string {
  const kept = storage.getItem(key) ?? ''
  if (uuid.test(kept)) return kept
  const made = random.uuid()
  storage.setItem(key, made)
  return made
}
