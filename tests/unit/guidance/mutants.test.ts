import { describe, expect, it } from 'vitest'
import { mutantOf, mutate } from '#build/scripts/mutants.ts'
import { changes } from '#build/scripts/mutations.ts'
import { libraryFiles, libraryParts } from './scripts.ts'

/** `MUTANTS=5000 MUTANTS_SEED=7 npm test -- unit -- mutants`; the same by `npm run scripts:mutate`. */
const count = Number(process.env.MUTANTS ?? 250)
const seed = Number(process.env.MUTANTS_SEED ?? 1)

const library = { scripts: libraryFiles().map(({ content }) => content), parts: libraryParts() }

describe('a script broken in one place', () => {
  it(`is refused by the proofs or by its test calls, at least 95 of 100 (${count}, seed ${seed})`, () => {
    const { mutants, survivors } = mutate(library, seed, count)
    const left = survivors.map(
      ({ number, scriptId, change, what }) => `${number} ${scriptId}: ${change}: ${what}`,
    )
    expect(mutants).toHaveLength(count)
    expect(1 - left.length / count, left.join('\n')).toBeGreaterThanOrEqual(0.95)
  }, 120_000)

  it('is made again by its seed and number', () => {
    const once = [1, 2, 3, 40].map((number) => mutantOf(library, seed, number)?.what)
    expect([1, 2, 3, 40].map((number) => mutantOf(library, seed, number)?.what)).toEqual(once)
    expect(mutantOf(library, seed + 1, 2)?.what).not.toBe(once[1])
  })

  it('is broken in every way there is', () => {
    const { byChange } = mutate(library, seed, changes.length * 4)
    const ofLibrary = changes.map(({ name }) => name).filter((name) => !byChange.has(name))
    // Found in few scripts: a larger run meets them.
    expect(ofLibrary.length).toBeLessThan(changes.length / 4)
  }, 120_000)
})
