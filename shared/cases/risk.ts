import type { Draft } from '../contract/draft.ts'
import type { SyncState, Unreachable } from '../contract/records.ts'
import type { Alert, Operation, Resident } from '../contract/rest.ts'
import type { Random } from '../kernel/random.ts'
import { planSave } from './contact-work.ts'

/*
 * A risk to life: what the emergency operator is told, the timed log that nobody edits afterwards, and whether the
 * supervisors know. All of it belongs to a contact, and goes out with its own operations as it is written.
 */

/** What is known of the person, for the operator. Empty where nothing is known. */
export interface PersonAtRisk {
  /** Where they are now. */
  readonly place: string
  /** As it is dialled from the United Kingdom. */
  readonly number: string
  readonly name: string
  /** What they or the caller said, in short. */
  readonly said: string
  /** Still on the telephone with the adviser. */
  readonly onTheLine: boolean
}

/** The address of a record in one line, with what a crew needs to find it. */
export function addressInOneLine({ address }: Pick<Resident, 'address'>): string {
  return [address.line1, address.town, address.postcode].filter((line) => line !== '').join(', ')
}

/**
 * What to say to the operator, sentence by sentence. The operator's screen shows the address of the council's
 * telephones, so that is put right first.
 */
export function wordsForOperator(
  person: PersonAtRisk,
  from: { readonly council: string; readonly adviser: string },
): readonly string[] {
  const { place, number, name, said } = person
  return [
    `This is ${from.adviser === '' ? 'an adviser' : from.adviser} at the contact centre of ${from.council}.`,
    place === ''
      ? 'Disregard the number I am calling from: the person is somewhere else, and I do not have their address yet.'
      : `Disregard the number I am calling from: the person is at ${place}.`,
    number === ''
      ? 'I do not have their telephone number.'
      : `Their telephone number is ${number}.${place === '' ? ' Please try to trace it.' : ''}`,
    ...(name === '' ? [] : [`Their name is ${name}.`]),
    ...(said === '' ? [] : [`What I was told: ${said}`]),
    person.onTheLine
      ? 'I have them on another line and can ask them.'
      : 'I am not on the line with them now.',
  ]
}

const factWords = { place: 'Where', number: 'Number', name: 'Name', said: 'Told' } as const

/** What a line of the log can say of the person. */
export type RiskFact = keyof typeof factWords
export const riskFacts = Object.keys(factWords) as readonly RiskFact[]

/** A line that says where the person is, how to reach them, who they are or what they said. */
export const factLine = (fact: RiskFact, text: string): string => `${factWords[fact]}: ${text}`

/** Whether a line is of that kind. */
export const isFactLine = (text: string): boolean =>
  riskFacts.some((fact) => text.startsWith(factLine(fact, '')))

/** What the newest lines say of the person; null where no line does. */
export function factsIn(log: readonly { readonly text: string }[]): Record<RiskFact, string | null> {
  const newest = (fact: RiskFact) => {
    const begin = factLine(fact, '')
    return log.findLast(({ text }) => text.startsWith(begin))?.text.slice(begin.length) ?? null
  }
  return { place: newest('place'), number: newest('number'), name: newest('name'), said: newest('said') }
}

/** What happens in most of these calls, for one key each. */
export const usualEvents = [
  'Talking to the person',
  'The person has stopped answering',
  'Not breathing or unconscious',
  'Somebody there is violent',
  'The operator has the address',
  'Help is on its way',
  'Help is with the person',
] as const

export interface RiskContact {
  readonly draft: Draft
  /** The contact's case once the service has confirmed it: a line of the log waits for nothing else. */
  readonly caseId: string | null
}

type TimelineAppend = Extract<Operation, { kind: 'timeline.append' }>

/** One line of the log. `at` is ISO 8601, to the second it was written. */
export function riskLine(
  { draft, caseId }: RiskContact,
  text: string,
  at: string,
  random: Random,
): TimelineAppend {
  const { contactId, residentId } = draft
  return {
    kind: 'timeline.append',
    id: random.uuid(),
    at,
    entryId: random.uuid(),
    entry: { caseId, residentId, contactId, at, kind: 'risk', text },
  }
}

/** Makes the contact known to the service when its log begins. */
export function riskContactOperations(
  { draft, caseId }: RiskContact,
  at: string,
  random: Random,
): readonly Operation[] {
  return planSave({ draft: { ...draft, caseId }, guided: null, existing: null, at }, random).operations
}

/** Tells the supervisors, once for each contact: the alert has the contact's own id. */
export function raiseAlert(contactId: string, at: string, random: Random): Operation {
  return {
    kind: 'alert.raise',
    id: random.uuid(),
    at,
    alertId: contactId,
    alert: { kind: 'risk-to-life', contactId },
  }
}

/**
 *   not-asked ──alert.raise saved──▶ sending ──sent──▶ told ──a supervisor takes it up──▶ acknowledged
 *                                      └── not-yet (no network): tell them aloud
 */
export type Telling =
  | { readonly name: 'not-asked' }
  | { readonly name: 'sending' }
  | { readonly name: 'not-yet'; readonly reason: Unreachable }
  | { readonly name: 'told'; readonly to: readonly string[] }
  | { readonly name: 'acknowledged'; readonly by: string; readonly at: string }

/** Whether the supervisors know. `alert` is what the service last said of it, null before that. */
export function tellingOf(toldAt: number | null, alert: Alert | null, sync: SyncState | null): Telling {
  if (toldAt === null) return { name: 'not-asked' }
  if (alert !== null)
    return alert.acknowledgedBy === null || alert.acknowledgedAt === null
      ? { name: 'told', to: alert.toldTo }
      : { name: 'acknowledged', by: alert.acknowledgedBy, at: alert.acknowledgedAt }
  return sync?.name === 'behind' ? { name: 'not-yet', reason: sync.reason } : { name: 'sending' }
}
