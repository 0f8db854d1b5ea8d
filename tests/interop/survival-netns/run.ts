import { parseArgs } from 'node:util'
import { inQuietNetwork } from '#tests/bench/quiet-network.ts'
import { report } from '#tests/bench/report.ts'
import { summarise } from '#tests/bench/statistics.ts'
import { type Case, cases, type Outcome, setScene, survive } from './survival.ts'

/** `npm run test:survival [-- --rounds 5] [--limit-ms 3000] [--timeline] [CASE…]`: calls that must survive their network, with figures. */
async function run(): Promise<number> {
  const elsewhere = inQuietNetwork()
  if (elsewhere !== null) return elsewhere
  if (process.platform !== 'linux') throw new Error('network namespaces are of Linux alone')
  const { positionals, values } = parseArgs({
    allowPositionals: true,
    options: {
      rounds: { type: 'string', default: '5' },
      /** Messages, sockets and ICE of both telephones, from the harm on. */
      timeline: { type: 'boolean', default: false },
      /** For the median time until sound is back. */
      'limit-ms': { type: 'string', default: '3000' },
    },
  })
  const wantedMs = Number(values['limit-ms'])
  const chosen = Object.entries<Case>(cases).filter(
    ([key]) => positionals.length === 0 || positionals.includes(key),
  )
  const outcomes = new Map<string, Outcome[]>(chosen.map(([key]) => [key, []]))
  const failures: string[] = []
  for (const [key, harm] of chosen) {
    // A scene for each case: what one did to a switchboard or a browser is not to show in the next.
    const scene = await setScene()
    try {
      for (let round = 1; round <= Number(values.rounds); round += 1) {
        const outcome = await survive(scene, harm, values.timeline)
        outcomes.get(key)?.push(outcome)
        console.log(`${key} ${round}: ${JSON.stringify(outcome)}`)
      }
    } catch (error) {
      failures.push(`${key}: ${error instanceof Error ? error.message : String(error)}`)
      console.error(`${key} FAILED`, error)
    } finally {
      await scene.close()
    }
  }
  const rows = (figure: (outcome: Outcome) => number | null) =>
    chosen.flatMap(([key, harm]) => {
      const samples = (outcomes.get(key) ?? []).flatMap((each) => figure(each) ?? [])
      return samples.length === 0 ? [] : [{ contender: `(${key}) ${harm.name}`, samples }]
    })
  const back = rows((each) => each.soundBackMs)
  const reached = report(
    'survival',
    [
      {
        title: 'Path is back → sound both ways',
        unit: 'ms',
        rows: back,
        verdicts: back.map(({ contender, samples }) => ({
          wanted: `${contender}: median at most ${wantedMs} ms`,
          reached: summarise(samples).median <= wantedMs,
        })),
      },
      { title: 'Longest silence at either end', unit: 'ms', rows: rows((each) => each.silenceMs) },
      {
        title: 'Path is back → call and desk whole again',
        unit: 'ms',
        rows: rows((each) => each.signallingBackMs),
      },
      {
        title: 'Harm → the desk says that the connection is lost',
        unit: 'ms',
        rows: rows((each) => each.noticedMs),
      },
    ],
    { failures },
  )
  return reached && failures.length === 0 ? 0 : 1
}

process.exitCode = await run()
