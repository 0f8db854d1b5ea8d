import type { Microphone, ReadinessProblem, Registration } from '../contract/phone.ts'
import { assertNever } from '../kernel/assert-never.ts'
import type { CheckState } from './readiness-check.ts'

/** Whether the council's backend answers; `unknown` until the records worker has said so once. */
export type CouncilReach = 'unknown' | 'reachable' | 'unreachable'

/** What Ready depends on. */
export interface ReadinessFacts {
  readonly registration: Registration
  readonly microphone: Microphone
  readonly council: CouncilReach
  /** Nobody is at the desk who has said who they are. */
  readonly locked?: boolean
  /** The check before the shift. */
  readonly check: CheckState
}

/** Reasons that hold at this very moment, whatever the check before the shift has found. */
export function liveProblems(facts: Omit<ReadinessFacts, 'check'>): ReadinessProblem[] {
  const problems = [registrationProblem(facts.registration), microphoneProblem(facts.microphone)]
  if (facts.council === 'unreachable') problems.push('council-unreachable')
  if (facts.locked) problems.push('desk-locked')
  return problems.filter((problem) => problem !== null)
}

/**
 * Every reason why a call could not be taken or spoken on just now. Empty is the only thing Ready may rest on. The
 * check is no reason of its own while something plainer is: it cannot turn out well before that has gone.
 */
export function readinessProblems(facts: ReadinessFacts): ReadinessProblem[] {
  const problems = liveProblems(facts)
  if (problems.length > 0 || facts.check === 'green') return problems
  return [facts.check === 'failed' ? 'check-failed' : 'check-running']
}

function registrationProblem(registration: Registration): ReadinessProblem | null {
  switch (registration.name) {
    case 'registered':
      return null
    case 'refused':
      return 'registration-refused'
    case 'waiting':
      return 'connection-lost'
    case 'connecting':
      // A retry is the same outage to the adviser, not a new problem at every turn.
      return registration.attempt > 0 ? 'connection-lost' : 'not-registered'
    case 'off':
      return 'not-registered'
    default:
      return assertNever(registration)
  }
}

function microphoneProblem(microphone: Microphone): ReadinessProblem | null {
  switch (microphone.name) {
    case 'live':
      return null
    case 'unknown':
      return 'microphone-unknown'
    case 'denied':
      return 'microphone-denied'
    case 'absent':
      return 'microphone-absent'
    case 'failed':
      return 'microphone-failed'
    default:
      return assertNever(microphone)
  }
}
