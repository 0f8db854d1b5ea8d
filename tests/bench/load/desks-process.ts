import { Agent } from 'node:http'
import { createInterface } from 'node:readline'
import { createDesk } from './desk.ts'
import type { DesksResult, DesksTask, DeskTally } from './task.ts'

/* All simulated desks, in a process of their own. Reads its task from the first line, and answers with what happened. */

const [line] = await new Promise<[string]>((resolve) => {
  createInterface({ input: process.stdin }).once('line', (text) => resolve([text]))
})
const task = JSON.parse(line) as DesksTask
const agent = new Agent({ keepAlive: true, maxSockets: Number.POSITIVE_INFINITY })
const tally: DeskTally = { saves: [], errors: [], pulls: 0, changes: 0, told: 0, seenTwice: 0 }
const startedAt = performance.now()
const desks = task.accounts.map((account, index) => createDesk({ ...task, account, index, agent, tally }))
await Promise.all(desks.map((desk) => desk.work(startedAt + task.seconds * 1000)))
// What was told last is still on its way.
await Promise.all(desks.map((desk) => desk.finish()))
const { user, system } = process.cpuUsage()
const result: DesksResult = {
  ...tally,
  cpuSeconds: (user + system) / 1e6,
  desks: desks.map(({ queueId, seen, sent }) => ({ queueId, seen: seen.size, sent })),
}
process.stdout.write(`${JSON.stringify(result)}\n`, () => process.exit(0))
