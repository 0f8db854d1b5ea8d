import { inQuietNetwork } from '#tests/bench/quiet-network.ts'
import type { End } from '../survival-netns/ends.ts'
import { openRooms } from './rooms.ts'

/* What turn.test.ts looks at, in a network of its own; prints it as JSON. */

export interface Seen {
  /** What the check before the shift said of the way for the sound: with the server, without it, with it again. */
  readonly checks: readonly string[]
  /** Kinds of the addresses at the adviser's end over which sound passed (RFC 8445 §5.1.1). */
  readonly wayOut: readonly string[]
  readonly adviserHeard: number
  readonly residentHeard: number
}

const enoughEnergy = 1e-4

async function look(): Promise<Seen> {
  const rooms = await openRooms()
  try {
    const { adviser, resident, turn } = rooms
    const checks = [await checked(adviser, 0)]
    const { lineId } = await callUp(adviser, resident)
    const [adviserHeard, residentHeard] = await Promise.all([heard(adviser), heard(resident)])
    const wayOut = await adviser.page.evaluate(selectedTypes)
    await adviser.order({ name: 'hangUp', lineId })
    await adviser.until(`l.state.name === 'ended'`)
    await turn.stop()
    checks.push(await checkedAgain(adviser))
    await turn.start()
    checks.push(await checkedAgain(adviser))
    return { checks, wayOut, adviserHeard, residentHeard }
  } finally {
    await rooms.close()
  }
}

async function callUp(adviser: End, resident: End): Promise<{ lineId: string }> {
  await adviser.order({ name: 'dial', target: { kind: 'internal', user: 'resident' } })
  await resident.until(`l?.state.name === 'ringing'`)
  await resident.order({ name: 'answer', lineId: await resident.lineId() })
  for (const end of [adviser, resident]) {
    await end.until(`l.state.name === 'active' && l.times.twoWayAt !== null`)
    await end.listen()
  }
  return { lineId: await adviser.lineId() }
}

/** Waits for sound that is more than silence, and answers with its energy. */
async function heard(end: End): Promise<number> {
  const found = await end.page.waitForFunction(
    (enough) => window.listening.heard().energy > enough && window.listening.heard().energy,
    enoughEnergy,
    { polling: 50, timeout: 15_000 },
  )
  return Number(await found.jsonValue())
}

async function checked(end: End, startedAfter: number): Promise<string> {
  const { check } = await end.until(`s.check?.finishedAt && s.check.startedAt > ${startedAfter}`)
  const way = check?.items.find(({ item }) => item === 'media-path')
  return way?.outcome ?? 'not checked'
}

async function checkedAgain(end: End): Promise<string> {
  const before = await end.until('true')
  await end.order({ name: 'runReadinessCheck' })
  return checked(end, before.check?.startedAt ?? 0)
}

async function selectedTypes(): Promise<string[]> {
  const types: string[] = []
  for (const connection of window.edge.connections()) {
    if (connection.connectionState !== 'connected') continue
    const report = await connection.getStats()
    for (const figures of report.values()) {
      if (figures.type !== 'transport') continue
      const pair = report.get(figures.selectedCandidatePairId)
      types.push(report.get(pair?.localCandidateId)?.candidateType ?? 'none')
    }
  }
  return types
}

const elsewhere = inQuietNetwork()
if (elsewhere === null) console.log(JSON.stringify(await look()))
process.exitCode = elsewhere ?? 0
