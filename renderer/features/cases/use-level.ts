import { useNow } from '#renderer/ui/time.ts'
import type { IdentityCheck } from '#shared/contract/rest.ts'
import { levelNow } from '#shared/guidance/identity.ts'
import type { Level } from '#shared/guidance/level.ts'

/** What an identity check counts for now. After the call it runs out no more; `endedAt` in milliseconds since 1970. */
export function useLevel(identity: IdentityCheck | null, endedAt: number | null): Level {
  const now = useNow()
  return levelNow(identity, new Date(endedAt ?? now).toISOString())
}
