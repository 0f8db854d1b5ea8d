import { userToUserOf } from '#shared/calls/user-to-user.ts'
import type { CallStatus } from '#shared/contract/rest.ts'
import type { Cancel, Clock } from '#shared/kernel/clock.ts'
import type { Log } from '#shared/kernel/log.ts'
import { type Colleague, voicemailUser } from '#shared/practice/colleagues.ts'
import { messageOf, numberShown, type PassedOn, type Scenario, toldOnBy } from '#shared/practice/scenarios.ts'
import { createClips } from './clips.ts'
import { startColleagues } from './colleague-phones.ts'
import type { Recording, Recordings } from './recordings.ts'
import { createResident, type Resident, type ResidentView } from './resident.ts'
import { createResidentPhone, type ResidentCall, type ResidentPhone } from './resident-phone.ts'
import type { Voicemail } from './voicemail.ts'

export interface Residents {
  /** Sends the scenario's resident off; resolves when the call is on its way, false when nobody is there to be rung. */
  call(scenario: Scenario): Promise<boolean>
  /** Of residents whose calls are not over. */
  views(): ResidentView[]
  /** Of colleagues in calls. */
  colleagueViews(): ResidentView[]
  /** Everybody hangs up, and can be called. */
  hangUp(): Promise<void>
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
  readonly colleagues?: readonly Colleague[]
  /** Calls from a queue are on record when it is there. */
  readonly recordings?: Recordings
  readonly voicemail?: Voicemail
  /** User of the adviser whom scenarios ring that call without a queue. */
  adviserAtDesk?(): string | null
  /** A colleague saves what goes along with a resident's call; answers the contact's id. */
  handOver?(residentId: string, passedOn: PassedOn): Promise<string | null>
  /** How long a resident who is passed on lets it ring. */
  readonly passedOnPatienceMs?: number
  readonly clock: Clock
  readonly log: Log
}

/** How long a resident's own telephone rings before it is answered. */
const answersAfterMs = 2000
/** Tells the adviser's telephone to answer by itself (RFC 5373 in the way telephones know it). */
const autoAnswerHeader = (domain: string): string => `Call-Info: <sip:${domain}>;answer-after=0`

/** Connects every resident of the scenarios and every colleague, so that they can call and be called. */
export async function startResidents(options: ResidentsOptions): Promise<Residents> {
  const { trunkUrl, domain, scenarios, colleagues = [], recordings, clock, log } = options
  const clips = createClips(options.clipsFolder)
  const phones = new Map<string | null, ResidentPhone>()
  const present = new Map<Resident, string | null>()
  let cut = false
  const isCut = (): boolean => cut
  const team = startColleagues({ ...options, colleagues, clips, isCut })

  const partFor =
    (scenario: Scenario) =>
    (by: string | null): Scenario | ReturnType<typeof toldOnBy> =>
      colleagues.some(({ user }) => user === by) ? toldOnBy(scenario) : scenario

  function enter(scenario: Scenario, number: string | null, onUnanswered: () => void): Resident {
    let stopSupervising: Cancel = () => {}
    let stopHolding: Cancel = () => {}
    const resident = createResident({
      id: scenario.id,
      speaker: scenario.speaker,
      part: scenario,
      partFor: partFor(scenario),
      passedOnPatienceMs: options.passedOnPatienceMs,
      clips,
      clock,
      log,
      ...(recordings === undefined || scenario.calls === 'adviser'
        ? {}
        : { record: (callId: string) => recordings.begin(callId) }),
      onTalking(recording) {
        stopSupervising = superviseLater(scenario, recording)
        stopHolding = holdLater(scenario, resident)
      },
      onEnded(answered) {
        stopSupervising()
        stopHolding()
        present.delete(resident)
        log.info('residents/call-ended', { scenario: scenario.id })
        if (!answered) onUnanswered()
      },
    })
    present.set(resident, number)
    return resident
  }

  function superviseLater({ supervisorListensAfterMs }: Scenario, recording: Recording | null): Cancel {
    const listening: CallStatus['supervisor'] = 'listening'
    if (supervisorListensAfterMs === null || recording === null) return () => {}
    return clock.after(supervisorListensAfterMs, () => recording.supervise(listening))
  }

  function holdLater({ holdsAdviser }: Scenario, resident: Resident): Cancel {
    if (holdsAdviser === null) return () => {}
    const hold = (held: boolean): void => {
      resident.hold(held).catch(() => log.error('residents/hold-failed', { held }))
    }
    let cancel = clock.after(holdsAdviser.afterMs, () => {
      hold(true)
      cancel = clock.after(holdsAdviser.forMs, () => hold(false))
    })
    return () => cancel()
  }

  function phoneOf(number: string | null, owner: Scenario): ResidentPhone {
    return createResidentPhone({
      trunkUrl,
      domain,
      number,
      log,
      isCut,
      onCalled(call, accept) {
        if ([...present.values()].includes(number)) return null
        const listener = enter(owner, number, () => {}).join(() => call)
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
    const isColleague = colleagues.some(({ user }) => user === scenario.speaker)
    if (!phones.has(number) && !isColleague) phones.set(number, phoneOf(number, scenario))
  }
  await Promise.all([...[...phones.values()].map((phone) => phone.start()), team.start()])

  function phoneFor(scenario: Scenario): ResidentPhone {
    const phone = team.phone(scenario.speaker) ?? phones.get(numberShown(scenario))
    if (phone === undefined) throw new Error(`scenario ${scenario.id} was not started`)
    return phone
  }

  /** Says the message to the adviser's voicemail, as one does who got no answer. */
  function leaveMessage(scenario: Scenario, adviser: string): void {
    const part = messageOf(scenario)
    if (part === null) return
    let call: ResidentCall | null = null
    const { id, speaker } = scenario
    const resident = createResident({
      id,
      speaker,
      part,
      clips,
      clock,
      log,
      onEnded: () => void present.delete(resident),
    })
    present.set(resident, numberShown(scenario))
    call = phoneFor(scenario).call(
      `${voicemailUser}+${adviser}`,
      resident.join(() => call),
    )
  }

  return {
    async call(scenario) {
      const adviser = scenario.calls === 'adviser' ? (options.adviserAtDesk?.() ?? null) : null
      const called = scenario.calls === 'adviser' ? adviser : scenario.queueId
      if (called === null) return false
      let call: ResidentCall | null = null
      const resident = enter(scenario, numberShown(scenario), () => {
        if (adviser !== null) leaveMessage(scenario, adviser)
      })
      const from =
        scenario.passedOn === null
          ? null
          : ((await options.handOver?.(scenario.speaker, scenario.passedOn)) ?? null)
      const headers = [
        ...(scenario.autoAnswer ? [autoAnswerHeader(domain)] : []),
        ...(scenario.dialled === null ? [] : [`History-Info: <sip:${scenario.dialled}@${domain}>;index=1`]),
        ...(from === null ? [] : [`User-to-User: ${userToUserOf(from)}`]),
      ]
      call = phoneFor(scenario).call(
        called,
        resident.join(() => call),
        headers,
      )
      log.info('residents/call-began', { scenario: scenario.id })
      return true
    },

    views: () => [...present.keys()].map((resident) => resident.view()),
    colleagueViews: () => team.views(),
    async hangUp() {
      await Promise.all([...present.keys()].map((resident) => resident.hangUp()))
    },

    setCut(wanted) {
      cut = wanted
    },

    async stop() {
      await Promise.all([...[...phones.values()].map((phone) => phone.stop()), team.stop()])
    },
  }
}
