import { join } from 'node:path'
import type { PracticeStatus } from '#shared/contract/ipc.ts'
import { type AppError, appError } from '#shared/kernel/app-error.ts'
import type { Log } from '#shared/kernel/log.ts'
import { err, ok, type Result } from '#shared/kernel/result.ts'
import { type Scenario, scenarios } from '#shared/practice/scenarios.ts'
import { type Council, startCouncil } from './council/council.ts'
import { advisers, practicePassword } from './council/seed/practice-council.ts'
import { systemClock, systemRandom } from './node-ports.ts'
import type { PracticeOptions } from './protocol.ts'
import { choosePort, recallPorts, rememberPorts } from './remembered-ports.ts'
import { type Residents, startResidents } from './residents/residents.ts'
import { type Switchboard, startSwitchboard } from './switchboard/switchboard.ts'

/** Everything an adviser practises with: council, switchboard and residents, on this machine's loopback only. */
export interface Practice {
  status(): PracticeStatus
  /** Sends a resident into the queue; without an id the next scenario in turn. Answers the scenario's id. */
  call(scenarioId?: string): Promise<Result<string>>
  /** Cuts or restores the desks' network: council, switchboard and sound. */
  setNetworkCut(cut: boolean): Promise<Result<null>>
  /** Hangs up, closes the database and everything that listens. */
  stop(): Promise<void>
}

export interface StartPracticeOptions extends PracticeOptions {
  readonly log: Log
  onStep(step: 'database' | 'residents' | 'switchboard'): void
}

const host = '127.0.0.1'
const domain = 'wexcombe.example.org'

export async function startPractice(options: StartPracticeOptions): Promise<Practice> {
  const { dataFolder, databaseUrl, log, onStep } = options
  const clock = systemClock
  const random = systemRandom
  const remembered = await recallPorts(dataFolder)
  /** What was started, so that a failure half-way leaves nothing running. */
  const running: { stop(): Promise<void> }[] = []
  const stop = async (): Promise<void> => {
    for (const part of running.splice(0).reverse()) await part.stop()
  }

  try {
    let sipUrl: string | null = null
    const council = await startCouncil({
      host,
      port: await choosePort(options.councilPort, remembered?.council),
      database: databaseUrl === undefined ? { folder: join(dataFolder, 'database') } : { url: databaseUrl },
      scriptsFolder: options.scriptsFolder,
      sip: { domain, servers: () => (sipUrl === null ? [] : [sipUrl]) },
      clock,
      random,
      log,
      onStep,
    })
    running.push(council)

    onStep('switchboard')
    const switchboard = await startSwitchboard({
      host,
      port: await choosePort(options.sipPort, remembered?.sip),
      domain,
      agents: council.agents,
      accounts: council.sipAccounts,
      queues: () => council.queues(),
      clock,
      random,
      log,
    })
    running.push(switchboard)
    sipUrl = switchboard.url

    const residents = await startResidents({
      trunkUrl: switchboard.trunkUrl,
      domain,
      clipsFolder: options.clipsFolder,
      scenarios,
      clock,
      log,
    })
    running.push(residents)

    await rememberPorts(dataFolder, { council: council.port, sip: switchboard.port })
    return compose(council, switchboard, residents, stop)
  } catch (error) {
    await stop()
    throw error
  }
}

function compose(
  council: Council,
  switchboard: Switchboard,
  residents: Residents,
  stop: () => Promise<void>,
): Practice {
  let networkCut = false
  let turn = 0
  /** One change of the network after the other. */
  let lastChange: Promise<Result<null>> = Promise.resolve(ok(null))

  function choose(scenarioId: string | undefined): Scenario | undefined {
    if (scenarioId !== undefined) return scenarios.find(({ id }) => id === scenarioId)
    return scenarios[turn++ % scenarios.length]
  }

  async function change(cut: boolean): Promise<Result<null>> {
    try {
      residents.setCut(cut)
      if (cut) {
        switchboard.cut()
        await council.cut()
      } else {
        await council.restore()
        await switchboard.restore()
      }
      networkCut = cut
      return ok(null)
    } catch (error) {
      return err(networkProblem(error))
    }
  }

  return {
    status: () => ({
      name: 'running',
      councilUrl: council.url,
      sipUrl: switchboard.url,
      username: advisers[0]?.username ?? '',
      password: practicePassword,
      networkCut,
      scenarios: scenarios.map(({ id, title }) => ({ id, title })),
    }),

    async call(scenarioId) {
      const scenario = choose(scenarioId)
      if (scenario === undefined) return err(appError('practice/no-such-scenario', 'never', scenarioId))
      await residents.call(scenario)
      return ok(scenario.id)
    },

    setNetworkCut(cut) {
      lastChange = lastChange.then(() => change(cut))
      return lastChange
    },

    stop,
  }
}

function networkProblem(error: unknown): AppError {
  const detail = error instanceof Error && 'code' in error ? String(error.code) : 'unknown'
  return appError('practice/network-not-restored', 'now', detail)
}
