import { createInterface } from 'node:readline'
import { startCouncil } from '#electron/practice/council/council.ts'
import type { DatabasePlace } from '#electron/practice/council/database/open-database.ts'
import { systemClock, systemRandom } from '#electron/practice/node-ports.ts'
import { silentLog } from '#shared/kernel/log.ts'
import { scriptsFolder } from '#tests/contract/council/places.ts'

/* The council's service in a process of its own. Says its address; answers every line with what it has used so far. */

const [database = ''] = process.argv.slice(2)
const council = await startCouncil({
  database: JSON.parse(database) as DatabasePlace,
  scriptsFolder,
  sip: { domain: 'practice.example.org', servers: ['ws://127.0.0.1:1/sip'] },
  clock: systemClock,
  random: systemRandom,
  log: silentLog,
})
const say = (told: object) => process.stdout.write(`${JSON.stringify(told)}\n`)
say({ url: council.url })
const input = createInterface({ input: process.stdin })
input.on('line', () => {
  const { user, system } = process.cpuUsage()
  say({ cpuSeconds: (user + system) / 1e6, memoryMb: process.memoryUsage().rss / 1e6 })
})
input.on('close', () => void council.stop().then(() => process.exit(0)))
