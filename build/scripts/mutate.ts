import { parseArgs } from 'node:util'
import { readLibrary } from './library-files.ts'
import { mutate } from './mutants.ts'

/**
 * `npm run scripts:mutate [-- --mutants 5000 --seed 1]`: breaks the scripts in one place each and says which of the
 * broken ones could still be published. Exits with 1 when it is more than one in twenty.
 */
function main(): number {
  const { values } = parseArgs({
    options: { mutants: { type: 'string', default: '1000' }, seed: { type: 'string', default: '1' } },
  })
  const { mutants, survivors, byChange } = mutate(readLibrary(), Number(values.seed), Number(values.mutants))
  for (const [change, { made, survived }] of [...byChange].sort((a, b) => b[1].survived - a[1].survived)) {
    console.log(`${String(made - survived).padStart(6)} of ${String(made).padEnd(6)} ${change}`)
  }
  for (const { number, scriptId, change, what } of survivors) {
    console.log(`survived: seed ${values.seed} number ${number}, ${scriptId}: ${change}: ${what}`)
  }
  const caught = 1 - survivors.length / mutants.length
  console.log(`\n${(caught * 100).toFixed(1)} % of ${mutants.length} caught.`)
  return caught >= 0.95 ? 0 : 1
}

process.exitCode = main()
