import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Page } from '@playwright/test'
import { firstStartMs } from '#build/tour/adviser.ts'
import { type Council, startCouncil } from '#electron/practice/council/council.ts'
import { advisers, practicePassword } from '#electron/practice/council/seed/practice-council.ts'
import { systemClock, systemRandom } from '#electron/practice/node-ports.ts'
import type { ResidentView } from '#electron/practice/residents/resident.ts'
import { type Residents, startResidents } from '#electron/practice/residents/residents.ts'
import { createCallControl } from '#electron/practice/switchboard/call-control.ts'
import type { CallsPort } from '#electron/practice/switchboard/ports.ts'
import { type Switchboard, startSwitchboard } from '#electron/practice/switchboard/switchboard.ts'
import type { CallStatus } from '#shared/contract/rest.ts'
import type { Clock } from '#shared/kernel/clock.ts'
import { silentLog } from '#shared/kernel/log.ts'
import { scenarios } from '#shared/practice/scenarios.ts'
import { test as base } from './app.ts'
import type { CouncilAccess } from './council-client.ts'

/** Council, switchboard and residents in the test's own hands, each to be cut off by itself. */
export interface OwnBackend {
  readonly council: Council
  readonly switchboard: Switchboard
  readonly access: CouncilAccess
  /** `off`: nobody knows of recordings. Otherwise every call is recorded, and a pause is made or refused. */
  recorder: 'off' | 'obeys' | 'refuses'
  /** The recorder ends every pause by itself. */
  recordAgain(): void
  /** A resident who calls a queue and talks until told to hang up. */
  resident(options?: ResidentOptions): Promise<CallingResident>
  /** Lets the time run out for what the council is to do this long after it was begun. */
  runOut(delayMs: number): void
  /** Sound alone: calls stay up, and nothing is heard either way. */
  setSoundCut(cut: boolean): void
  /** Council, switchboard and sound together, as when the adviser's network is gone. */
  setNetworkCut(cut: boolean): Promise<void>
}

export interface ResidentOptions {
  /** Missed recycling when it is not said. */
  readonly scenarioId?: string
  /** The contact of the colleague who had the call first, in a scenario that is passed on. */
  readonly handedOverFrom?: string
}

export interface CallingResident {
  view(): ResidentView
  /** Hangs up, and can be called back. */
  putDown(): Promise<void>
  /** Hangs up from the resident's side, and is gone. */
  hangUp(): Promise<void>
}

const domain = 'practice.example.org'
const root = join(import.meta.dirname, '../..')
/** What consoles say while the backend is away on purpose. */
export const outageProblems =
  /ERR_CONNECTION_REFUSED|ERR_CONNECTION_RESET|ERR_EMPTY_RESPONSE|ERR_CONNECTION_CLOSED/

async function startBackend(templateFolder: string, folder: string) {
  cpSync(templateFolder, folder, { recursive: true })
  const shared = { host: '127.0.0.1' as const, clock: systemClock, random: systemRandom, log: silentLog }
  let sipUrl = ''
  const waiting = new Map<() => void, number>()
  /** As the system's, with what waits written down. */
  const clock: Clock = {
    now: systemClock.now,
    after(delayMs, run) {
      const due = () => {
        cancel()
        run()
      }
      const stop = systemClock.after(delayMs, due)
      const cancel = () => {
        stop()
        waiting.delete(due)
      }
      waiting.set(due, delayMs)
      return cancel
    },
  }
  let recordAgain = () => {}
  function recordedCalls(): CallsPort {
    const paused = new Map<string, string>()
    const listeners = new Set<(status: CallStatus) => void>()
    const statusOf = (callId: string): CallStatus => {
      const since = paused.get(callId)
      return {
        callId,
        recording:
          since === undefined
            ? { name: 'recording', since: '2026-11-03T10:00:00Z' }
            : { name: 'paused', since, resumesAt: new Date(Date.parse(since) + 120_000).toISOString() },
        supervisor: 'none',
      }
    }
    recordAgain = () => {
      const resumed = [...paused.keys()]
      paused.clear()
      for (const callId of resumed) for (const listener of listeners) listener(statusOf(callId))
    }
    const control = createCallControl({
      calls: () => switchboard.calls(),
      recorder: {
        status: statusOf,
        async setPaused(callId, wanted) {
          if (backend.recorder === 'refuses') return statusOf(callId)
          if (wanted) paused.set(callId, new Date(systemClock.now()).toISOString())
          else paused.delete(callId)
          for (const listener of listeners) listener(statusOf(callId))
          return statusOf(callId)
        },
        onChanged(listener) {
          listeners.add(listener)
          return () => listeners.delete(listener)
        },
      },
    })
    const known = () => backend.recorder !== 'off'
    return {
      ...control,
      status: (callId) => (known() ? control.status(callId) : null),
      advisersOf: (callId) => (known() ? control.advisersOf(callId) : []),
      onCallChanged: () => () => {},
    }
  }
  const council = await startCouncil({
    ...shared,
    clock,
    calls: recordedCalls(),
    port: 0,
    database: { folder: join(folder, 'database') },
    scriptsFolder: join(root, 'shared/guidance/scripts'),
    sip: { domain, servers: () => [sipUrl] },
  })
  const switchboard = await startSwitchboard({
    ...shared,
    port: 0,
    domain,
    agents: council.agents,
    accounts: council.sipAccounts,
    queues: () => council.queues(),
  })
  sipUrl = switchboard.url
  const calling = new Set<Residents>()

  const backend: OwnBackend = {
    recorder: 'off',
    recordAgain: () => recordAgain(),
    council,
    switchboard,
    access: { url: council.url, username: advisers[0]?.username ?? '', password: practicePassword },
    async resident({ scenarioId = 'missed-bin', handedOverFrom } = {}) {
      const scenario = scenarios.find(({ id }) => id === scenarioId)
      if (scenario === undefined) throw new Error('there is no such scenario')
      const residents = await startResidents({
        trunkUrl: switchboard.trunkUrl,
        domain,
        clipsFolder: join(root, 'electron/practice/residents/clips'),
        scenarios: [scenario],
        ...(handedOverFrom === undefined ? {} : { handOver: async () => handedOverFrom }),
        clock: systemClock,
        log: silentLog,
      })
      calling.add(residents)
      await residents.call(scenario)
      return {
        view() {
          const view = residents.views()[0]
          if (view === undefined) throw new Error('the resident has gone')
          return view
        },
        putDown: () => residents.hangUp(),
        async hangUp() {
          calling.delete(residents)
          await residents.stop()
        },
      }
    },
    runOut(delayMs) {
      // What was counted from a moment before is a little shorter.
      for (const [run, each] of [...waiting]) if (Math.abs(each - delayMs) < 1_000) run()
    },
    setSoundCut(cut) {
      for (const residents of calling) residents.setCut(cut)
    },
    async setNetworkCut(cut) {
      backend.setSoundCut(cut)
      if (cut) {
        switchboard.cut()
        await council.cut()
      } else {
        await council.restore()
        await switchboard.restore()
      }
    },
  }
  return {
    backend,
    async stop() {
      for (const residents of calling) await residents.stop()
      await switchboard.stop()
      await council.stop()
    },
  }
}

/** `test` with a desk in live mode on a backend of the test's own. */
export const test = base.extend<{ backend: OwnBackend; backendFolder: string }>({
  // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the fixtures wanted from this pattern.
  backendFolder: async ({}, use) => {
    const folder = mkdtempSync(join(tmpdir(), 'adviser-desktop-backend-'))
    await use(folder)
    rmSync(folder, { recursive: true, force: true })
  },
  backend: async ({ practiceTemplate, backendFolder }, use) => {
    const { backend, stop } = await startBackend(practiceTemplate, backendFolder)
    await use(backend)
    await stop()
  },
  appOptions: async ({ backend, backendFolder }, use) => {
    const configFile = join(backendFolder, 'adviser-desktop.json')
    writeFileSync(
      configFile,
      JSON.stringify({ mode: 'live', council: { name: 'Anytown Council', url: backend.council.url } }),
    )
    await use({
      args: [`--config=${configFile}`],
      expectedProblems: [outageProblems, /the page crashed/],
    })
  },
})

export async function signInLive(desk: Page): Promise<void> {
  await desk.getByRole('heading', { name: 'Sign in to Anytown Council' }).waitFor({ timeout: firstStartMs })
  await desk.getByLabel('User name').fill(advisers[0]?.username ?? '')
  await desk.getByLabel('Password').fill(practicePassword)
  await desk.getByRole('button', { name: 'Sign in' }).click()
}
