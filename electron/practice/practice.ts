import { join } from 'node:path'
import type { PracticeStatus } from '#shared/contract/ipc.ts'
import type { CallStatus } from '#shared/contract/rest.ts'
import { type AppError, appError } from '#shared/kernel/app-error.ts'
import type { Log } from '#shared/kernel/log.ts'
import { err, ok, type Result } from '#shared/kernel/result.ts'
import { colleagues } from '#shared/practice/colleagues.ts'
import { type Scenario, scenarios } from '#shared/practice/scenarios.ts'
import { createColleagueDesk } from './colleague-desk.ts'
import { type Council, startCouncil } from './council/council.ts'
import { advisers, practicePassword, staff, supervisorOnDuty } from './council/seed/practice-council.ts'
import { systemClock, systemRandom } from './node-ports.ts'
import type { PracticeOptions } from './protocol.ts'
import { choosePort, recallPorts, rememberPorts } from './remembered-ports.ts'
import { createRecordings, type Recordings } from './residents/recordings.ts'
import { type Residents, startResidents } from './residents/residents.ts'
import { createVoicemail } from './residents/voicemail.ts'
import { startSupervisor } from './supervisor.ts'
import { createCallControl } from './switchboard/call-control.ts'
import { createCallHistory } from './switchboard/call-history.ts'
import type { CallsPort } from './switchboard/ports.ts'
import { type Switchboard, startSwitchboard } from './switchboard/switchboard.ts'

/** Everything an adviser practises with: council, switchboard and residents, on this machine's loopback only. */
export interface Practice {
  status(): PracticeStatus
  /** Sends a resident into the queue; without an id the next scenario in turn. Answers the scenario's id. */
  call(scenarioId?: string): Promise<Result<string>>
  /** A supervisor joins the calls that are on record, or leaves them. */
  supervise(supervisor: CallStatus['supervisor']): Result<null>
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
    let switchboard: Switchboard | null = null
    const recordings = await createRecordings({ folder: join(dataFolder, 'recordings'), clock, log })
    running.push(recordings)
    const voicemail = createVoicemail()
    const history = createCallHistory(clock)
    const calls: CallsPort = {
      ...createCallControl({ recorder: recordings, calls: () => switchboard?.calls() ?? [] }),
      onCallChanged: history.onCallChanged,
    }
    const council = await startCouncil({
      host,
      port: await choosePort(options.councilPort, remembered?.council),
      database:
        databaseUrl === undefined
          ? { folder: join(dataFolder, 'database'), emptyDatabase: options.emptyDatabase }
          : { url: databaseUrl },
      scriptsFolder: options.scriptsFolder,
      whispersFolder: join(options.clipsFolder, 'whispers'),
      calls,
      sip: { domain, servers: () => (switchboard === null ? [] : [switchboard.url]) },
      clock,
      random,
      log,
      onStep,
    })
    running.push(council)
    running.push(startSupervisor({ alerts: council.alerts, name: supervisorOnDuty.name, clock, log }))

    onStep('switchboard')
    const exchange = await startSwitchboard({
      host,
      port: await choosePort(options.sipPort, remembered?.sip),
      domain,
      agents: council.agents,
      accounts: { ...council.sipAccounts, nameOf: nameOfAdviser },
      internalUsers: colleagues,
      voicemail,
      history,
      queues: () => council.queues(),
      clock,
      random,
      log,
    })
    running.push(exchange)
    switchboard = exchange

    const colleagueDesk = createColleagueDesk({
      url: council.url,
      username: 'jo.practice',
      password: practicePassword,
      clock,
      random,
      log,
    })
    const residents = await startResidents({
      trunkUrl: exchange.trunkUrl,
      domain,
      clipsFolder: options.clipsFolder,
      scenarios,
      colleagues,
      recordings,
      voicemail,
      adviserAtDesk: () => exchange.advisersThere()[0] ?? null,
      handOver: colleagueDesk.handOver,
      clock,
      log,
    })
    running.push(residents)

    await rememberPorts(dataFolder, { council: council.port, sip: exchange.port })
    return compose({ council, switchboard: exchange, residents, recordings, stop })
  } catch (error) {
    await stop()
    throw error
  }
}

interface Parts {
  readonly council: Council
  readonly switchboard: Switchboard
  readonly residents: Residents
  readonly recordings: Recordings
  stop(): Promise<void>
}

const nameOfAdviser = (username: string): string | undefined =>
  [...advisers, ...staff].find((adviser) => adviser.username === username)?.name

function compose({ council, switchboard, residents, recordings, stop }: Parts): Practice {
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
      const called = await residents.call(scenario)
      return called ? ok(scenario.id) : err(appError('practice/no-adviser-there', 'later', scenario.id))
    },

    supervise(supervisor) {
      const supervised = recordings.callIds().map((callId) => recordings.supervise(callId, supervisor))
      return supervised.includes(true) ? ok(null) : err(appError('practice/no-call', 'later'))
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
