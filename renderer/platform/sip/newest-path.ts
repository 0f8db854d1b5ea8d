/** Between two of a machine's own networks priorities differ by half of this (RFC 8445 §5.1.2.1). */
const step = 2 ** 17
const mostGenerations = 63

/**
 * The description with the priorities of its candidates lowered, the less the more often ICE has begun anew: Chromium
 * leaves an old path that has died only 2.5 s after it last heard anything there, unless the new one has a higher
 * priority, which is that of the less preferred of its two ends (§6.1.2.3). The order within one description stays.
 */
export function preferNewest(sdp: string, generation: number): string {
  const lowerBy = (mostGenerations - Math.min(generation, mostGenerations)) * step
  return sdp.replace(
    /^(a=candidate:\S+ \d+ \S+ )(\d+)/gm,
    (_, head: string, priority: string) => `${head}${Math.max(1, Number(priority) - lowerBy)}`,
  )
}
