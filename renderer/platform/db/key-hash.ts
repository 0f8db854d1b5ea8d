import { kindCode, type LargeKind } from './versions-of-records.ts'

/** 64 bits in two halves. Both are 0 for no key at all. */
export interface KeyHash {
  readonly lo: number
  readonly hi: number
}

const roles = { ...kindCode, reference: 4, postcode: 5 } as const

export const noKey: KeyHash = { lo: 0, hi: 0 }

/**
 * Stands for a key in the look-ups (cyrb53's mixing). It is no secret and needs no strength: what is found through it
 * is compared with the key itself, and it never leaves memory unsealed.
 */
export function keyHash(
  role: LargeKind | 'reference' | 'postcode',
  text: string | null | undefined,
): KeyHash {
  if (text === null || text === undefined) return noKey
  let first = 0xdeadbeef ^ roles[role]
  let second = 0x41c6ce57 ^ roles[role]
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index)
    first = Math.imul(first ^ code, 2_654_435_761)
    second = Math.imul(second ^ code, 1_597_334_677)
  }
  first =
    Math.imul(first ^ (first >>> 16), 2_246_822_507) ^ Math.imul(second ^ (second >>> 13), 3_266_489_909)
  second =
    Math.imul(second ^ (second >>> 16), 2_246_822_507) ^ Math.imul(first ^ (first >>> 13), 3_266_489_909)
  return { lo: first >>> 0 || 1, hi: second >>> 0 }
}
