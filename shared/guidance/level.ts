/** How well whoever speaks has been identified. */
export type Level = 'none' | 'standard' | 'enhanced'

const ranks = { none: 0, standard: 1, enhanced: 2 } as const

export function reaches(level: Level, needed: Level): boolean {
  return ranks[level] >= ranks[needed]
}
