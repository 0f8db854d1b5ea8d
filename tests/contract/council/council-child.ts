import { startCouncil } from '#electron/practice/council/council.ts'
import type { DatabasePlace } from '#electron/practice/council/database/open-database.ts'
import { systemClock, systemRandom } from '#electron/practice/node-ports.ts'
import { silentLog } from '#shared/kernel/log.ts'
import { noScripts, seededAt } from './places.ts'

/* A council in a process of its own that a test can kill. Says each step of its start and then its address. */

const [database = ''] = process.argv.slice(2)
const say = (line: string) => process.stdout.write(`${line}\n`)

const council = await startCouncil({
  database: JSON.parse(database) as DatabasePlace,
  // Those of the database; reading and proving the library is the longest part of a start.
  scriptsFolder: noScripts,
  sip: { domain: 'practice.example.org', servers: ['ws://127.0.0.1:1/sip'] },
  clock: systemClock,
  random: systemRandom,
  log: silentLog,
  now: seededAt,
  onStep: say,
})
say(council.url)
// Nothing outlives the test: its end of this pipe closes when it goes, however it goes.
process.stdin.resume().on('end', () => process.exit(0))
