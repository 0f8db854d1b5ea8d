import { systemClock, systemRandom } from '#electron/practice/node-ports.ts'
import { type Switchboard, startSwitchboard } from '#electron/practice/switchboard/switchboard.ts'
import { silentLog } from '#shared/kernel/log.ts'
import { FakeAgents } from '#tests/contract/switchboard/rig.ts'

const domain = 'council.example.org'
const password = 'correct horse'
const users = ['adviser', 'resident'] as const
export type User = (typeof users)[number]
/** The practice switchboard knows its desks by it. */
export const productOrigin = 'https://bundle.app.internal'

/** A practice switchboard that can be restarted, with an account for either end. */
export interface Exchange {
  port(): number
  account(user: User, server: string): object
  /** Ends the process of the switchboard, as far as anyone outside can tell, and starts another on the same port. */
  restart(downMs: number): Promise<void>
  stop(): Promise<void>
}

export async function openExchange(): Promise<Exchange> {
  let running = await start(0)
  return {
    port: () => running.port,
    account: (user, server) => ({
      uri: `sip:${user}@${domain}`,
      authorizationUsername: user,
      password,
      displayName: user,
      servers: [server],
    }),
    async restart(downMs) {
      const { port } = running
      await running.stop()
      await new Promise((resolve) => setTimeout(resolve, downMs))
      running = await start(port)
    },
    stop: () => running.stop(),
  }
}

function start(port: number): Promise<Switchboard> {
  return startSwitchboard({
    host: '127.0.0.1',
    port,
    domain,
    agents: new FakeAgents(),
    accounts: {
      password: async (username) => (isUser(username) ? password : undefined),
      adviserOf: (username) => (isUser(username) ? username : undefined),
      usernameOf: (adviserId) => (isUser(adviserId) ? adviserId : undefined),
    },
    queues: () => [],
    clock: systemClock,
    random: systemRandom,
    log: silentLog,
  })
}

const isUser = (name: string): name is User => users.some((user) => user === name)
