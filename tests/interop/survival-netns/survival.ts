import { setTimeout as delay } from 'node:timers/promises'
import { findBrowser } from '#build/standin/find-browser.ts'
import { openStage, type Stage } from '#tests/bench/stage.ts'
import { type End, openEnd } from './ends.ts'
import { type Exchange, openExchange, productOrigin } from './exchange.ts'
import { deskAddress, type Link, layNetworks, type Networks, officeAddress } from './networks.ts'
import { openRelay, type Relay } from './relay.ts'
import { noting, timeline } from './timeline.ts'

/** Everything between and around the two telephones of one run. */
export interface Scene {
  readonly networks: Networks
  readonly exchange: Exchange
  /** The adviser's way to the switchboard. */
  readonly relay: Relay
  readonly adviser: End
  readonly resident: End
  /** Where the adviser's computer is plugged in. */
  link: Link
  close(): Promise<void>
}

export interface Case {
  readonly name: string
  /** Does the harm; answers with when it began and when there was a path again (milliseconds since 1970). */
  happen(scene: Scene): Promise<{ harmedAt: number; backAt: number }>
}

/** What an adviser and a resident noticed; milliseconds after the path was back, or of silence. */
export interface Outcome {
  /** Until sound arrived at both ends again and went on. 0 when it never stopped after the path was back. */
  readonly soundBackMs: number
  /** The longest silence at either end, from its beginning. */
  readonly silenceMs: number
  /** Until the dialog was moved and the desk said so. */
  readonly signallingBackMs: number
  /** From the harm until the desk said that the connection is lost; null when it never did. */
  readonly noticedMs: number | null
}

export const cases: Readonly<Record<'a' | 'b' | 'c' | 'c-moved' | 'd', Case>> = {
  a: {
    name: 'WebSocket dropped',
    async happen({ relay }) {
      relay.cut()
      return { harmedAt: Date.now(), backAt: Date.now() }
    },
  },
  b: {
    name: 'switchboard restarted (down 2 s)',
    async happen({ exchange }) {
      const harmedAt = Date.now()
      await exchange.restart(2_000)
      return { harmedAt, backAt: Date.now() }
    },
  },
  c: {
    name: 'address changed, another network there already',
    async happen(scene) {
      const [from, to] = moveFrom(scene)
      scene.networks.plugIn(to)
      // An adviser's second network has been there for hours.
      await scene.adviser.knows(deskAddress(to))
      const harmedAt = Date.now()
      scene.networks.pullOut(from)
      return { harmedAt, backAt: Date.now() }
    },
  },
  'c-moved': {
    name: 'address changed, new one comes 1 to 2 s after the old is gone',
    async happen(scene) {
      const [from, to] = moveFrom(scene)
      const harmedAt = Date.now()
      scene.networks.pullOut(from)
      await Promise.all([delay(1_000), scene.networks.connect(to)])
      scene.networks.plugIn(to)
      return { harmedAt, backAt: Date.now() }
    },
  },
  d: {
    name: 'nothing passes for 20 s, and nobody is told',
    async happen({ networks, link }) {
      const harmedAt = Date.now()
      networks.silence(link)
      await delay(20_000)
      networks.unsilence(link)
      return { harmedAt, backAt: Date.now() }
    },
  },
}

function moveFrom(scene: Scene): [Link, Link] {
  const from = scene.link
  scene.link = from === 1 ? 2 : 1
  return [from, scene.link]
}

/** Sets the scene; to be called in a network namespace of its own. */
export async function setScene(): Promise<Scene> {
  const chromium = await findBrowser()
  if (chromium === undefined) throw new Error('no Chromium or Chrome is installed')
  const open: { close(): Promise<unknown> }[] = []
  const close = async () => {
    for (const each of open.splice(0).reverse()) await each.close()
  }
  try {
    const networks = await layNetworks(chromium)
    open.push(networks)
    networks.plugIn(1)
    const exchange = await openExchange()
    open.push({ close: () => exchange.stop() })
    const relay = await openRelay(officeAddress, () => exchange.port(), productOrigin)
    const stable = await openRelay('127.0.0.1', () => exchange.port(), productOrigin)
    open.push(relay, stable)
    const stage = async (executablePath: string): Promise<Stage> => {
      const opened = await openStage({ pages: ['our-phone'], executablePath, before: noting })
      open.push(opened)
      return opened
    }
    const resident = await openEnd(
      await stage(chromium),
      exchange.account('resident', `ws://127.0.0.1:${stable.port}`),
    )
    const adviser = await openEnd(
      await stage(networks.browser),
      exchange.account('adviser', `ws://${officeAddress}:${relay.port}`),
    )
    return { networks, exchange, relay, adviser, resident, link: 1, close }
  } catch (error) {
    await close()
    throw error
  }
}

const settledMs = 1_500
const noteworthyMs = 4_000
const longestWaitMs = 45_000

/** One call with the harm in the middle; throws, with what both telephones logged, when it does not survive. */
export async function survive(scene: Scene, harm: Case, withTimeline = false): Promise<Outcome> {
  try {
    const { harmedAt, ...outcome } = await attempt(scene, harm)
    if (withTimeline) console.log(await timelines(scene, harmedAt))
    if (outcome.soundBackMs > noteworthyMs) console.log(await whatWasLogged(scene))
    return outcome
  } catch (error) {
    throw new Error(`${error instanceof Error ? error.message : error}\n${await whatWasLogged(scene)}`)
  }
}

async function timelines({ adviser, resident }: Scene, since: number): Promise<string> {
  const [one, other] = await Promise.all([timeline(adviser.page, since), timeline(resident.page, since)])
  return ['adviser', ...one, 'resident', ...other].join('\n')
}

async function whatWasLogged({ adviser, resident }: Scene): Promise<string> {
  const [one, other] = await Promise.all([adviser.log(), resident.log()])
  const last = (lines: readonly string[]) => lines.slice(-25).join('\n  ')
  return `adviser\n  ${last(one)}\nresident\n  ${last(other)}`
}

async function attempt(scene: Scene, harm: Case): Promise<Outcome & { harmedAt: number }> {
  const { adviser, resident } = scene
  const [first, second] = Math.random() < 0.5 ? [adviser, resident] : [resident, adviser]
  await first.order({
    name: 'dial',
    target: { kind: 'internal', user: first === adviser ? 'resident' : 'adviser' },
  })
  await second.until(`l?.state.name === 'ringing'`)
  await second.order({ name: 'answer', lineId: await second.lineId() })
  for (const end of [adviser, resident]) {
    await end.until(`l.state.name === 'active' && l.times.twoWayAt !== null`)
    await end.listen()
  }
  await delay(settledMs)

  const contact = (await adviser.until('true')).lines.at(-1)?.contactId
  const noticed = adviser.until(`l.signalling !== 'up'`, longestWaitMs).then(
    () => Date.now(),
    () => null,
  )
  const { harmedAt, backAt } = await harm.happen(scene)
  await adviser.until(`l.signalling === 'up' && s.registration.name === 'registered'`, longestWaitMs)
  const lostAt = await noticed
  await adviser.until(
    `l.signalling === 'up' && s.registration.name === 'registered' && l.sound.inbound === 'flowing'`,
    longestWaitMs,
  )
  const signallingBackAt = Date.now()
  await resident.until(`l.signalling === 'up' && l.sound.inbound === 'flowing'`, longestWaitMs)
  await delay(settledMs)
  const until = Date.now()
  const heard = [await adviser.heard(), await resident.heard()]
  const gaps = heard.map(({ packetsAt }) => gapsOf(packetsAt, until))
  const soundBackMs = Math.max(
    ...gaps.map((each) => Math.max(0, ...each.map(({ to }) => to - backAt).filter((ms) => ms > 0))),
  )
  await isAlive(scene, contact)
  return {
    harmedAt,
    soundBackMs,
    silenceMs: Math.max(0, ...gaps.flat().map(({ from, to }) => to - from)),
    signallingBackMs: signallingBackAt - backAt,
    noticedMs: lostAt === null ? null : lostAt - harmedAt,
  }
}

/** Packets come every 20 ms; a pause this long is heard. */
const gapMs = 300

function gapsOf(packetsAt: readonly number[], until: number): { from: number; to: number }[] {
  return [...packetsAt, until].flatMap((to, index) => {
    const from = packetsAt[index - 1] ?? to
    return to - from > gapMs ? [{ from, to }] : []
  })
}

/** Voices pass both ways, the far end's re-INVITE and BYE arrive, and it is the same contact. */
async function isAlive({ adviser, resident }: Scene, contact: string | undefined): Promise<void> {
  for (const end of [adviser, resident]) {
    const { energy } = await end.heard()
    await end.page.waitForFunction((before) => window.listening.heard().energy > before + 1e-5, energy, {
      polling: 50,
      timeout: 10_000,
    })
  }
  const lineId = await resident.lineId()
  await resident.order({ name: 'hold', lineId })
  await adviser.until(`l.state.name === 'held' && l.state.by === 'resident'`)
  await resident.order({ name: 'resume', lineId })
  const back = await adviser.until(`l.state.name === 'active'`)
  if (back.lines.at(-1)?.contactId !== contact) throw new Error('the contact is another one')
  await resident.order({ name: 'hangUp', lineId })
  await adviser.until(`l.state.name === 'ended' && l.state.reason === 'hung-up-there'`)
  for (const end of [adviser, resident]) {
    await end.until(`l.state.name === 'ended'`)
    await end.order({ name: 'dismissLine', lineId: await end.lineId() })
  }
}
