/** Of a figure measured many times; all in the unit of the samples. */
export interface Summary {
  readonly n: number
  readonly median: number
  /** First and third quartile. */
  readonly q1: number
  readonly q3: number
  readonly min: number
  readonly max: number
}

export function summarise(samples: readonly number[]): Summary {
  const sorted = samples.toSorted((a, b) => a - b)
  return {
    n: sorted.length,
    median: quantile(sorted, 0.5),
    q1: quantile(sorted, 0.25),
    q3: quantile(sorted, 0.75),
    min: sorted[0] ?? Number.NaN,
    max: sorted.at(-1) ?? Number.NaN,
  }
}

/** Linear between the two nearest samples, which come in order. */
export function quantile(sorted: readonly number[], at: number): number {
  const position = (sorted.length - 1) * at
  const low = sorted[Math.floor(position)] ?? Number.NaN
  const high = sorted[Math.ceil(position)] ?? Number.NaN
  return low + (high - low) * (position - Math.floor(position))
}
