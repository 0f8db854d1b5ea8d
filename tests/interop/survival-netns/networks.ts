import { setTimeout as delay } from 'node:timers/promises'
import { here, openNamespace } from '../support/namespace.ts'

/** Where the switchboard is heard, whichever network the adviser is in. */
export const officeAddress = '10.77.0.1'

export type Link = 1 | 2

/** The adviser's, by the cable it came with. */
export const deskAddress = (link: Link) => `10.77.${link}.2`

/**
 * The adviser's computer in a network namespace of its own, with two cables to this one: 10.77.1.2 and 10.77.2.2. It
 * ends with this process; nothing is named, so that nothing is left behind.
 */
export interface Networks {
  /** A program that starts Chromium as the adviser's computer would. */
  readonly browser: string
  /** The cable is in, and what comes with it by itself has come; there is no address yet. */
  connect(link: Link): Promise<void>
  /** The address and its routes come up. */
  plugIn(link: Link): void
  /** The address and its routes go, and the cable with them. */
  pullOut(link: Link): void
  /** Nothing passes either way any more, and nobody is told. */
  silence(link: Link): void
  unsilence(link: Link): void
  close(): Promise<void>
}

/** To be called in a network namespace of the test's own. Throws where there are none. */
export async function layNetworks(chromium: string): Promise<Networks> {
  const computer = await openNamespace(chromium)
  const { pid, program: browser, run: there } = computer
  here(`ip addr replace ${officeAddress}/32 dev lo`)
  for (const link of [1, 2]) {
    here(`ip link add office${link} type veth peer name desk${link}`)
    here(`ip link set desk${link} netns ${pid}`)
    // What comes from an address that cannot be answered is dropped, which `silence` makes use of.
    here(`sysctl -qw net.ipv4.conf.office${link}.rp_filter=1`)
    here(`ip addr add 10.77.${link}.1/24 dev office${link} && ip link set office${link} up`)
  }
  /** The system prefers the network that has been there for longest. */
  let plugs = 0
  const isSettled = (link: Link) => {
    const own = there(`ip -6 address show dev desk${link} scope link`)
    return own.includes('inet6') && !own.includes('tentative')
  }

  return {
    browser,
    async connect(link) {
      there(`ip link set desk${link} up`)
      for (let tries = 0; tries < 100 && !isSettled(link); tries += 1) await delay(50)
    },
    plugIn(link) {
      plugs += 1
      // No route to the neighbours alone: it would take away packets that have another way already.
      there(
        `ip link set desk${link} up && ip addr add ${deskAddress(link)}/24 dev desk${link} noprefixroute && ip route add default via 10.77.${link}.1 dev desk${link} onlink metric ${plugs}`,
      )
    },
    pullOut(link) {
      there(`ip addr flush dev desk${link} && ip link set desk${link} down`)
    },
    silence(link) {
      here(`ip route add blackhole ${deskAddress(link)}/32`)
    },
    unsilence(link) {
      here(`ip route del blackhole ${deskAddress(link)}/32`)
    },
    async close() {
      await computer.close()
      for (const link of [1, 2]) here(`ip link del office${link} 2>/dev/null || true`)
    },
  }
}
