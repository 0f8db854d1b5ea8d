import { setTimeout as delay } from 'node:timers/promises'
import type { Page } from 'playwright-core'
import { type SipPeer, startSipPeer } from '#tests/support/sip-peer.ts'
import { type DeskFigures, deskRinging } from './desk-ringing.ts'
import type {} from './pages/far-end.ts'
import type {} from './pages/our-phone.ts'
import { report } from './report.ts'
import { openStage, type Stage } from './stage.ts'
import { summarise } from './statistics.ts'

const jssipPage = "import JsSIP from 'jssip'\nwindow.JsSIP = JsSIP\nawait import('../pages/jssip-phone.ts')"
/** Not counted: code is compiled and devices are opened in the first calls. */
const warmUpRounds = 3
/** Nobody sees, understands and clicks sooner; what a telephone does meanwhile is its own business. */
const clickedAfterMs = 500

interface Contestant {
  readonly name: string
  readonly page: Page
  readonly peer: SipPeer
  readonly ringingMs: number[]
  /** Answered by somebody who saw that it rings, and as soon as it rang, as only a machine does. */
  readonly twoWayMs: number[]
  readonly atOnceMs: number[]
}

/** The same calls by the same switchboard and far end, to our phone and to JsSIP in turn. */
export async function telephone(rounds: number, withDesk: boolean): Promise<boolean> {
  const stage = await openStage({
    pages: ['our-phone', 'far-end'],
    virtualPages: { 'jssip-phone': jssipPage },
  })
  const peers: SipPeer[] = []
  let contestants: Contestant[]
  try {
    const far = await stage.open('far-end', 'farEnd')
    contestants = [
      await enter(stage, peers, 'Adviser Desktop', 'our-phone', {}),
      await enter(stage, peers, 'JsSIP, microphone kept open', 'jssip-phone', { microphone: 'warm' }),
      await enter(stage, peers, 'JsSIP as documented', 'jssip-phone', {}),
    ]
    for (let round = -warmUpRounds; round < rounds; round += 1) {
      // Whoever begins changes, so that none is always the one after a pause.
      for (let turn = 0; turn < contestants.length; turn += 1) {
        const contestant = contestants[(turn + round + warmUpRounds) % contestants.length]
        if (contestant === undefined) continue
        const { ringingMs, twoWayMs, atOnceMs } = contestant
        for (const afterMs of [clickedAfterMs, 0]) {
          const figures = await oneCall(contestant, far, afterMs)
          if (round < 0) continue
          ringingMs.push(figures.ringingMs)
          ;(afterMs === 0 ? atOnceMs : twoWayMs).push(figures.twoWayMs)
        }
      }
    }
  } finally {
    await stage.close()
    for (const peer of peers) await peer.stop()
  }
  const desk = withDesk ? await deskRinging(rounds) : null
  return reportOn(contestants, desk, rounds)
}

async function enter(
  stage: Stage,
  peers: SipPeer[],
  name: string,
  pageName: string,
  query: Readonly<Record<string, string>>,
): Promise<Contestant> {
  const peer = await startSipPeer()
  peers.push(peer)
  const page = await stage.open(pageName, 'contender', { account: JSON.stringify(peer.account), ...query })
  if (pageName === 'our-phone') await page.evaluate(() => window.phoneHarness.signIn())
  await page.evaluate(() => window.contender.registered())
  return { name, page, peer, ringingMs: [], twoWayMs: [], atOnceMs: [] }
}

async function oneCall(
  { page, peer }: Contestant,
  far: Page,
  clickAfterMs: number,
): Promise<{ ringingMs: number; twoWayMs: number }> {
  const sdp = await far.evaluate(() => window.farEnd.offer())
  const heardThere = await far.evaluateHandle(() => {
    // The connection is there already, so the wait for a newer one is not wanted.
    window.edge.made.connections -= 1
    const heard = window.edge.firstRtp()
    window.edge.made.connections += 1
    return { heard }
  })
  // Some take in the offer while it rings.
  const ringing = await page.evaluateHandle(() => ({
    at: window.contender.nextRinging(),
    heard: window.edge.firstRtp(),
  }))
  const call = peer.invite({ sdp })
  const rangAt = await ringing.evaluate(({ at }) => at)
  await call.response((status) => status === 180)
  const invitedAt = await page.evaluate(() => window.edge.invitedAt)
  if (clickAfterMs > 0) await delay(clickAfterMs)
  const answering = await page.evaluateHandle(() => ({ at: window.contender.answer() }))
  const ok = await call.response((status) => status >= 200)
  call.ack()
  await far.evaluate((answer) => window.farEnd.accept(answer), ok.body)
  const [answeredAt, heardHere, heardByFar] = await Promise.all([
    answering.evaluate(({ at }) => at),
    ringing.evaluate(({ heard }) => heard),
    heardThere.evaluate(({ heard }) => heard),
  ])
  await page.evaluate(() => window.contender.hangUp())
  call.reply(await call.next('BYE'), 200)
  await page.evaluate(() => window.contender.idle())
  await far.evaluate(() => window.farEnd.close())
  return { ringingMs: rangAt - invitedAt, twoWayMs: Math.max(heardHere, heardByFar) - answeredAt }
}

function reportOn(contestants: readonly Contestant[], desk: DeskFigures | null, rounds: number): boolean {
  const rows = (which: 'ringingMs' | 'twoWayMs' | 'atOnceMs') =>
    contestants.map((each) => ({ contender: each.name, samples: each[which] }))
  const [ours, ...others] = contestants.map(({ twoWayMs }) => summarise(twoWayMs).median)
  const best = Math.min(...others)
  const inDesk = desk === null ? null : summarise(desk.visibleMs).median
  return report(
    'telephone',
    [
      {
        title: 'INVITE out of the socket → the page told of a ringing call',
        unit: 'ms',
        rows: rows('ringingMs'),
      },
      {
        title: `Answer clicked, ${clickedAfterMs} ms after it began to ring → RTP in both directions`,
        unit: 'ms',
        rows: [
          ...rows('twoWayMs'),
          ...(desk === null ? [] : [{ contender: 'Adviser Desktop, whole app', samples: desk.twoWayMs }]),
        ],
        verdicts: [
          {
            wanted: `no slower than JsSIP (${best.toFixed(0)} ms; ours takes ${((ours ?? 0) / best).toFixed(2)} of it)`,
            reached: (ours ?? 0) <= best,
          },
          { wanted: 'at most 400 ms', reached: (ours ?? 0) <= 400 },
        ],
      },
      {
        title: 'Answered as soon as it rang → RTP in both directions',
        unit: 'ms',
        rows: rows('atOnceMs'),
      },
      ...(desk === null
        ? []
        : [
            {
              title: `INVITE out of the socket → ringing on the screen, ${desk.records} records on the desk`,
              unit: 'ms',
              rows: [{ contender: 'Adviser Desktop, whole app', samples: desk.visibleMs }],
              verdicts: [{ wanted: 'at most 50 ms', reached: (inDesk ?? 0) <= 50 }],
            },
          ]),
    ],
    { rounds },
  )
}
