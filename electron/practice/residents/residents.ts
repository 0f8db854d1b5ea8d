import type { Clock } from '#shared/kernel/clock.ts'
import type { Log } from '#shared/kernel/log.ts'
import { numberShown, type Scenario } from '#shared/practice/scenarios.ts'
import { createClips } from './clips.ts'
import { createResident, type Resident, type ResidentView } from './resident.ts'
import { createResidentPhone, type ResidentCall, type ResidentPhone } from './resident-phone.ts'

export interface Residents {
  /** Sends the scenario's resident into the queue; resolves when the call is on its way. */
  call(scenario: Scenario): Promise<void>
  /** Of calls that are not over. */
  views(): ResidentView[]
  /** While cut no sound passes between residents and advisers. */
  setCut(cut: boolean): void
  stop(): Promise<void>
}

export interface ResidentsOptions {
  readonly trunkUrl: string
  readonly domain: string
  /** Holds the speech clips (*.wav). */
  readonly clipsFolder: string
  readonly scenarios: readonly Scenario[]
  readonly clock: Clock
  readonly log: Log
}

/** How long a resident's own telephone rings before it is answered. */
const answersAfterMs = 2000

/** Connects every resident of the scenarios, so that they can call and, at their numbers, be called. */
export async function startResidents(options: ResidentsOptions): Promise<Residents> {
  const { trunkUrl, domain, scenarios, clock, log } = options
  const clips = createClips(options.clipsFolder)
  const phones = new Map<string | null, ResidentPhone>()
  const present = new Map<Resident, string | null>()
  let cut = false

  function enter(scenario: Scenario, number: string | null, call: () => ResidentCall | null): Resident {
    const resident = createResident({
      scenario,
      clips,
      clock,
      log,
      call,
      onEnded: () => {
        present.delete(resident)
        log.info('residents/call-ended', { scenario: scenario.id })
      },
    })
    present.set(resident, number)
    return resident
  }

  function phoneOf(number: string | null, owner: Scenario): ResidentPhone {
    return createResidentPhone({
      trunkUrl,
      domain,
      number,
      log,
      isCut: () => cut,
      onCalled(call, accept) {
        if ([...present.values()].includes(number)) return null
        const { listener } = enter(owner, number, () => call)
        const cancelAnswer = clock.after(answersAfterMs, () => void accept().catch(() => {}))
        return {
          ...listener,
          onEnded: () => {
            cancelAnswer()
            listener.onEnded?.()
          },
        }
      },
    })
  }

  for (const scenario of scenarios) {
    const number = numberShown(scenario)
    if (!phones.has(number)) phones.set(number, phoneOf(number, scenario))
  }
  await Promise.all([...phones.values()].map((phone) => phone.start()))

  return {
    async call(scenario) {
      const number = numberShown(scenario)
      const phone = phones.get(number)
      if (phone === undefined) throw new Error(`scenario ${scenario.id} was not started`)
      let call: ResidentCall | null = null
      const { listener } = enter(scenario, number, () => call)
      call = phone.call(scenario.queueId, listener)
      log.info('residents/call-began', { scenario: scenario.id })
    },

    views: () => [...present.keys()].map((resident) => resident.view()),

    setCut(wanted) {
      cut = wanted
    },

    async stop() {
      await Promise.all([...phones.values()].map((phone) => phone.stop()))
    },
  }
}
