import { createCallHistory } from '#electron/practice/switchboard/call-history.ts'
import type { AgentsPort, SwitchboardOptions } from '#electron/practice/switchboard/ports.ts'
import { type Switchboard, startSwitchboard } from '#electron/practice/switchboard/switchboard.ts'
import type { AgentStateAnswer } from '#shared/contract/rest.ts'
import { colleagues } from '#shared/practice/colleagues.ts'
import { SimClock, SimRandom } from '#tests/support/sim-clock.ts'
import { ScriptedPhone } from './scripted-phone.ts'

export const domain = 'council.example.org'
export const password = 'correct horse'
const accounts = new Map([
  ['alex', 'adviser-alex'],
  ['billie', 'adviser-billie'],
])

/** Remembers what it was told; who is ready is what the test says, longest idle first. */
export class FakeAgents implements AgentsPort {
  readonly told: string[] = []
  ready: string[] = []
  /** Advisers who want no direct calls. */
  undisturbed: string[] = []
  readonly #listeners = new Set<() => void>()
  readonly #watchers = new Set<() => void>()

  offered = (id: string, queueId?: string): void => this.#happen('offered', id, queueId)
  answered = (id: string, queueId?: string): void => this.#happen('answered', id, queueId)
  dialled = (id: string): void => this.#happen('dialled', id)
  ended = (id: string): void => this.#happen('ended', id)
  missed = (id: string): void => this.#happen('missed', id)
  phoneLost = (id: string): void => this.#happen('phoneLost', id)
  phoneFound = (id: string): void => this.#tell('phoneFound', id)

  readyAdvisers(): readonly string[] {
    return this.ready
  }

  answer(id: string): AgentStateAnswer {
    const since = new Date(0).toISOString()
    if (this.ready.includes(id)) return { state: { name: 'ready', since }, pending: null }
    const answer: AgentStateAnswer = { state: { name: 'not-ready', reason: 'break', since }, pending: null }
    return this.undisturbed.includes(id) ? { ...answer, undisturbed: true } : answer
  }

  onChanged(listener: () => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  setReady(...ids: string[]): void {
    this.ready = ids
    for (const listener of this.#listeners) listener()
  }

  /** Whatever happens to an adviser takes them out of Ready. */
  #happen(what: string, id: string, queueId?: string): void {
    this.ready = this.ready.filter((each) => each !== id)
    this.#tell(what, id, queueId)
  }

  #tell(what: string, id: string, queueId?: string): void {
    this.told.push([what, id.replace('adviser-', ''), queueId].filter(Boolean).join(' '))
    for (const watch of [...this.#watchers]) watch()
  }

  /** Resolves once this was told. */
  hears(what: string): Promise<void> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(
        () => reject(new Error(`not told "${what}", but: ${this.told.join(', ')}`)),
        10_000,
      )
      const watch = (): void => {
        if (!this.told.includes(what)) return
        clearTimeout(timer)
        this.#watchers.delete(watch)
        resolve()
      }
      this.#watchers.add(watch)
      watch()
    })
  }
}

export interface Rig {
  readonly switchboard: Switchboard
  readonly agents: FakeAgents
  readonly clock: SimClock
  readonly logged: string[]
  /** Outcome, direction, other side and queue of advisers' calls, each time one changed. */
  readonly history: string[]
  /** A connected and registered adviser's telephone. */
  adviser(user: 'alex' | 'billie'): Promise<ScriptedPhone>
  /** A connected resident's telephone on the trunk. */
  resident(number?: string): Promise<ScriptedPhone>
  stop(): Promise<void>
}

export async function startRig(options: Partial<SwitchboardOptions> = {}): Promise<Rig> {
  const agents = new FakeAgents()
  const clock = new SimClock()
  const logged: string[] = []
  const told: string[] = []
  const history = createCallHistory(clock)
  history.onCallChanged(({ adviserId, direction, outcome, number, name, queueId, answeredAt }) => {
    const state = outcome === 'in-progress' && answeredAt !== null ? 'talking' : outcome
    const other = number ?? name ?? 'withheld'
    told.push(`${adviserId.replace('adviser-', '')} ${direction} ${other} ${queueId ?? '-'} ${state}`)
  })
  const write = (code: string, facts?: object): void =>
    void logged.push(`${code} ${JSON.stringify(facts ?? {})}`)
  const switchboard = await startSwitchboard({
    host: '127.0.0.1',
    port: 0,
    domain,
    agents,
    accounts: {
      password: async (username) => (accounts.has(username) ? password : undefined),
      adviserOf: (username) => accounts.get(username),
      nameOf: (username) => (accounts.has(username) ? `${username} Practice` : undefined),
      usernameOf: (adviserId) => [...accounts].find(([, id]) => id === adviserId)?.[0],
    },
    queues: () => [
      { id: 'waste', name: 'Waste and recycling', dialledNumber: '+448081570101' },
      { id: 'housing', name: 'Housing' },
    ],
    internalUsers: colleagues,
    history,
    clock,
    random: new SimRandom(Number(options.port ?? 1)),
    log: { error: write, info: write, debug: write },
    ...options,
  })
  const phones: ScriptedPhone[] = []
  return {
    switchboard,
    agents,
    clock,
    logged,
    history: told,
    async adviser(user) {
      const phone = await ScriptedPhone.connect(switchboard.url, domain, user)
      phones.push(phone)
      const { status } = await phone.register(password)
      if (status !== 200) throw new Error(`not registered: ${status}`)
      return phone
    },
    async resident(number = '+441632960142') {
      const phone = await ScriptedPhone.connect(switchboard.trunkUrl, domain, number)
      phones.push(phone)
      return phone
    },
    async stop() {
      for (const { wire } of phones) wire.cut()
      await switchboard.stop()
    },
  }
}
