import { createHash } from 'node:crypto'
import type { Config } from '#shared/contract/config.ts'

/** Whose key, session and journal it is. Ids are only unique within one council, and practice is its own. */
export interface Holder {
  readonly scope: string
  readonly adviserId: string
}

/** `practice`, or the council's address: what keeps practice work and other councils' work apart on the disk. */
export function scopeOf(config: Config): string {
  return config.mode === 'practice' ? 'practice' : config.council.url.replace(/\/+$/, '')
}

/** File names do not tell who uses the desk. */
export function fileNameFor(holder: Holder): string {
  return hashed(`${holder.scope}\n${holder.adviserId}`)
}

export function fileNameForScope(scope: string): string {
  return hashed(scope)
}

function hashed(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 32)
}
