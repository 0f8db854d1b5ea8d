import { randomUUID } from 'node:crypto'
import { findBrowser } from '#build/standin/find-browser.ts'
import { openStage } from '#tests/bench/stage.ts'
import { here, openNamespace } from '../support/namespace.ts'
import { createPrograms, type Program } from '../support/programs.ts'
import { type End, openEnd } from '../survival-netns/ends.ts'
import { openExchange, productOrigin } from '../survival-netns/exchange.ts'
import { officeAddress } from '../survival-netns/networks.ts'
import { openRelay } from '../survival-netns/relay.ts'

/** Two computers that reach the office and not each other: without the office's TURN server no sound can pass. */
export interface Rooms {
  readonly adviser: End
  readonly resident: End
  readonly turn: { start(): Promise<void>; stop(): Promise<void> }
  close(): Promise<void>
}

const turnPort = 3_478
const credential = randomUUID()

/** To be called in a network namespace of its own. The TURN server runs; the adviser alone knows of it. */
export async function openRooms(): Promise<Rooms> {
  const chromium = await findBrowser()
  if (chromium === undefined) throw new Error('no Chromium or Chrome is installed')
  const closing: (() => Promise<unknown>)[] = []
  const close = async () => {
    for (const each of closing.splice(0).reverse()) await each()
  }
  try {
    here(`ip addr replace ${officeAddress}/32 dev lo`)
    // The office passes nothing on from one room to the other.
    here('sysctl -qw net.ipv4.ip_forward=0')
    const programs = createPrograms()
    closing.push(() => programs.stop())
    let server: Program | undefined
    const turn = {
      async start() {
        server = programs.start('turnserver', turnArguments)
        await server.listening('udp', turnPort)
      },
      stop: async () => server?.stop(),
    }
    await turn.start()
    const exchange = await openExchange()
    closing.push(() => exchange.stop())
    const relay = await openRelay(officeAddress, () => exchange.port(), productOrigin)
    closing.push(() => relay.close())

    const open = async (
      user: 'adviser' | 'resident',
      room: 1 | 2,
      iceServers: Parameters<typeof openEnd>[2],
    ) => {
      const computer = await openNamespace(chromium)
      closing.push(() => computer.close())
      here(`ip link add office${room} type veth peer name desk${room}`)
      here(`ip link set desk${room} netns ${computer.pid}`)
      here(`ip addr add 10.77.${room}.1/24 dev office${room} && ip link set office${room} up`)
      computer.run(`ip link set desk${room} up && ip addr add 10.77.${room}.2/24 dev desk${room}`)
      computer.run(`ip route add default via 10.77.${room}.1`)
      const stage = await openStage({ pages: ['our-phone'], executablePath: computer.program })
      closing.push(() => stage.close())
      return openEnd(stage, exchange.account(user, `ws://${officeAddress}:${relay.port}`), iceServers)
    }
    const urls = [`turn:${officeAddress}:${turnPort}?transport=udp`]
    const [adviser, resident] = await Promise.all([
      open('adviser', 1, [{ urls, username: 'desk', credential }]),
      open('resident', 2, []),
    ])
    return { adviser, resident, turn, close }
  } catch (error) {
    await close()
    throw error
  }
}

const turnArguments = [
  '-n',
  `--listening-ip=${officeAddress}`,
  `--listening-port=${turnPort}`,
  `--relay-ip=${officeAddress}`,
  '--lt-cred-mech',
  '--realm=example.org',
  `--user=desk:${credential}`,
  '--no-tls',
  '--no-dtls',
  '--no-cli',
  '--log-file=stdout',
  '--pidfile=/dev/null',
]
