import { afterAll, beforeAll, expect, it } from 'vitest'
import { type Holdings, type ManyCalls, openManyCalls } from '#tests/bench/many-calls.ts'

/* Thirty calls of every kind; `npm run bench -- calls` makes five hundred and looks at the heap as well. */

const oneOfEachKind = 7
const callsInAll = 30
/** The microphone's own track stays open, and the connection to the switchboard. */
const nothingLeft: Partial<Holdings> = {
  openConnections: 0,
  connections: 0,
  audioElements: 0,
  liveTracks: 1,
  tracks: 1,
  sockets: 1,
}

let many: ManyCalls

beforeAll(async () => {
  many = await openManyCalls({ transactionsRunFaster: 32 })
}, 120_000)
afterAll(() => many?.close())

it('gives back every connection, track, element and listener of the calls that are over', async () => {
  // Chromium counts a node until a thread of low priority has swept it, which a busy machine leaves waiting.
  const left = () => expect.poll(() => many.holdings(), { timeout: 30_000, interval: 250 })
  for (let call = 0; call < oneOfEachKind; call += 1) await many.call()
  await left().toMatchObject(nothingLeft)
  const { listeners, nodes } = await many.holdings()
  for (let call = oneOfEachKind; call < callsInAll; call += 1) await many.call()
  await left().toMatchObject({ ...nothingLeft, listeners, nodes })
}, 120_000)
