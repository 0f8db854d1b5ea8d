import { setTimeout as delay } from 'node:timers/promises'
import type { HeapKinds } from './heap-kinds.ts'
import { type Holdings, openManyCalls } from './many-calls.ts'
import { report } from './report.ts'

/** Of every kind some: from here on nothing may be left over. */
const firstCalls = 50
/** By then the engine has compiled what it will compile; until then its code grows, which is no call's leaving. */
const warmUpCalls = 250
/** Longer than the library keeps a transaction (64 × T1 of RFC 3261 §17). */
const settleMs = 35_000

interface Mark {
  readonly calls: number
  readonly holdings: Holdings
  readonly heap: HeapKinds
}

/** Hundreds of calls in one page, one after the other: what it holds before them, while it warms up, and after them. */
export async function calls(count: number): Promise<boolean> {
  const many = await openManyCalls()
  try {
    const marks: Mark[] = []
    const startedAt = performance.now()
    const look = async (done: number) => {
      await delay(settleMs)
      marks.push({ calls: done, holdings: await many.holdings(), heap: await many.heap() })
    }
    const inAll = warmUpCalls + count
    await look(0)
    for (let done = 1; done <= inAll; done += 1) {
      await many.call()
      if (done % 50 === 0)
        console.log(`${done} calls, ${((performance.now() - startedAt) / 1000).toFixed(0)} s`)
      if ([firstCalls, warmUpCalls, inAll].includes(done)) await look(done)
    }
    const [, first, warm, last] = marks
    if (first === undefined || warm === undefined || last === undefined)
      throw new Error('nothing was measured')
    console.dir(marks, { depth: null })
    const growth = {
      whole: last.holdings.heapBytes / warm.holdings.heapBytes - 1,
      wholeFromFirst: last.holdings.heapBytes / first.holdings.heapBytes - 1,
      data: last.heap.data / first.heap.data - 1,
    }
    const percent = (part: number) => `${(part * 100).toFixed(1)} %`
    const rows = (of: (mark: Mark) => number) =>
      marks.map((mark) => ({ contender: `${mark.calls} calls`, samples: [of(mark) / 1e6] }))
    return report(
      'calls',
      [
        {
          title: 'Heap of the phone page, with the code that the engine has compiled',
          unit: 'MB',
          rows: rows(({ holdings }) => holdings.heapBytes),
          verdicts: [
            {
              wanted: `grows by less than 5 % in ${count} calls after ${warmUpCalls} (${percent(growth.whole)}; ${percent(growth.wholeFromFirst)} since call ${firstCalls})`,
              reached: growth.whole < 0.05,
            },
          ],
        },
        {
          title: 'Of it objects, texts, arrays and functions',
          unit: 'MB',
          rows: rows(({ heap }) => heap.data),
          verdicts: [
            {
              wanted: `grow by less than 5 % since call ${firstCalls} (${percent(growth.data)})`,
              reached: growth.data < 0.05,
            },
            ...leftovers(first.holdings, last.holdings).map(([what, from, to]) => ({
              wanted: `${what}: none left over (${from} → ${to})`,
              reached: to <= from,
            })),
          ],
        },
        { title: 'Of it code', unit: 'MB', rows: rows(({ heap }) => heap.code) },
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
