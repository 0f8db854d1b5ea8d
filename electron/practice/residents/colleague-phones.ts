import type { Cancel, Clock } from '#shared/kernel/clock.ts'
import type { Log } from '#shared/kernel/log.ts'
import { type Colleague, partOf } from '#shared/practice/colleagues.ts'
import type { Clips } from './clips.ts'
import { createResident, type Resident, type ResidentView } from './resident.ts'
import {
  type CallListener,
  createResidentPhone,
  type ResidentCall,
  type ResidentPhone,
} from './resident-phone.ts'
import type { Voicemail } from './voicemail.ts'

export interface ColleaguePhones {
  start(): Promise<void>
  phone(user: string): ResidentPhone | undefined
  /** Of colleagues in calls. */
  views(): ResidentView[]
  stop(): Promise<void>
}

export interface ColleaguePhonesOptions {
  readonly trunkUrl: string
  readonly domain: string
  readonly colleagues: readonly Colleague[]
  readonly clips: Clips
  readonly voicemail?: Voicemail
  readonly clock: Clock
  readonly log: Log
  isCut(): boolean
}

/** Time to say what is about to happen. */
const sendsOnAfterMs = 3000

/** The telephones inside the council; a team takes as many calls as come. */
export function startColleagues(options: ColleaguePhonesOptions): ColleaguePhones {
  const { trunkUrl, domain, colleagues, clips, voicemail, clock, log, isCut } = options
  const present = new Set<Resident>()

  function talk(colleague: Colleague, call: ResidentCall): CallListener {
    const resident = createResident({
      id: colleague.user,
      speaker: colleague.user,
      part: partOf(colleague),
      partFor: () => partOf(colleague, 'resident'),
      onHash: colleague.talk.onHash,
      clips,
      clock,
      log,
      onEnded: () => void present.delete(resident),
    })
    present.add(resident)
    const listener = resident.join(() => call)
    const { sendsOnTo } = colleague.talk
    if (sendsOnTo === undefined) return listener
    let cancel: Cancel = () => {}
    return {
      ...listener,
      onAnswered(by) {
        listener.onAnswered?.(by)
        cancel = clock.after(sendsOnAfterMs, () => void call.sendOn(sendsOnTo).catch(() => {}))
      },
      onEnded(status) {
        cancel()
        listener.onEnded?.(status)
      },
    }
  }

  function phoneOf(colleague: Colleague): ResidentPhone {
    const { user, name, answers } = colleague
    return createResidentPhone({
      trunkUrl,
      domain,
      number: null,
      user,
      displayName: name,
      declinesTransfers: answers.name === 'no-transfers',
      digitsByInfo: colleague.digitsByInfo ?? false,
      log,
      isCut,
      onCalled(call, accept, who) {
        if (answers.name === 'busy') return null
        if (answers.name === 'never') return {}
        if (answers.name === 'voicemail') {
          if (voicemail === undefined) return null
          setImmediate(() => void accept().catch(() => {}))
          return voicemail.take(call, who, clips)
        }
        const listener = talk(colleague, call)
        const cancelAnswer = clock.after(answers.ms, () => void accept().catch(() => {}))
        return {
          ...listener,
          onEnded() {
            cancelAnswer()
            listener.onEnded?.()
          },
        }
      },
    })
  }

  const phones = new Map(colleagues.map((colleague) => [colleague.user, phoneOf(colleague)]))
  return {
    async start() {
      await Promise.all([...phones.values()].map((phone) => phone.start()))
    },
    phone: (user) => phones.get(user),
    views: () => [...present].map((resident) => resident.view()),
    async stop() {
      await Promise.all([...phones.values()].map((phone) => phone.stop()))
    },
  }
}
