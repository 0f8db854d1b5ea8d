import type { Page } from 'playwright-core'
import type { PhoneCommand, PhoneSnapshot } from '#shared/contract/phone.ts'
import type { IceServer } from '#shared/contract/rest.ts'
import type {} from '#tests/bench/pages/our-phone.ts'
import type { Stage } from '#tests/bench/stage.ts'

/** One of the two telephones, both the product's own, and what it hears. */
export interface End {
  readonly page: Page
  until(where: string, withinMs?: number): Promise<PhoneSnapshot>
  order(command: PhoneCommand): Promise<void>
  lineId(): Promise<string>
  /** Resolves once calls can use an address: Chromium looks again at the machine's networks only after they have settled. */
  knows(address: string): Promise<void>
  /** Begins to note when sound arrives. */
  listen(): Promise<void>
  heard(): Promise<Heard>
  /** What the telephone logged, with the seconds of the minute. */
  log(): Promise<string[]>
}

/** Times are milliseconds since 1970. */
export interface Heard {
  /** Times at which packets of sound had arrived since the time before. */
  readonly packetsAt: readonly number[]
  /** Sum of squared samples × seconds. */
  readonly energy: number
}

export async function openEnd(
  stage: Stage,
  account: object,
  iceServers: readonly IceServer[] = [],
): Promise<End> {
  const page = await stage.open('our-phone', 'contender', {
    account: JSON.stringify(account),
    iceServers: JSON.stringify(iceServers),
  })
  await page.evaluate(() => window.phoneHarness.signIn())
  await page.evaluate(() => window.contender.registered())
  await page.evaluate(installListening)
  const end: End = {
    page,
    async until(where, withinMs = 15_000) {
      const look = `(() => {
        const s = window.desk.snapshot()
        const l = s?.lines.at(-1)
        return s && (${where}) ? s : null
      })()`
      try {
        const found = await page.waitForFunction(look, undefined, { polling: 20, timeout: withinMs })
        return (await found.jsonValue()) as PhoneSnapshot
      } catch {
        const now = await page.evaluate(() => window.desk.snapshot())
        const { state, signalling, sound } = now?.lines.at(-1) ?? {}
        throw new Error(
          `never: ${where}; ${JSON.stringify({ state, signalling, sound, registration: now?.registration })}`,
        )
      }
    },
    async order(command) {
      const done = await page.evaluate((each) => window.desk.execute(each), command)
      if (!done.ok) throw new Error(`${command.name}: ${done.error.code} ${done.error.detail ?? ''}`)
    },
    lineId: () => page.evaluate(() => window.desk.snapshot()?.lines.at(-1)?.id ?? ''),
    knows: (address) => page.evaluate(untilKnown, address),
    listen: () => page.evaluate(() => window.listening.begin()),
    heard: () => page.evaluate(() => window.listening.heard()),
    log: () =>
      page.evaluate(() => {
        const times = window.listening.loggedAt
        return window.phoneHarness.logged.map(({ code, facts }, index) => {
          const at = ((times[index] ?? 0) / 1000) % 60
          return `${at.toFixed(1)} ${code} ${JSON.stringify(facts ?? {})}`
        })
      }),
  }
  return end
}

declare global {
  interface Window {
    listening: { begin(): void; heard(): Heard; loggedAt: number[] }
  }
}

async function untilKnown(address: string): Promise<void> {
  // The platform's own class: what is made of the page's is listened to.
  let Connection = RTCPeerConnection
  for (let above = Connection; above !== EventTarget.prototype.constructor; ) {
    Connection = above
    above = Object.getPrototypeOf(above)
  }
  for (let isKnown = false; !isKnown; ) {
    const connection = new Connection()
    connection.createDataChannel('')
    isKnown = await new Promise<boolean>((resolve) => {
      connection.onicecandidate = ({ candidate }) => {
        if (candidate?.address === address && candidate.protocol === 'udp') resolve(true)
        else if (candidate === null) setTimeout(resolve, 200, false)
      }
      void connection.setLocalDescription()
    })
    connection.close()
  }
}

function installListening(): void {
  let packetsAt: number[] = []
  let packets = 0
  let energy = 0
  let run = 0
  const look = async (mine: number): Promise<void> => {
    const connection = window.edge.connections().findLast((each) => each.signalingState !== 'closed')
    if (connection !== undefined) {
      for (const figures of (await connection.getStats()).values()) {
        if (figures.type !== 'inbound-rtp') continue
        if (figures.packetsReceived > packets) packetsAt.push(Date.now())
        packets = figures.packetsReceived
        energy = figures.totalAudioEnergy ?? 0
      }
    }
    if (mine === run) setTimeout(() => void look(mine), 40)
  }
  const { logged } = window.phoneHarness
  const push = logged.push.bind(logged)
  const loggedAt = logged.map(() => Date.now())
  logged.push = (...lines) => {
    loggedAt.push(Date.now())
    return push(...lines)
  }
  window.listening = {
    loggedAt,
    begin() {
      packetsAt = []
      packets = 0
      run += 1
      void look(run)
    },
    heard: () => ({ packetsAt, energy }),
  }
}
