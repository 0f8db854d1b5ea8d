import { setTimeout as delay } from 'node:timers/promises'
import { type Holdings, openManyCalls } from './many-calls.ts'
import { report } from './report.ts'

const warmUpCalls = 50
/** Longer than the library keeps a transaction (64 × T1 of RFC 3261 §17). */
const settleMs = 35_000

/** Hundreds of calls in one page: what it holds after the first fifty, against what it holds after the last. */
export async function calls(count: number): Promise<boolean> {
  const many = await openManyCalls()
  const heap: number[] = []
  try {
    const marks: Record<string, Holdings> = {}
    const startedAt = performance.now()
    for (let done = 1; done <= count; done += 1) {
      await many.call()
      if (done % 50 === 0)
        console.log(`${done} calls, ${((performance.now() - startedAt) / 1000).toFixed(0)} s`)
      if (done !== Math.min(warmUpCalls, count) && done !== count) continue
      await delay(settleMs)
      marks[done] = await many.holdings()
      heap.push((marks[done]?.heapBytes ?? 0) / 1e6)
    }
    const [before, after] = [Object.values(marks)[0], Object.values(marks).at(-1)]
    if (before === undefined || after === undefined) throw new Error('nothing was measured')
    console.log(marks)
    const growth = after.heapBytes / before.heapBytes - 1
    return report(
      'calls',
      [
        {
          title: `Heap of the phone page after ${Object.keys(marks).join(' and ')} calls`,
          unit: 'MB',
          rows: Object.keys(marks).map((calls, index) => ({
            contender: `${calls} calls`,
            samples: [heap[index] ?? 0],
          })),
          verdicts: [
            { wanted: `grows by less than 5 % (${(growth * 100).toFixed(1)} %)`, reached: growth < 0.05 },
            ...leftovers(before, after).map(([what, from, to]) => ({
              wanted: `${what}: none left over (${from} → ${to})`,
              reached: to <= from,
            })),
          ],
        },
      ],
      { count, marks },
    )
  } finally {
    await many.close()
  }
}

function leftovers(before: Holdings, after: Holdings): [string, number, number][] {
  return [
    ['peer connections', 0, after.connections],
    ['open peer connections', 0, after.openConnections],
    // The microphone's own track stays open.
    ['live tracks of the microphone', before.liveTracks, after.liveTracks],
    ['tracks', before.tracks, after.tracks],
    ['audio elements', 0, after.audioElements],
    ['sockets', before.sockets, after.sockets],
    ['event listeners', before.listeners, after.listeners],
    ['nodes', before.nodes, after.nodes],
  ]
}
